package io.campaignroutes.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Changes the bytes of a JSON document. */
final class Texts {

  /**
   * What was made.
   *
   * @param broken whether it is sure that it is no JSON in UTF-8
   */
  record Changed(String kind, boolean broken, byte[] bytes) {}

  private Texts() {}

  /**
   * Changes a document.
   *
   * @param json an object or a list, without white space before and behind it
   * @param oneLine whether what comes of it is to have no line ends
   */
  static Changed change(String json, boolean oneLine, Random dice) {
    byte[] plain = utf8(json);
    Changed changed = drawn(json, plain, oneLine, dice);
    return Arrays.equals(plain, changed.bytes()) ? new Changed("as it was", false, plain) : changed;
  }

  private static Changed drawn(String json, byte[] plain, boolean oneLine, Random dice) {
    return switch (dice.nextInt(oneLine ? 11 : 17)) {
      case 0 -> broken("cut off", utf8(json.substring(0, 1 + dice.nextInt(json.length() - 1))));
      case 1 -> broken("a name twice", twice(json));
      case 2 -> broken("no number of JSON's", literal(json, dice));
      case 3 -> broken("comma too many", utf8(json.substring(0, json.length() - 1) + ",}"));
      case 4 -> broken("comment", utf8("/* c */" + json));
      case 5 ->
          broken(
              "more behind it",
              utf8(json + List.of("}", "]", "x", "{}", "\u0000").get(dice.nextInt(5))));
      case 6 -> broken("single quotes", utf8(json.replace('"', '\'')));
      case 7 -> broken("no UTF-8", inserted(plain, dice));
      case 8 -> broken("control character", inside(json, dice));
      case 9 -> flipped(plain, oneLine, dice);
      case 10 -> new Changed("white space around it", false, utf8(" \t" + json + "\t  "));
      case 11 -> recoded(json, dice);
      case 12 -> new Changed("byte order mark", false, utf8("\ufeff" + json));
      case 13 -> new Changed("gzip", true, gzip(plain));
      case 14 ->
          broken(
              "nothing", utf8(List.of("", " ", "\n\n", "\ufeff", "\u0000").get(dice.nextInt(5))));
      case 15 -> broken("noise", noise(dice));
      default ->
          broken(
              "latin letters",
              (json.replace("\":\"", "\":\"\u00fc")).getBytes(StandardCharsets.ISO_8859_1));
    };
  }

  private static Changed broken(String kind, byte[] bytes) {
    return new Changed(kind, true, bytes);
  }

  private static byte[] twice(String json) {
    int colon = json.indexOf(':');
    int name = json.indexOf('"');
    return utf8(
        colon < 0 || name < 0 || name > colon
            ? "{\"a\":1,\"a\":1}"
            : json.substring(0, name)
                + json.substring(name, colon)
                + ":null,"
                + json.substring(name));
  }

  private static byte[] literal(String json, Random dice) {
    String word =
        List.of(
                "NaN",
                "Infinity",
                "-Infinity",
                "+1",
                ".5",
                "1.",
                "0x10",
                "01",
                "1_000",
                "undefined",
                "True",
                "1e")
            .get(dice.nextInt(12));
    int colon = json.indexOf(':');
    return utf8(
        colon < 0
            ? word
            : json.substring(0, colon + 1) + word + ",\"x\":" + json.substring(colon + 1));
  }

  private static byte[] inside(String json, Random dice) {
    int quote = json.indexOf('"') + 1;
    return utf8(
        json.substring(0, quote)
            + (char) List.of(0, 1, 8, 9, 27, 31).get(dice.nextInt(6)).intValue()
            + json.substring(quote));
  }

  private static byte[] inserted(byte[] plain, Random dice) {
    byte[] bad = {
      (byte) List.of(0xff, 0xfe, 0xc0, 0x80, 0xed, 0xf8).get(dice.nextInt(6)).intValue()
    };
    int at = dice.nextInt(plain.length);
    var out = new ByteArrayOutputStream();
    out.write(plain, 0, at);
    out.writeBytes(bad);
    out.write(plain, at, plain.length - at);
    return out.toByteArray();
  }

  private static Changed flipped(byte[] plain, boolean oneLine, Random dice) {
    byte[] other = plain.clone();
    for (int n = 1 + dice.nextInt(4); n > 0; n--) {
      byte any = (byte) dice.nextInt(256);
      other[dice.nextInt(other.length)] =
          oneLine && (any == '\n' || any == '\r') ? (byte) '?' : any;
    }
    return new Changed("bytes changed", false, other);
  }

  private static Changed recoded(String json, Random dice) {
    Charset wide =
        List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                Charset.forName("UTF-32"))
            .get(dice.nextInt(4));
    return new Changed("UTF-16 or UTF-32", false, json.getBytes(wide));
  }

  private static byte[] noise(Random dice) {
    byte[] bytes = new byte[1 + dice.nextInt(400)];
    dice.nextBytes(bytes);
    bytes[0] = (byte) 0xff;
    return bytes;
  }

  static byte[] gzip(byte[] plain) {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
