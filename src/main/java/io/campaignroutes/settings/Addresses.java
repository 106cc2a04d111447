package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Addresses that the service calls, or is called at, in the one form that paths can follow. */
final class Addresses {
  private static final String EXAMPLE = "Write it like https://cxone.example.com.";
  private static final Pattern PRINTABLE_ASCII = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern SCHEME = Pattern.compile("(?i)https?://.*");
  private static final Pattern HOST =
      Pattern.compile(
          "(?i)(?=.{1,253}$)[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*\\.?");

  private Addresses() {}

  /**
   * Scheme and host in lower case, no slash at the end, no empty part in the path.
   *
   * @throws UnusableException when this is no http or https address, or has something that no path
   *     can follow
   */
  static String normal(String given) {
    String text = given.strip();
    if (!PRINTABLE_ASCII.matcher(text).matches()) {
      throw new UnusableException(
          "is "
              + Plain.quoted(text)
              + ", with a blank, a line break or a letter outside ASCII in it.",
          "Take it out; a host outside ASCII is written as punycode (xn--...).");
    }
    if (!SCHEME.matcher(text).matches()) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ", which does not begin with https:// or http://.", EXAMPLE);
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new UnusableException("is " + Plain.quoted(text) + ", which is no address.", EXAMPLE);
    }
    if (text.contains("#")) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ", with a fragment.", "Leave out # and what follows.");
    }
    if (text.contains("?")) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ", with a query.", "Leave out ? and what follows.");
    }
    return uri.getScheme().toLowerCase(Locale.ROOT)
        + "://"
        + authority(text, uri.getRawAuthority() == null ? "" : uri.getRawAuthority())
        + path(text, uri.getRawPath());
  }

  /**
   * The address as it was written, since others compare it letter by letter.
   *
   * @throws UnusableException as of {@link #normal}
   */
  static String asWritten(String given) {
    normal(given);
    return given.strip();
  }

  /** Whether this machine can listen there. */
  static boolean ofThisMachine(String address) {
    try {
      InetAddress found = InetAddress.getByName(address);
      return found.isAnyLocalAddress()
          || found.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(found) != null;
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }

  private static String authority(String text, String authority) {
    if (authority.contains("@")) {
      throw new UnusableException(
          "has a user name or password in it.", "Leave out everything before the @, and the @.");
    }
    int colon = authority.indexOf(':', authority.indexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String port = colon < 0 ? "" : authority.substring(colon + 1);
    if (!host.startsWith("[") && !HOST.matcher(host).matches()) {
      throw new UnusableException("is " + Plain.quoted(text) + ", which names no host.", EXAMPLE);
    }
    if (colon >= 0 && !isPort(port)) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ", with a port that is none.", "Ports go from 1 to 65535.");
    }
    return host.toLowerCase(Locale.ROOT) + (port.isEmpty() ? "" : ":" + port);
  }

  private static boolean isPort(String port) {
    return port.matches("[0-9]{1,5}")
        && Integer.parseInt(port) >= 1
        && Integer.parseInt(port) <= 65535;
  }

  private static String path(String text, String path) {
    String plain = path.replaceAll("/+", "/").replaceFirst("/$", "");
    if (plain.matches(".*/\\.\\.?(/.*)?") || plain.contains("%")) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ", with '..', '.' or '%' in its path.",
          "Write the path as CXone's own pages show it.");
    }
    return plain;
  }
}
