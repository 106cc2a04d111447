package io.campaignroutes.witness;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

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

  /** The body, unpacked; as much of it as there is. */
  String text() {
    if (!"gzip".equals(header("content-encoding"))) {
      return new String(body, StandardCharsets.UTF_8);
    }
    var text = new ByteArrayOutputStream();
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      in.transferTo(text);
    } catch (EOFException e) {
      // cut off
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(StandardCharsets.UTF_8);
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
