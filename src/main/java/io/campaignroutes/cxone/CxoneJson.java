package io.campaignroutes.cxone;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The bodies that CXone sends and is sent. */
final class CxoneJson {
  /**
   * A pool of 30,000 agents has as many names and values; a tree of them has 40 MB. None nests
   * deeper than this, and what is read here has to be written as a part of more.
   */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxTokenCount(400_000)
                      .maxNestingDepth(100)
                      .build())
              .build());

  private CxoneJson() {}

  /**
   * Reads an answer; an empty object where there is nothing.
   *
   * @throws com.fasterxml.jackson.core.exc.StreamConstraintsException when it is larger, or nested
   *     deeper, than any that was asked for
   * @throws JsonProcessingException when it is not JSON
   */
  static JsonNode read(byte[] body) throws JsonProcessingException {
    try {
      JsonNode read = MAPPER.readTree(body);
      return read.isMissingNode() ? MAPPER.createObjectNode() : read;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(JsonNode body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
