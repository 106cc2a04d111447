package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged service with components that lie in {@code lib/}, and with the routes that the
 * README has for them: requests that come from a real broker of Kafka, events that go there, and
 * files that lie on a server of SFTP.
 */
class EndpointsIT {
  private static final Path LOG = Path.of("target", "endpoints-it.log");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration START = Duration.ofMinutes(3);
  private static final String TOKEN = "endpoints-token-31aa";
  private static final String REQUESTS = "campaign-requests";
  private static final String REFUSED = "campaign-requests-refused";
  private static final String EVENTS = "campaign-events";

  /** What {@code mvn generate-resources -Dlib} puts there for camel-kafka and camel-ftp. */
  private static final Pattern JARS =
      Pattern.compile(
          "(camel-kafka|kafka-clients|zstd-jni|snappy-java|lz4-java|camel-ftp|jsch|commons-net)"
              + "-[\\d.]+(-\\d+)?\\.jar");

  private static final Pattern ROUTES = Pattern.compile("(?s)```yaml\\R# (routes/\\S+)\\R(.*?)```");

  @TempDir private static Path folder;
  @TempDir private static Path remote;
  private static EmbeddedKafkaBroker broker;
  private static SshServer sftp;
  private static StubCxone cxone;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    Files.deleteIfExists(LOG);
    broker = new EmbeddedKafkaKraftBroker(1, 1, REQUESTS, REFUSED, EVENTS);
    broker.afterPropertiesSet();
    sftp = SshServer.setUpDefaultServer();
    sftp.setHost("127.0.0.1");
    sftp.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(remote.resolve("key")));
    sftp.setPasswordAuthenticator(
        (user, password, session) -> user.equals("campaigns") && password.equals("secret"));
    sftp.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    sftp.setFileSystemFactory(new VirtualFileSystemFactory(remote));
    sftp.start();
    cxone = new StubCxone();
    layOut();
    service = started();
  }

  @AfterAll
  static void stop() throws IOException {
    if (service != null) {
      service.close();
    }
    cxone.close();
    sftp.stop();
    broker.destroy();
  }

  private static void layOut() throws IOException {
    for (String name : List.of("routes", "config")) {
      FileSystemUtils.copyRecursively(Path.of(name), folder.resolve(name));
    }
    Path lib = Files.createDirectories(folder.resolve("lib"));
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path file = Path.of(jar);
      if (JARS.matcher(file.getFileName().toString()).matches()) {
        Files.copy(file, lib.resolve(file.getFileName()));
      }
    }
    Matcher routes = ROUTES.matcher(Files.readString(Path.of("README.md")));
    while (routes.find()) {
      Files.writeString(folder.resolve(routes.group(1)), routes.group(2));
    }
    Files.writeString(
        folder.resolve("config/destinations.yaml"),
        """
        destinations:
          - name: kafka
            to: direct:kafka-events
        """);
  }

  private static ServiceProcess started() throws Exception {
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.putAll(external());
    environment.put("WEBHOOK_TOKEN", TOKEN);
    return ServiceProcess.startIn(
            folder,
            ServiceProcess.command(
                PackagedService.JAR.toAbsolutePath(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"),
            folder.resolve("data"),
            environment,
            LOG.toAbsolutePath(),
            "--inbox.settle=300ms")
        .awaitReady(START);
  }

  private static Map<String, String> external() {
    return Map.of(
        "KAFKA_BROKERS",
        broker.getBrokersAsString(),
        "SFTP_HOST",
        "127.0.0.1:" + sftp.getPort(),
        "SFTP_USER",
        "campaigns",
        "SFTP_PASSWORD",
        "secret");
  }

  @Test
  void checkKnowsTheComponents() throws Exception {
    assertThat(checked(folder)).contains("Nothing is wrong");
  }

  @Test
  void aJarThatTheServiceBringsItselfIsFound(@TempDir Path other) throws Exception {
    for (String name : List.of("routes", "config")) {
      FileSystemUtils.copyRecursively(Path.of(name), other.resolve(name));
    }
    Path lib = Files.createDirectories(other.resolve("lib"));
    try (ZipFile service = new ZipFile(PackagedService.JAR.toFile())) {
      ZipEntry own =
          service.stream()
              .filter(entry -> entry.getName().matches("BOOT-INF/lib/snakeyaml-.*jar"))
              .findFirst()
              .orElseThrow();
      try (InputStream jar = service.getInputStream(own)) {
        Files.copy(jar, lib.resolve("snakeyaml-1.0.jar"));
      }
    }
    assertThat(checked(other))
        .contains("lib/snakeyaml-1.0.jar:1: It would take the place of snakeyaml-");
  }

  private static String checked(Path where) throws Exception {
    ProcessBuilder check =
        new ProcessBuilder(
            Stream.concat(
                    ServiceProcess.command(
                        PackagedService.JAR.toAbsolutePath(), "-XX:TieredStopAtLevel=1")
                        .stream(),
                    Stream.of("check"))
                .toList());
    check.directory(where.toFile()).redirectErrorStream(true).environment().putAll(external());
    Process process = check.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  @Test
  void requestsOfKafkaAreLaunchedOnceThoughTheServiceIsKilled() throws Exception {
    int requests = 60;
    try (var producer = producer()) {
      for (int n = 0; n < requests; n++) {
        producer.send(new ProducerRecord<>(REQUESTS, ServiceClient.request("K" + n).toString()));
        if (n == requests / 2) {
          producer.send(new ProducerRecord<>(REQUESTS, "{\"name\": \"no request\"}"));
        }
      }
      producer.flush();
    }
    await("some of them are launched").atMost(PATIENCE).until(() -> named("K").size() > 5);
    service.kill();
    service = started();
    await("all of them are launched")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(named("K")).hasSize(requests));
    await("all offsets are committed")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(committed()).isEqualTo(requests + 1L));
    assertThat(named("K")).doesNotHaveDuplicates();
    List<ConsumerRecord<String, String>> refused = consumed(REFUSED, 1);
    assertThat(refused).allMatch(one -> one.value().contains("no request"));
    assertThat(new String(refused.get(0).headers().lastHeader("refused-because").value()))
        .contains("things are wrong with the request");
  }

  @Test
  void eventsGoToKafkaKeyedByTheirCampaignAndInItsOrder() throws Exception {
    ServiceClient client = new ServiceClient(service);
    List<String> ids = new ArrayList<>();
    for (String name : List.of("E1", "E2", "E3")) {
      client.create(name);
      ids.add(cxone.named(name).get(0).id());
    }
    for (int n = 0; n < 5; n++) {
      for (String id : ids) {
        post(id, n);
      }
    }
    await("all are delivered")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(client.get("/deliveries?limit=100").body().path("items"))
                    .as(client.text("/deliveries?limit=3"))
                    .hasSizeGreaterThanOrEqualTo(15)
                    .allMatch(one -> one.path("status").asText().equals("DELIVERED")));
    Map<String, List<ConsumerRecord<String, String>>> byKey =
        consumed(EVENTS, 15).stream().collect(Collectors.groupingBy(ConsumerRecord::key));
    assertThat(byKey.keySet())
        .containsExactlyInAnyOrderElementsOf(ids.stream().map(id -> "kafka/" + id).toList());
    byKey.forEach(
        (key, events) ->
            assertThat(events)
                .extracting(one -> ServiceClient.JSON.readTree(one.value()).path("n").asInt())
                .containsSubsequence(IntStream.range(0, 5).boxed().toList()));
  }

  @Test
  void filesOfAnSftpServerGoThroughTheInbox() throws IOException {
    Path drop = Files.createDirectories(remote.resolve("campaigns"));
    Files.writeString(drop.resolve("spring.json"), ServiceClient.request("S1").toString());
    await("it is launched").atMost(PATIENCE).until(() -> named("S").size() == 1);
    await("it is taken away")
        .atMost(PATIENCE)
        .until(() -> Files.notExists(drop.resolve("spring.json")));
    assertThat(folder.resolve("data/inbox/done/spring.json")).exists();
  }

  private static List<String> named(String prefix) {
    return cxone.campaigns().stream()
        .map(StubCampaign::name)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  private static void post(String campaign, int n) throws IOException, InterruptedException {
    String event =
        """
        {"eventType": "CAMPAIGN_ACTIVATED", "eventId": "%1$s-%2$d", "status": "ACTIVE", \
        "campaignId": "%1$s", "timestamp": "%3$s", "n": %2$d}"""
            .formatted(campaign, n, Instant.now());
    URI receiver = service.uri("/webhooks/cxone");
    int status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(receiver)
                    .header("Content-Type", "application/json")
                    .header("X-Webhook-Token", TOKEN)
                    .POST(HttpRequest.BodyPublishers.ofString(event))
                    .build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode();
    assertThat(status).isEqualTo(202);
  }

  private static KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBrokersAsString()),
        new StringSerializer(),
        new StringSerializer());
  }

  private static List<ConsumerRecord<String, String>> consumed(String topic, int atLeast) {
    List<ConsumerRecord<String, String>> all = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBrokersAsString()),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      await("records of " + topic)
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(500)).forEach(all::add);
                return all.size() >= atLeast;
              });
    }
    return all;
  }

  private static long committed() throws Exception {
    try (var admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBrokersAsString()))) {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets("campaign-routes")
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(REQUESTS, 0));
      return offset == null ? 0 : offset.offset();
    }
  }
}
