package io.campaignroutes.witness;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An answer of the service, with what it answers.
 *
 * @param method null where the request was answered before its first lines were read
 * @param target the request's target as it was sent, null with the method
 * @param headers the answer's, by their names in lower case
 * @param body what there was of it, as it was sent
 * @param whole whether that is all of it
 */
record Exchange(
    String method,
    String target,
    int status,
    Map<String, List<String>> headers,
    byte[] body,
    boolean whole) {

  String path() {
    return target == null ? "" : target.replaceAll("[?#].*", "");
  }

  String header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null ? null : values.get(0);
  }

  /** Without its parameters; empty where there is none. */
  String contentType() {
    String type = header("content-type");
    return type == null ? "" : type.replaceAll(";.*", "").strip().toLowerCase(Locale.ROOT);
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    String text = text();
    return "%s %s -> %d %s %s"
        .formatted(
            method,
            target,
            status,
            contentType(),
            text.length() > 600 ? text.substring(0, 600) + " ..." : text);
  }
}
