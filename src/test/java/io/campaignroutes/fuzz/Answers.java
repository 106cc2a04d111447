package io.campaignroutes.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.sandbox.StubFault.Said;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What CXone might answer, made of what it answers. */
public final class Answers {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> TYPES =
      List.of(
          "text/html",
          "text/plain; charset=utf-16",
          "application/xml",
          "application/octet-stream",
          "application/json;charset=utf-16",
          "application/problem+json",
          "multipart/mixed; boundary=x",
          "x",
          "application/json; charset=\"",
          "image/png");

  private static final List<Integer> STATUSES =
      List.of(
          200, 201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 304, 307, 400, 402, 403,
          405, 406, 408, 409, 410, 411, 413, 415, 418, 422, 423, 425, 426, 428, 451, 499, 500, 501,
          502, 504, 505, 507, 511, 599);

  private Answers() {}

  /** An answer, and what is odd about it. */
  public record Altered(String kind, Said said) {}

  /** Makes an odd answer of a right one. */
  public static Altered of(Said right, Random dice) {
    String text = new String(right.body(), StandardCharsets.UTF_8);
    boolean document = text.startsWith("{") || text.startsWith("[");
    switch (dice.nextInt(10)) {
      case 0 -> {
        int status = STATUSES.get(dice.nextInt(STATUSES.size()));
        byte[] body = dice.nextBoolean() ? right.body() : new byte[0];
        return new Altered("another status", new Said(status, right.type(), body));
      }
      case 1 -> {
        String type = dice.nextInt(4) == 0 ? null : TYPES.get(dice.nextInt(TYPES.size()));
        return new Altered("another content type", new Said(right.status(), type, right.body()));
      }
      case 2 -> {
        String page =
            "<html><body>Maintenance" + " .".repeat(dice.nextInt(20_000)) + "</body></html>";
        return new Altered("a page", new Said(right.status(), "text/html", Texts.utf8(page)));
      }
      case 3, 4, 5 -> {
        Texts.Changed changed = Texts.change(document ? text : "{\"a\":1}", false, dice);
        return new Altered(changed.kind(), new Said(right.status(), right.type(), changed.bytes()));
      }
      default -> {
        JsonNode tree = tree(document ? text : "{\"a\":1}");
        String kind = Trees.change(tree, dice);
        return new Altered(
            kind, new Said(right.status(), right.type(), Texts.utf8(tree.toString())));
      }
    }
  }

  private static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
