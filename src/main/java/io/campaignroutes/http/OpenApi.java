package io.campaignroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The description of the HTTP API: {@code config/openapi.yaml} with the request's schema, the one
 * that requests are checked by, put into it.
 */
@Component
public class OpenApi {
  private final JsonNode document;

  /**
   * @throws IllegalStateException when one of the two files cannot be read
   */
  public OpenApi(@Value("${campaign-routes.config-dir:config}") Path config) {
    try {
      ObjectNode openApi =
          (ObjectNode)
              new ObjectMapper(new YAMLFactory()).readTree(config.resolve("openapi.yaml").toFile());
      JsonNode schema =
          Json.STRICT.readTree(config.resolve("campaign-request.schema.json").toFile());
      ((ObjectNode) openApi.withObject("/components/schemas")).set("CampaignRequest", schema);
      this.document = openApi;
    } catch (IOException e) {
      throw new IllegalStateException(
          "The description of the HTTP API in " + config + " cannot be read: " + e.getMessage(), e);
    }
  }

  public JsonNode document() {
    return document;
  }
}
