package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;
import org.yaml.snakeyaml.Yaml;

/**
 * Holds the manifests to the models that Kubernetes' own description of its API (1.33) is made
 * into, which refuse what it does not have, and to the service: ports, probes, variables, secrets,
 * times and the image's user. What Kustomize makes of them is held to both where {@code kubectl} is
 * installed.
 */
class KubernetesManifestsTest {
  private static final Path BASE = Path.of("src", "main", "k8s", "base");
  private static final Path POSTGRESQL = Path.of("src", "main", "k8s", "overlays", "postgresql");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a document strictly. */
  private interface Model {
    Object read(String json) throws IOException;
  }

  private static final Map<String, Model> MODELS =
      Map.of(
          "v1 ConfigMap", V1ConfigMap::fromJson,
          "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::fromJson,
          "v1 Service", V1Service::fromJson,
          "v1 ServiceAccount", V1ServiceAccount::fromJson,
          "apps/v1 StatefulSet", V1StatefulSet::fromJson,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::fromJson,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::fromJson,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::fromJson);

  @TempDir private Path temp;

  private static List<JsonNode> documents(String yaml) {
    List<JsonNode> documents = new ArrayList<>();
    for (Object document : new Yaml().loadAll(yaml)) {
      documents.add(JSON.valueToTree(document));
    }
    return documents;
  }

  private static JsonNode document(Path file) throws IOException {
    return documents(Files.readString(file)).get(0);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static void valid(JsonNode document) throws IOException {
    String what = document.path("apiVersion").asText() + " " + document.path("kind").asText();
    assertThat(MODELS).as("what is read strictly").containsKey(what);
    assertThat(MODELS.get(what).read(document.toString())).as(what).isNotNull();
  }

  /** What Kustomize makes of a folder; the test is left out where there is none. */
  private List<JsonNode> built(Path folder) throws Exception {
    String version = said("kubectl", "version", "--client");
    boolean there = version.matches("(?s).*Kustomize Version: v[5-9].*");
    if (!there) {
      System.err.println("NOT TESTED: what Kustomize makes of " + folder + "; no kubectl with it.");
    }
    assumeTrue(there, "kubectl with Kustomize 5 or later is not installed");
    return documents(said("kubectl", "kustomize", folder.toString()));
  }

  private String said(String... command) throws Exception {
    Path out = temp.resolve("out");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      return ""; // it is not installed
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    return Files.readString(out);
  }

  private static JsonNode one(List<JsonNode> documents, String kind) {
    return documents.stream()
        .filter(document -> document.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyManifestIsWhatKubernetesTakes() throws Exception {
    for (Path folder : List.of(BASE, POSTGRESQL)) {
      for (Path file : files(folder)) {
        JsonNode document = document(file);
        String kind = document.path("kind").asText();
        boolean patch = folder.equals(POSTGRESQL) && Files.exists(BASE.resolve(file.getFileName()));
        if (!kind.equals("Kustomization") && !patch) {
          valid(document);
        }
      }
    }
  }

  @Test
  void everyManifestIsUsed() throws Exception {
    for (Path folder : List.of(BASE, POSTGRESQL)) {
      String kustomization = Files.readString(folder.resolve("kustomization.yaml"));
      for (Path file : files(folder)) {
        if (!file.endsWith("kustomization.yaml")) {
          assertThat(kustomization).contains(file.getFileName().toString());
        }
      }
    }
  }

  @Test
  void whatKubernetesDoesNotKnowIsFound() throws Exception {
    JsonNode set = document(BASE.resolve("statefulset.yaml"));
    for (String place :
        List.of(
            "/spec",
            "/spec/template/spec",
            "/spec/template/spec/securityContext",
            "/spec/template/spec/containers/0",
            "/spec/template/spec/containers/0/readinessProbe",
            "/spec/template/spec/containers/0/readinessProbe/httpGet",
            "/spec/template/spec/containers/0/securityContext",
            "/spec/template/spec/volumes/1/secret/items/0",
            "/spec/volumeClaimTemplates/0/spec")) {
      JsonNode wrong = set.deepCopy();
      ((ObjectNode) wrong.at(place)).put("misspelt", "x");
      assertThatThrownBy(() -> valid(wrong)).as(place).hasMessageContaining("misspelt");
    }
    JsonNode wrong = set.deepCopy();
    ((ObjectNode) wrong.path("spec")).remove("selector");
    assertThatThrownBy(() -> valid(wrong)).hasMessageContaining("selector");
    ((ObjectNode) wrong.path("spec")).set("selector", set.at("/spec/selector"));
    ((ObjectNode) wrong.path("spec")).put("replicas", "many");
    assertThatThrownBy(() -> valid(wrong)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void aProcessAloneFitsTheService() throws Exception {
    List<JsonNode> built = built(BASE);
    fitsTheService(built);
    assertThat(one(built, "StatefulSet").at("/spec/replicas").intValue())
        .as("the SQLite store belongs to one process")
        .isEqualTo(1);
    assertThat(one(built, "ConfigMap").path("data").has("SPRING_DATASOURCE_URL")).isFalse();
  }

  @Test
  void processesOnPostgresqlFitTheService() throws Exception {
    List<JsonNode> built = built(POSTGRESQL);
    fitsTheService(built);
    JsonNode set = one(built, "StatefulSet");
    assertThat(set.path("spec").has("replicas")).as("is the autoscaler's").isFalse();
    JsonNode data = one(built, "ConfigMap").path("data");
    assertThat(data.path("SPRING_DATASOURCE_URL").asText()).startsWith("jdbc:postgresql://");
    JsonNode scaler = one(built, "HorizontalPodAutoscaler").path("spec");
    assertThat(scaler.at("/scaleTargetRef/name")).isEqualTo(set.at("/metadata/name"));
    assertThat(scaler.at("/scaleTargetRef/kind").asText()).isEqualTo("StatefulSet");
    assertThat(scaler.path("minReplicas").intValue()).isGreaterThanOrEqualTo(2);
    assertThat(scaler.path("maxReplicas").intValue() * data.path("CXONE_RATE_LIMIT").asInt())
        .as("calls a second of all of them, where the tenant has those of one")
        .isEqualTo(20);
    assertThat(one(built, "PodDisruptionBudget").at("/spec/selector/matchLabels"))
        .isEqualTo(set.at("/spec/template/metadata/labels"));
    assertThat(mounts(set)).containsEntry("/var/lib/campaign-routes/audit", "audit");
    assertThat(one(built, "PersistentVolumeClaim").at("/spec/accessModes/0").asText())
        .isEqualTo("ReadWriteMany");
    assertThat(one(built, "NetworkPolicy").path("spec").path("egress").findValuesAsText("port"))
        .contains("5432");
  }

  private static void fitsTheService(List<JsonNode> built) throws IOException {
    for (JsonNode document : built) {
      valid(document);
    }
    JsonNode set = one(built, "StatefulSet");
    JsonNode data = one(built, "ConfigMap").path("data");
    portsAndProbesAreThoseOfTheService(built, set, data);
    variablesAndSecretsAreThoseOfTheService(set, data);
    itMayDoLittle(set);
    itHasTheTimeToEnd(set, data);
  }

  private static void portsAndProbesAreThoseOfTheService(
      List<JsonNode> built, JsonNode set, JsonNode data) throws IOException {
    JsonNode container = set.at("/spec/template/spec/containers/0");
    Map<String, Integer> ports = new HashMap<>();
    container
        .path("ports")
        .forEach(port -> ports.put(port.path("name").asText(), port.path("containerPort").asInt()));
    assertThat(Files.readString(Path.of("config", "application.yaml")))
        .contains("${PORT:" + ports.get("http") + "}");
    assertThat(data.path("MANAGEMENT_PORT").asInt()).isEqualTo(ports.get("metrics"));
    assertThat(set.at("/spec/template/metadata/annotations/prometheus.io~1port").asInt())
        .isEqualTo(ports.get("metrics"));
    assertThat(container.at("/startupProbe/httpGet/path").asText()).endsWith("/health/liveness");
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).endsWith("/health/liveness");
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).endsWith("/health/readiness");
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("http");
    }
    for (JsonNode document : built) {
      if (document.path("kind").asText().equals("Service")) {
        assertThat(document.at("/spec/selector"))
            .isEqualTo(set.at("/spec/template/metadata/labels"));
        assertThat(ports).containsKey(document.at("/spec/ports/0/targetPort").asText());
      }
    }
    assertThat(one(built, "NetworkPolicy").at("/spec/podSelector/matchLabels"))
        .isEqualTo(set.at("/spec/template/metadata/labels"));
    assertThat(built)
        .anyMatch(
            document ->
                document.at("/metadata/name").equals(set.at("/spec/serviceName"))
                    && document.at("/spec/clusterIP").asText().equals("None"));
  }

  private static void variablesAndSecretsAreThoseOfTheService(JsonNode set, JsonNode data)
      throws IOException {
    Set<String> variables = new TreeSet<>();
    data.fieldNames().forEachRemaining(variables::add);
    Map<String, String> mounts = mounts(set);
    for (JsonNode variable : set.at("/spec/template/spec/containers/0/env")) {
      String name = variable.path("name").asText();
      assertThat(name).as("values that are no secrets stand in the ConfigMap").endsWith("_FILE");
      variables.add(name.replace("_FILE", ""));
      Path file = Path.of(variable.path("value").asText());
      JsonNode secret = volume(set, mounts.get(file.getParent().toString())).path("secret");
      assertThat(secret.path("items").findValuesAsText("path"))
          .contains(file.getFileName().toString());
      assertThat(secret.path("defaultMode").asInt() & 07)
          .as("what every user may read ends the start")
          .isZero();
    }
    assertThat(variables).contains("CXONE_BASE_URL", "CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET");
    assertThat(VariablesOfTheService.all()).containsAll(variables);
    assertThat(data.toString()).doesNotContainIgnoringCase("password").doesNotContain("SECRET");
  }

  private static void itMayDoLittle(JsonNode set) throws IOException {
    JsonNode pod = set.at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    Matcher user =
        Pattern.compile("<user>(\\d+):(\\d+)</user>").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(user.find()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser").asText()).isEqualTo(user.group(1));
    assertThat(pod.at("/securityContext/runAsGroup").asText()).isEqualTo(user.group(2));
    assertThat(pod.at("/securityContext/fsGroup").asText()).isEqualTo(user.group(2));
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.at("/securityContext/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(container.at("/resources/limits/memory"))
        .isEqualTo(container.at("/resources/requests/memory"));
    assertThat(mounts(set)).containsKeys("/var/lib/campaign-routes", "/tmp");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<DATA_DIR>/var/lib/campaign-routes</DATA_DIR>");
  }

  private static void itHasTheTimeToEnd(JsonNode set, JsonNode data) throws IOException {
    JsonNode application = document(Path.of("config", "application.yaml"));
    Duration drain = DurationStyle.detectAndParse(data.path("SHUTDOWN_DRAIN").asText());
    Duration requests =
        DurationStyle.detectAndParse(
            application.at("/spring/lifecycle/timeout-per-shutdown-phase").asText());
    Duration routes = Duration.ofSeconds(application.at("/camel/main/shutdown-timeout").asLong());
    Duration lastLines = Duration.ofSeconds(10);
    assertThat(set.at("/spec/template/spec/terminationGracePeriodSeconds").asLong())
        .isGreaterThan(drain.plus(requests).plus(routes).plus(lastLines).toSeconds());
  }

  private static Map<String, String> mounts(JsonNode set) {
    Map<String, String> mounts = new HashMap<>();
    for (JsonNode mount : set.at("/spec/template/spec/containers/0/volumeMounts")) {
      mounts.put(mount.path("mountPath").asText(), mount.path("name").asText());
    }
    return mounts;
  }

  private static JsonNode volume(JsonNode set, String name) {
    for (JsonNode volume : set.at("/spec/template/spec/volumes")) {
      if (volume.path("name").asText().equals(name)) {
        return volume;
      }
    }
    throw new AssertionError("no volume " + name);
  }

  @Test
  void environmentFilesAreOnesOfVariablesThatTheServiceReads() throws Exception {
    for (Path folder : List.of(BASE, POSTGRESQL)) {
      Properties variables = new Properties();
      variables.load(new StringReader(Files.readString(folder.resolve("environment.properties"))));
      assertThat(VariablesOfTheService.all()).containsAll(variables.stringPropertyNames());
    }
  }
}
