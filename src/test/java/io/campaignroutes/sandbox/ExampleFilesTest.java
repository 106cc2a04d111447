package io.campaignroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExampleFilesTest {

  private static final Path CONFIG = Path.of("config");

  @Test
  void everyExampleIsACampaignRequestWithANameAndAKeyOfItsOwn() throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(CONFIG.resolve("campaign-request.schema.json")));
    Set<String> names = new HashSet<>();
    Set<String> keys = new HashSet<>();
    List<JsonNode> requests = requests();
    assertThat(requests).hasSizeGreaterThanOrEqualTo(4);
    for (JsonNode request : requests) {
      assertThat(schema.validate(request)).isEmpty();
      assertThat(names.add(request.get("name").asText())).isTrue();
      assertThat(keys.add(request.get("externalId").asText())).isTrue();
    }
  }

  @Test
  void theContactsThatAnExampleNamesLieBesideIt() throws IOException {
    try (var files = Files.walk(CONFIG.resolve("examples"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        JsonNode contacts = SandboxJson.MAPPER.readTree(file.toFile()).at("/contacts/file");
        if (contacts.isTextual()) {
          assertThat(file.resolveSibling(contacts.asText())).isRegularFile();
        }
      }
    }
  }

  private static List<JsonNode> requests() throws IOException {
    List<JsonNode> requests = new ArrayList<>();
    try (var files = Files.walk(CONFIG.resolve("examples"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().endsWith(".ndjson")) {
          for (String line : Files.readAllLines(file)) {
            requests.add(SandboxJson.MAPPER.readTree(line));
          }
        } else if (file.toString().endsWith(".json")) {
          requests.add(SandboxJson.MAPPER.readTree(file.toFile()));
        }
      }
    }
    return requests;
  }
}
