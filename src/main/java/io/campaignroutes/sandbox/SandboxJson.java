package io.campaignroutes.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * JSON as the sandbox reads and writes it. It has a mapper of its own, so that the way the service
 * sets up JSON for itself never changes how the sandbox answers.
 */
public final class SandboxJson {

  /** Reads and writes it. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** For what comes from outside: a tree is many times as large as its text. */
  private static final JsonMapper REQUESTS =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(10_000).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private SandboxJson() {}

  /** Reads what comes from outside. */
  public static JsonNode read(byte[] body) throws IOException {
    return REQUESTS.readTree(body);
  }

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Reads a request body that has to be one JSON object. */
  public static ObjectNode readObject(byte[] body) {
    try {
      JsonNode node = read(body == null ? new byte[0] : body);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new SandboxException(400, "MALFORMED_JSON", "The body is not JSON: " + firstLine(e));
    }
    throw new SandboxException(400, "MALFORMED_JSON", "The body must be one JSON object.");
  }

  /** A value as text in UTF-8. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An answer of a controller. */
  public static ResponseEntity<byte[]> answer(int status, Object body) {
    return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).body(bytes(body));
  }

  private static String firstLine(IOException e) {
    String message = e instanceof JsonProcessingException j ? j.getOriginalMessage() : "unreadable";
    return message.lines().findFirst().orElse("unreadable");
  }
}
