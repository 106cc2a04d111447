package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/** Lists of addresses and networks. */
public final class Networks {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})(?:/\\d{1,2})?");
  private static final Pattern IPV6 =
      Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:/\\d{1,3})?");

  private Networks() {}

  /**
   * Reads a list.
   *
   * @param addresses single ones, or networks such as {@code 10.0.0.0/8}, commas between them;
   *     empty for none
   * @throws UnusableException when one of them is neither
   */
  public static List<IpAddressMatcher> read(String addresses) {
    return Arrays.stream(addresses.split(","))
        .map(String::strip)
        .filter(address -> !address.isEmpty())
        .map(Networks::matcher)
        .toList();
  }

  private static IpAddressMatcher matcher(String address) {
    if (IPV4.matcher(address).matches() || IPV6.matcher(address).matches()) {
      try {
        return new IpAddressMatcher(address);
      } catch (IllegalArgumentException e) {
        throw wrong(address);
      }
    }
    throw wrong(address);
  }

  private static UnusableException wrong(String address) {
    return new UnusableException(
        "has " + Plain.quoted(address) + ", which is not an IP address or a network.",
        "Separate several by commas, such as 10.0.0.7,192.168.0.0/16.");
  }
}
