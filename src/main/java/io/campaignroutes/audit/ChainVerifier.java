package io.campaignroutes.audit;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campaignroutes.shared.Hashes;
import java.io.IOException;

/**
 * Follows one chain line by line: each is one JSON object that names nothing twice, has the next
 * number, and carries the hash of the line before. The writer of the files, the console and {@code
 * audit verify} all judge by it.
 */
final class ChainVerifier {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private long seq;
  private String sha256;
  private JsonNode json;

  /** From the beginning of a chain. */
  ChainVerifier() {
    this(0, AuditText.ZEROS);
  }

  /** From behind a line that is known. */
  ChainVerifier(long seq, String sha256) {
    this.seq = seq;
    this.sha256 = sha256;
  }

  enum Kind {
    NO_OBJECT,
    OUT_OF_ORDER,
    NOT_LINKED
  }

  /**
   * Why a line does not go on from the one before.
   *
   * @param seq as the line says it, or as it should be; null when neither is known
   */
  record Finding(Kind kind, Long seq, String what, String expected, String found) {}

  /** Number of the newest line that is in its place, 0 before the first. */
  long seq() {
    return seq;
  }

  /** Hash of that line, hex. */
  String sha256() {
    return sha256;
  }

  /** That line; null before the first. */
  JsonNode json() {
    return json;
  }

  /**
   * Goes on to a line, given without its newline. Returns null, or a finding and stays where it is.
   */
  Finding next(byte[] line) {
    JsonNode read;
    try {
      read = read(line);
    } catch (IOException e) {
      return finding(
          Kind.NO_OBJECT,
          seq + 1,
          "the line is not JSON",
          "one JSON object",
          e.getMessage().lines().findFirst().orElse(""));
    }
    if (read == null || !read.isObject()) {
      return finding(
          Kind.NO_OBJECT, seq + 1, "the line is not a JSON object", "one JSON object", "another");
    }
    JsonNode said = read.path("seq");
    if (!said.isIntegralNumber() || !said.canConvertToLong() || said.longValue() != seq + 1) {
      return finding(
          Kind.OUT_OF_ORDER,
          said.isIntegralNumber() ? (Long) said.longValue() : null,
          "a line is missing, doubled, inserted or out of order",
          "seq " + (seq + 1),
          "seq " + (said.isMissingNode() ? "missing" : said.toString()));
    }
    String prev = read.path("prev").asText("missing");
    if (!prev.equals(sha256)) {
      return finding(
          Kind.NOT_LINKED,
          seq + 1,
          "the line was changed after it was written",
          "prev " + sha256,
          "prev " + prev);
    }
    seq++;
    sha256 = Hashes.sha256(line);
    json = read;
    return null;
  }

  /**
   * Reads one line.
   *
   * @return null for an empty one
   * @throws IOException when it is not JSON, or names something twice
   */
  static JsonNode read(byte[] line) throws IOException {
    return JSON.readTree(line);
  }

  private static Finding finding(Kind kind, Long seq, String what, String expected, String found) {
    return new Finding(kind, seq, what, expected, found);
  }
}
