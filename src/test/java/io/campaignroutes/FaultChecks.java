package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must be so after a {@link FaultRun}, and what is counted of it. */
final class FaultChecks {
  private static final Duration SETTLES = Duration.ofMinutes(4);

  /** A campaign goes through each of these once, whatever happens. */
  private static final List<String> ONCE = List.of("RECEIVED", "CHECKED", "CREATED", "REGISTERED");

  private final FaultRun run;
  private final ServiceClient client;
  private final Path inbox;

  FaultChecks(FaultRun run) {
    this.run = run;
    this.client = run.client();
    this.inbox = run.data.resolve("inbox");
  }

  /** Waits until all has come to rest; what has not is told, and counted as it is. */
  void settle() {
    await("everything is taken, launched as it is to be, and told of")
        .atMost(SETTLES)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(filesIn(inbox)).as("files left in the inbox").isEmpty();
              assertThat(names().keySet()).isEqualTo(new TreeSet<>(run.handedIn.times().keySet()));
              assertThat(run.side.differences(client)).isEmpty();
              assertThat(wrongStages()).isEmpty();
              assertThat(run.events.done()).as("every event is accepted").isTrue();
              assertThat(lostEvents()).as("events that never came").isEmpty();
              assertThat(client.all("/deliveries?status=PENDING")).isEmpty();
            });
  }

  /** Puts into the table what was lost, doubled and so on. */
  void count() {
    Map<String, Integer> names = names();
    Map<String, Long> accepted = run.events.acceptedAt();
    FaultTable table = run.table;
    table.campaigns(run.handedIn.times().values());
    table.events(accepted.values());
    table.lost(lostEvents().stream().map(accepted::get).toList());
    table.lost(times(name -> !names.containsKey(name)));
    table.doubled(times(name -> names.getOrDefault(name, 0) > 1));
    table.doubled(run.side.doubles().stream().map(this::handedIn).toList());
    table.disordered(run.sink.disordered().values());
    table.again(run.sink.doubledAt());
  }

  private List<Long> times(java.util.function.Predicate<String> which) {
    return run.handedIn.times().entrySet().stream()
        .filter(one -> which.test(one.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private Long handedIn(String what) {
    return run.handedIn.times().getOrDefault(what, System.nanoTime());
  }

  private Map<String, Integer> names() {
    Map<String, Integer> names = new TreeMap<>();
    client.all().forEach(c -> names.merge(c.path("name").asText(), 1, Integer::sum));
    return names;
  }

  private Set<String> lostEvents() {
    Set<String> missing = new HashSet<>(run.events.accepted());
    missing.removeAll(run.sink.events());
    return missing;
  }

  /** Campaigns that are neither where they go by themselves nor where an operator sent them. */
  private List<String> wrongStages() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode campaign : client.all()) {
      String id = campaign.path("id").asText();
      String name = campaign.path("name").asText();
      Set<String> possible = run.steering.possible(id, run.side.untouched(name));
      if (!possible.contains(campaign.path("stage").asText())) {
        wrong.add(
            "%s is %s and may be %s only; %s; %s"
                .formatted(
                    name,
                    campaign.path("stage").asText(),
                    possible,
                    campaign.path("failure"),
                    run.steering.told(id)));
      }
    }
    return wrong;
  }

  /** All that must be so besides what the table counts; ends the service. */
  void assertEnd() throws Exception {
    assertThat(run.handedIn.refused()).isEmpty();
    assertThat(run.side.doubles()).as("what CXone has twice").isEmpty();
    assertThat(run.sink.wrong()).isEmpty();
    run.side.assertEnd(client);
    for (JsonNode campaign : client.all()) {
      assertHistory(campaign);
    }
    assertFiles();
    assertTheSameAgainLaunchesNothing();
    assertThat(run.service().stop(Duration.ofSeconds(60))).as("it ends when asked to").isTrue();
    assertAuditVerifies();
    assertThat(Files.readString(run.log).lines().filter(l -> l.contains(" ERROR "))).isEmpty();
  }

  private void assertHistory(JsonNode campaign) {
    String name = campaign.path("name").asText();
    String id = campaign.path("id").asText();
    assertThat(run.handedIn.acknowledged().getOrDefault(name, id))
        .as("id told of %s", name)
        .isEqualTo(id);
    JsonNode view = client.get("/campaigns/" + id).body();
    List<String> stages = client.stages(id);
    for (String stage : ONCE) {
      assertThat(stages.stream().filter(stage::equals))
          .as("%s: %s", name, stages)
          .hasSizeLessThan(2);
    }
    List<String> events = new ArrayList<>();
    client
        .text("/campaigns/" + id + "/audit")
        .lines()
        .map(FaultChecks::event)
        .filter(event -> event.startsWith("CAMPAIGN_"))
        .forEach(events::add);
    assertThat(events)
        .as("audit lines of %s", name)
        .containsExactlyElementsOf(stages.stream().map(s -> "CAMPAIGN_" + s).toList());
    var by = JSON.createObjectNode();
    if (run.handedIn.files().containsKey(name)) {
      by.put("name", run.handedIn.files().get(name)).put("kind", "inbox");
    } else {
      by.put("name", "anonymous");
    }
    assertThat(view.at("/history/0/by")).as("who handed in %s", name).isEqualTo(by);
  }

  private static String event(String line) {
    try {
      return JSON.readTree(line).path("event").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  /** Each file lies in done/ with a report that names its campaigns, and none elsewhere. */
  private void assertFiles() throws IOException {
    assertThat(filesIn(inbox.resolve("failed"))).as("refused files").isEmpty();
    Map<String, Set<String>> expected = new HashMap<>();
    run.handedIn
        .files()
        .forEach((name, file) -> expected.computeIfAbsent(file, any -> new TreeSet<>()).add(name));
    Map<String, Set<String>> reported = new HashMap<>();
    for (String file : expected.keySet()) {
      Set<String> names = reported.computeIfAbsent(file, any -> new TreeSet<>());
      assertThat(inbox.resolve("done").resolve(file)).exists();
      JSON.readTree(inbox.resolve("done").resolve(file + ".result.json").toFile())
          .path("campaigns")
          .forEach(c -> assertThat(names.add(c.path("name").asText())).isTrue());
    }
    assertThat(reported).isEqualTo(expected);
  }

  private void assertTheSameAgainLaunchesNothing() throws IOException {
    int before = client.all().size();
    for (String file : Set.copyOf(run.handedIn.files().values())) {
      run.handedIn.drop("again-" + file, Files.readString(inbox.resolve("done").resolve(file)));
    }
    await("the files are taken")
        .atMost(Duration.ofMinutes(1))
        .until(() -> filesIn(inbox).isEmpty());
    assertThat(client.all()).hasSize(before);
    assertThat(run.side.doubles()).isEmpty();
  }

  /** With the key and with each of the checkpoints that were kept elsewhere. */
  private void assertAuditVerifies() {
    assertThat(run.kept.checkpoints()).isNotEmpty();
    for (Path checkpoint : run.kept.checkpoints()) {
      var said = new ByteArrayOutputStream();
      var out = new PrintStream(said, true, StandardCharsets.UTF_8);
      int exit =
          CliRun.of(
              out,
              out,
              "audit",
              "verify",
              run.data.resolve("audit"),
              "--key",
              run.kept.key(),
              "--checkpoint",
              checkpoint,
              "--lenient"); // what was written in the last minute is covered after the next start
      assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }
  }

  private static List<String> filesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }
}
