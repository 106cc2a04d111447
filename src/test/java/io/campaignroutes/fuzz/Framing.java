package io.campaignroutes.fuzz;

import io.campaignroutes.fuzz.Requests.Draft;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Requests that are framed as HTTP has it not, or hardly. */
final class Framing {

  /** Such a request, and what is odd about it. */
  record Framed(String kind, byte[] bytes) {}

  private Framing() {}

  static Framed any(Draft draft, Random dice) {
    draft.framed = false;
    int what = dice.nextInt(14);
    return what < 4
        ? lengths(draft, what, dice)
        : what < 10 ? chunks(draft, what, dice) : heads(draft, what, dice);
  }

  private static Framed lengths(Draft draft, int what, Random dice) {
    int length = draft.body.length;
    switch (what) {
      case 0 -> {
        draft.headers.add("Content-Length: " + (length + 1 + dice.nextInt(1_000)));
        return new Framed("body cut off", draft.bytes(true));
      }
      case 1 -> {
        draft.headers.add("Content-Length: " + Math.max(0, length - 1 - dice.nextInt(20)));
        return new Framed("body longer than said", draft.bytes(true));
      }
      case 2 -> {
        draft.headers.add(
            "Content-Length: "
                + List.of(
                        "-1", "abc", "", "1 1", "1,1", "+5", "0x10", "99999999999", "9".repeat(30))
                    .get(dice.nextInt(9)));
        return new Framed("length is no number", draft.bytes(true));
      }
      default -> {
        draft.headers.add("Content-Length: " + length);
        draft.headers.add("Content-Length: " + (dice.nextBoolean() ? length : length + 1));
        return new Framed("two lengths", draft.bytes(true));
      }
    }
  }

  private static Framed chunks(Draft draft, int what, Random dice) {
    switch (what) {
      case 4 -> {
        draft.headers.add("Content-Length: " + draft.body.length);
        draft.headers.add("Transfer-Encoding: chunked");
        draft.body = chunked(draft.body, "", dice);
        return new Framed("length and chunks", draft.bytes(true));
      }
      case 5 -> {
        draft.headers.add(
            "Transfer-Encoding: "
                + List.of(
                        "gzip",
                        "identity",
                        "chunked, chunked",
                        "x",
                        "",
                        "chunked\u000b",
                        "gzip, chunked")
                    .get(dice.nextInt(7)));
        draft.body = chunked(draft.body, "", dice);
        return new Framed("unknown transfer encoding", draft.bytes(true));
      }
      case 6 -> {
        draft.headers.add("Transfer-Encoding: chunked");
        draft.body = chunked(draft.body, "", dice);
        return new Framed("chunks", draft.bytes(true));
      }
      case 7 -> {
        draft.headers.add("Transfer-Encoding: chunked");
        draft.body =
            chunked(
                draft.body,
                List.of(";a=b", ";" + "x".repeat(9_000), ";\"", " ", "\t;q").get(dice.nextInt(5)),
                dice);
        return new Framed("chunks with extensions", draft.bytes(true));
      }
      case 8 -> {
        draft.headers.add("Transfer-Encoding: chunked");
        draft.body =
            List.of(
                    "zz\r\nabc\r\n0\r\n\r\n",
                    "5\r\nab",
                    "-1\r\n\r\n",
                    "ffffffffffffffff1\r\na",
                    "1\ra\n0\r\n\r\n",
                    "5 5\r\nabcde\r\n0\r\n\r\n",
                    "3\r\nabcd\r\n0\r\n\r\n")
                .get(dice.nextInt(7))
                .getBytes(StandardCharsets.ISO_8859_1);
        return new Framed("chunks that are none", draft.bytes(true));
      }
      default -> {
        draft.headers.add("Transfer-Encoding: chunked");
        byte[] body = chunked(draft.body, "", dice);
        byte[] open = Arrays.copyOf(body, body.length - 2);
        String trailer =
            List.of("Content-Length: 5", "X: " + "y".repeat(20_000), "a b", ": x", "Host: evil")
                .get(dice.nextInt(5));
        draft.body = joined(open, (trailer + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return new Framed("odd trailer", draft.bytes(true));
      }
    }
  }

  private static Framed heads(Draft draft, int what, Random dice) {
    switch (what) {
      case 10 -> {
        draft.framed = true;
        String version =
            List.of(
                    "HTTP/1.0",
                    "HTTP/0.9",
                    "HTTP/2.0",
                    "HTTP/1.2",
                    "HTTP/9999",
                    "http/1.1",
                    "HTP/1.1",
                    "")
                .get(dice.nextInt(8));
        return new Framed("version", replaced(draft.bytes(true), "HTTP/1.1", version));
      }
      case 11 -> {
        draft.framed = true;
        return new Framed("bare line feeds", replaced(draft.bytes(true), "\r\n", "\n"));
      }
      case 12 -> {
        draft.framed = true;
        byte[] all = draft.bytes(true);
        return new Framed("request cut off", Arrays.copyOf(all, 1 + dice.nextInt(all.length - 1)));
      }
      default -> {
        return new Framed("no HTTP", noHttp(dice));
      }
    }
  }

  private static byte[] noHttp(Random dice) {
    byte[] noise = new byte[1 + dice.nextInt(500)];
    dice.nextBytes(noise);
    return switch (dice.nextInt(5)) {
      case 0 -> noise;
      case 1 -> joined(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}, noise);
      case 2 -> "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      case 3 -> "\r\n\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      default ->
          "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII);
    };
  }

  private static byte[] chunked(byte[] body, String extension, Random dice) {
    var out = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; ) {
      int length = Math.min(body.length - from, 1 + dice.nextInt(8_192));
      out.writeBytes(
          (Integer.toHexString(length) + extension + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(body, from, length);
      out.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
      from += length;
    }
    out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  private static byte[] replaced(byte[] bytes, String what, String by) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace(what, by).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
