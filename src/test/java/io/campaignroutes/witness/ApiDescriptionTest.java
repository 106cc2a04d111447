package io.campaignroutes.witness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.campaignroutes.http.OpenApi;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The description of the HTTP API, as others' tools read it, and what it is good for. */
class ApiDescriptionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FILE = Path.of("config/openapi.yaml");
  private static final String OAS = "https://spec.openapis.org/oas/3.1/schema/2022-10-07";

  /** The schema of OpenAPI 3.1, with JSON Schema's own for the schemas in a description. */
  private static final String META =
      """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://campaign-routes.test/meta",
        "$ref": "%s",
        "properties": {"components": {"properties": {"schemas": {
          "additionalProperties": {"$ref": "https://json-schema.org/draft/2020-12/schema"}}}}}
      }
      """
          .formatted(OAS);

  private static JsonNode served() {
    return new OpenApi(Path.of("config")).document();
  }

  @Test
  void itIsValidByTheSpecificationsOwnSchema() throws IOException {
    String oas;
    try (InputStream in =
        getClass().getResourceAsStream("/spec.openapis.org/oas/3.1/schema/2022-10-07")) {
      oas = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    var meta =
        JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(OAS, oas))))
            .getSchema(META);
    assertThat(meta.validate(served())).isEmpty();
    assertThat(meta.validate(JSON.readTree("{\"openapi\": \"3.1.0\", \"paths\": {}}")))
        .as("the schema that was asked does refuse")
        .isNotEmpty();
  }

  @Test
  void anotherParserReadsTheAnswerAndTheFileWithoutAWord() throws IOException {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    for (SwaggerParseResult read :
        List.of(
            new OpenAPIV3Parser().readContents(served().toString(), List.of(), options),
            new OpenAPIV3Parser().readLocation(FILE.toString(), List.of(), options))) {
      assertThat(read.getMessages()).isEmpty();
      assertThat(read.getOpenAPI().getComponents().getSchemas().get("Destination").getRequired())
          .contains("on");
      assertThat(read.getOpenAPI().getPaths()).hasSameSizeAs(served().path("paths"));
    }
  }

  static Stream<Path> yamlFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("config", "routes", "src/main/resources")) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        all.filter(file -> file.toString().matches(".*\\.ya?ml")).forEach(files::add);
      }
    }
    return files.stream();
  }

  /** YAML 1.1, which many tools still read, takes on, off, yes, no, y and n for booleans. */
  @ParameterizedTest
  @MethodSource("yamlFiles")
  void noWordOfOurYamlIsABooleanToOthers(Path file) throws IOException {
    List<String> words = new ArrayList<>();
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    for (Node document : yaml.composeAll(Files.newBufferedReader(file))) {
      words(document, words);
    }
    assertThat(words).isEmpty();
  }

  private static final Pattern WORD = Pattern.compile("(?i)y|n|yes|no|on|off");

  private static void words(Node node, List<String> words) {
    if (node instanceof ScalarNode scalar
        && scalar.isPlain()
        && WORD.matcher(scalar.getValue()).matches()) {
      words.add(scalar.getValue() + scalar.getStartMark());
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(one -> words(one, words));
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (!entry.getKeyNode().getTag().equals(Tag.STR)
            && !entry.getKeyNode().getTag().equals(Tag.INT)) {
          words.add("key " + entry.getKeyNode().getStartMark());
        }
        words(entry.getKeyNode(), words);
        words(entry.getValueNode(), words);
      }
    }
  }

  @Test
  void everyExampleIsAllowedByItsSchema() {
    assertThat(new ApiDescription().faultyExamples()).isEmpty();
  }

  @Test
  void itsServerIsWhereItWasReadFrom() {
    assertThat(served().path("servers").findValuesAsText("url")).containsExactly(".");
  }

  @Test
  void everyOperationTellsWhatAnyRequestCanBeAnswered() {
    Set<String> without = new TreeSet<>();
    served()
        .path("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(
                        method -> {
                          JsonNode responses = method.getValue().path("responses");
                          if (!method.getKey().equals("parameters") && !responses.has("default")) {
                            without.add(method.getKey() + " " + path.getKey());
                          }
                        }));
    assertThat(without).isEmpty();
  }
}
