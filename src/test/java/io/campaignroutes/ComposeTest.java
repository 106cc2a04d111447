package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Holds the Compose file, and what it mounts, to the service and to each other. */
class ComposeTest {
  private static final Path FOLDER = Path.of("src", "main", "compose");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode yaml(Path file) throws IOException {
    return JSON.valueToTree(new Yaml().load(Files.readString(file)));
  }

  private static JsonNode service(String name) throws IOException {
    JsonNode service = yaml(FOLDER.resolve("compose.yaml")).path("services").path(name);
    assertThat(service.isObject()).as(name).isTrue();
    return service;
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  @Test
  void itsVariablesAreThoseOfTheService() throws Exception {
    Set<String> variables = new TreeSet<>();
    service("campaign-routes")
        .path("environment")
        .fieldNames()
        .forEachRemaining(name -> variables.add(name.replaceFirst("_FILE$", "")));
    assertThat(variables).contains("CXONE_BASE_URL", "CXONE_CLIENT_SECRET", "API_KEY");
    assertThat(VariablesOfTheService.all()).containsAll(variables);
  }

  @Test
  void everythingIsOfAVersionThatIsSaid() throws Exception {
    for (JsonNode service : yaml(FOLDER.resolve("compose.yaml")).path("services")) {
      assertThat(service.path("image").asText()).matches("[a-z/-]+:v?\\d+\\.\\d+(\\.\\d+)?");
    }
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains(
            "<version>" + service("campaign-routes").path("image").asText().split(":")[1] + "<");
  }

  @Test
  void everyFileThatIsMountedIsThereAndEverySecretAndVolumeIsDeclared() throws Exception {
    JsonNode whole = yaml(FOLDER.resolve("compose.yaml"));
    for (JsonNode service : whole.path("services")) {
      for (String volume : words(service.path("volumes"))) {
        String source = volume.split(":")[0];
        if (source.startsWith(".")) {
          assertThat(FOLDER.resolve(source).normalize()).exists();
          assertThat(volume).endsWith(":ro");
        } else {
          assertThat(whole.path("volumes").has(source)).as(volume).isTrue();
        }
      }
      words(service.path("secrets"))
          .forEach(secret -> assertThat(whole.path("secrets").has(secret)).as(secret).isTrue());
      words(service.path("networks"))
          .forEach(network -> assertThat(whole.path("networks").has(network)).isTrue());
      for (String port : words(service.path("ports"))) {
        assertThat(port).startsWith("127.0.0.1:");
      }
    }
    JsonNode variables = service("campaign-routes").path("environment");
    Set<String> secrets = new TreeSet<>(words(service("campaign-routes").path("secrets")));
    variables
        .properties()
        .forEach(
            variable -> {
              if (variable.getValue().asText().startsWith("/run/secrets/")) {
                assertThat(secrets).contains(variable.getValue().asText().substring(13));
              }
            });
  }

  @Test
  void itRunsAsTheManifestsOfKubernetesRunIt() throws Exception {
    JsonNode service = service("campaign-routes");
    assertThat(service.path("read_only").asBoolean()).isTrue();
    assertThat(words(service.path("cap_drop"))).containsExactly("ALL");
    assertThat(words(service.path("security_opt"))).containsExactly("no-new-privileges:true");
    assertThat(words(service.path("tmpfs"))).singleElement().asString().startsWith("/tmp:");
    assertThat(words(service.path("volumes"))).contains("data:/var/lib/campaign-routes");
    JsonNode set =
        yaml(Path.of("src", "main", "k8s", "base", "statefulset.yaml")).at("/spec/template/spec");
    assertThat(service.path("mem_limit").asText() + "i")
        .isEqualToIgnoringCase(set.at("/containers/0/resources/limits/memory").asText());
    assertThat(service.path("stop_grace_period").asText())
        .isEqualTo(set.path("terminationGracePeriodSeconds").asText() + "s");
  }

  @Test
  void theStoreThatItNamesIsTheOneThatIsMade() throws Exception {
    JsonNode service = service("campaign-routes").path("environment");
    JsonNode database = service("postgresql").path("environment");
    assertThat(service.path("SPRING_DATASOURCE_URL").asText())
        .isEqualTo("jdbc:postgresql://postgresql/" + database.path("POSTGRES_DB").asText());
    assertThat(service.path("SPRING_DATASOURCE_USERNAME"))
        .isEqualTo(database.path("POSTGRES_USER"));
    assertThat(service.path("SPRING_DATASOURCE_PASSWORD_FILE"))
        .isEqualTo(database.path("POSTGRES_PASSWORD_FILE"));
  }

  @Test
  void prometheusScrapesAsTheExampleDoesAndGrafanaAsksIt() throws Exception {
    JsonNode here = yaml(FOLDER.resolve("prometheus.yaml"));
    String port = service("campaign-routes").at("/environment/MANAGEMENT_PORT").asText();
    assertThat(here.toString().replace("campaign-routes:" + port, "localhost:8080"))
        .isEqualTo(yaml(Path.of("config", "prometheus", "prometheus.yaml")).toString());
    JsonNode source = yaml(FOLDER.resolve("grafana/datasources.yaml")).at("/datasources/0");
    assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
    assertThat(source.path("type").asText()).isEqualTo("prometheus");
    String boards =
        yaml(FOLDER.resolve("grafana/dashboards.yaml")).at("/providers/0/options/path").asText();
    assertThat(words(service("grafana").path("volumes")))
        .contains("../../../config/grafana:" + boards + ":ro");
  }

  @Test
  void theExampleOfVariablesHasThoseThatTheFileAsksFor() throws Exception {
    String example = Files.readString(FOLDER.resolve("example.env"));
    var asked =
        Pattern.compile("\\$\\{([A-Z_]+)")
            .matcher(Files.readString(FOLDER.resolve("compose.yaml")));
    while (asked.find()) {
      assertThat(example).contains(asked.group(1) + "=");
    }
  }
}
