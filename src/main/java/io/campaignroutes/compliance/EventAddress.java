package io.campaignroutes.compliance;

import io.campaignroutes.shared.PublicAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an address may receive a campaign's events, judged by its text alone. No name is looked
 * up: a host name that leads to a private network passes here and is refused by the guard that
 * looks at the resolved address when the connection is made.
 */
public final class EventAddress {
  private static final Pattern PRINTABLE_ASCII = Pattern.compile("[\\x21-\\x7e&&[^\\\\]]+");
  private static final Pattern ILLEGAL = Pattern.compile("[\"<>^`{}]");
  private static final Pattern BAD_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?" + "(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");

  private EventAddress() {}

  /**
   * What is wrong with the address, as the end of a sentence that begins with the field's name.
   *
   * @param url absolute http or https address; literal IPv4 addresses are understood in all forms
   *     that a resolver would take: decimal, octal, hexadecimal and with fewer than four parts
   * @return empty when nothing is wrong
   */
  public static Optional<String> problem(String url, boolean allowPrivate) {
    if (!PRINTABLE_ASCII.matcher(url).matches()) {
      return Optional.of(
          "has a space, a control character, a backslash or a letter outside ASCII. Percent-encode"
              + " them, and write the host as punycode.");
    }
    if (url.contains("#")) {
      return Optional.of(
          "has a fragment (what begins with #), which is never sent. Leave it out, or write %23 for"
              + " a # that is meant.");
    }
    URI uri;
    try {
      uri = new URI(url.replace("|", "%7C")); // in use in signed addresses, and sent as it is
    } catch (URISyntaxException e) {
      return Optional.of(syntaxProblem(url));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return Optional.of("must begin with https:// or http://. No other scheme is called.");
    }
    if (uri.getRawFragment() != null) {
      return Optional.of("has a fragment, which is never sent. Leave out # and what follows.");
    }
    String authority = uri.getRawAuthority();
    if (authority == null || authority.isEmpty()) {
      return Optional.of("names no host. Write it like https://example.com/events.");
    }
    if (authority.contains("@")) {
      return Optional.of(
          "must not carry a user name or password. Leave out everything before the @.");
    }
    return authorityProblem(authority.toLowerCase(Locale.ROOT), allowPrivate);
  }

  private static String syntaxProblem(String url) {
    Matcher illegal = ILLEGAL.matcher(url);
    if (illegal.find()) {
      return "has the character %s, which no address may have. Write it as %%%02X."
          .formatted(illegal.group(), (int) illegal.group().charAt(0));
    }
    return BAD_PERCENT.matcher(url).find()
        ? "has a % without two hexadecimal digits behind it. Write %25 for a percent sign."
        : "is not an address (URL). Write it like https://example.com/events.";
  }

  private static Optional<String> authorityProblem(String authority, boolean allowPrivate) {
    int colon = authority.indexOf(':', authority.indexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    if (colon >= 0 && !isPort(authority.substring(colon + 1))) {
      return Optional.of("has a port that is not valid. Ports go from 1 to 65535.");
    }
    return hostProblem(host, allowPrivate);
  }

  private static Optional<String> hostProblem(String host, boolean allowPrivate) {
    if (host.startsWith("[")) {
      return literalProblem(ipv6(host), allowPrivate);
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (!HOST.matcher(name).matches()) {
      return Optional.of(
          "has a host that is not a valid host name. Use letters, digits, hyphens and dots.");
    }
    if (NUMBER.matcher(name.substring(name.lastIndexOf('.') + 1)).matches()) {
      return literalProblem(ipv4(name, 8), allowPrivate)
          .or(() -> decimalProblem(ipv4(name, 10), allowPrivate));
    }
    if (!allowPrivate && (name.equals("localhost") || name.endsWith(".localhost"))) {
      return Optional.of(notPublic());
    }
    return Optional.empty();
  }

  private static Optional<String> literalProblem(
      Optional<InetAddress> address, boolean allowPrivate) {
    if (address.isEmpty()) {
      return Optional.of(
          "has a host that looks like an IP address but is not a valid one. Correct it.");
    }
    return allowPrivate || PublicAddress.isPublic(address.get())
        ? Optional.empty()
        : Optional.of(notPublic());
  }

  /** Some resolvers read a leading 0 as decimal: the address has to be public in that way too. */
  private static Optional<String> decimalProblem(
      Optional<InetAddress> address, boolean allowPrivate) {
    return address.isEmpty() ? Optional.empty() : literalProblem(address, allowPrivate);
  }

  private static String notPublic() {
    return "points to a loopback, private, link-local or reserved network. Use a public host; for"
        + " trials at home ALLOW_PRIVATE_DESTINATIONS=true lifts this.";
  }

  private static boolean isPort(String port) {
    return port.matches("[0-9]{1,5}")
        && Integer.parseInt(port) >= 1
        && Integer.parseInt(port) <= 65535;
  }

  /** A literal in brackets; never looked up, because a colon makes it a literal. */
  private static Optional<InetAddress> ipv6(String host) {
    if (!host.endsWith("]") || !IPV6.matcher(host.substring(1, host.length() - 1)).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** One to four numbers; the last one fills all bytes that the others leave. */
  private static Optional<InetAddress> ipv4(String host, int radixOfLeadingZero) {
    String[] parts = host.split("\\.", -1);
    if (parts.length > 4) {
      return Optional.empty();
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      Optional<Long> number = number(parts[i], radixOfLeadingZero);
      int bytes = i < parts.length - 1 ? 1 : 4 - i;
      if (number.isEmpty() || number.get() >= 1L << (8 * bytes)) {
        return Optional.empty();
      }
      address = address << (8 * bytes) | number.get();
    }
    byte[] bytes = {
      (byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address
    };
    try {
      return Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are always an address", e);
    }
  }

  /** A number as resolvers read it: 0x is hexadecimal, a leading 0 octal for most of them. */
  private static Optional<Long> number(String part, int radixOfLeadingZero) {
    if (!NUMBER.matcher(part).matches() || part.length() > 20) {
      return Optional.empty();
    }
    try {
      if (part.startsWith("0x")) {
        return Optional.of(part.length() == 2 ? 0L : Long.parseLong(part.substring(2), 16));
      }
      return Optional.of(Long.parseLong(part, part.startsWith("0") ? radixOfLeadingZero : 10));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
