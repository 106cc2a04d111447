package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.connection.TestTenant;
import io.campaignroutes.sandbox.connection.TestTenant.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A tenant of Personal Connection: skills that are there, and others that are created. */
final class ConnectionSide implements FaultSide {
  private static final int FIRST = 31_000;

  /** A campaign in so many has a skill created for it. */
  private static final int CREATED = 4;

  private static final String CONTACTS = "people.csv";

  /** Calls that a kill meets, and what a reader knows them as. */
  private static final Map<String, String> NAMES =
      Map.of(
          "createSkill", "create",
          "assignAgents", "assign agents",
          "putGeneralSettings", "settings",
          "startSkill", "activate",
          "stopSkill", "pause or stop",
          "updateSkill", "deactivate",
          "createList", "create list",
          "uploadList", "upload",
          "activity", "figures",
          "skill", "status");

  private static final List<Trouble> TROUBLES =
      List.of(
          Trouble.CUT_BEFORE,
          Trouble.CUT_AFTER,
          Trouble.CUT_AFTER,
          Trouble.THROTTLED,
          Trouble.FAILED);

  private final TestTenant tenant = TestTenant.live(100_000, 20);
  private final String base;
  private final int most;
  private final KillPoint point;
  private final Random random;
  private volatile boolean faulty;
  private volatile String wished;
  private int changes;

  /**
   * @param most how many campaigns there will be at the most
   */
  ConnectionSide(long seed, KillPoint point, int most) throws IOException {
    this.random = new Random(seed);
    this.point = point;
    this.most = most;
    tenant.tenant().addRunningSkills(FIRST, most, 2, 100_000);
    for (int n = 0; n < most; n++) {
      tenant.supervisor(FIRST + n, "stop");
    }
    tenant.pass(Duration.ofMinutes(50)); // what was dialed until now is nobody's
    base = tenant.serve();
    tenant.watched(
        new TestTenant.Watch() {
          @Override
          public Trouble arrives(String operation, String path) {
            return point.arrives(name(operation)) ? Trouble.CUT_BEFORE : trouble(operation);
          }

          @Override
          public void done(String operation, String path) {
            point.done(name(operation));
          }
        });
  }

  private static String name(String operation) {
    return NAMES.getOrDefault(operation, operation);
  }

  private synchronized Trouble trouble(String operation) {
    return !faulty || operation.contains("oken") || random.nextInt(3) > 0
        ? Trouble.NONE
        : TROUBLES.get(random.nextInt(TROUBLES.size()));
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        "CXONE_PLATFORM", "personal-connection",
        "CXONE_ACCESS_KEY_ID", "sandbox-key",
        "CXONE_ACCESS_KEY_SECRET", "sandbox-secret=",
        "CXONE_TOKEN_URL", base + "/authentication/v1/token/access-key",
        "CXONE_DISCOVERY_URL", base + "/.well-known/cxone-configuration",
        "CXONE_RATE_LIMIT", "0");
  }

  @Override
  public boolean posts() {
    return false;
  }

  @Override
  public List<String> settings() {
    return List.of(
        "--personal-connection.caller-id=+15550100",
        "--personal-connection.dnc-groups=70",
        "--personal-connection.abandon-timeout=1",
        "--personal-connection.collect.activity=1s",
        "--personal-connection.collect.states=1s",
        "--personal-connection.collect.completed=1s",
        "--personal-connection.collect.skills=1s",
        "--personal-connection.collect.lists=2s",
        "--personal-connection.collect.calls-a-day=10000000",
        "--contacts.upload-settle=3s");
  }

  @Override
  public void prepare(ServiceClient client) {
    StringBuilder lines = new StringBuilder("phone\n");
    for (int n = 0; n < 400; n++) {
      lines.append("+1212555%04d%n".formatted(n));
    }
    ServiceClient.Answer answer = client.upload("/contacts?name=" + CONTACTS, lines.toString());
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
  }

  @Override
  public ObjectNode request(String name, int n) {
    ObjectNode request = ServiceClient.request(name);
    request.remove("contactListId");
    if (n % CREATED == 1) {
      request.put("agentPoolId", "team:30").putObject("contacts").put("file", CONTACTS);
    } else {
      request.put("agentPoolId", "skill:" + (FIRST + n));
    }
    return request;
  }

  @Override
  public int most() {
    return most;
  }

  @Override
  public List<String> points() {
    return List.of(
        "create",
        "assign agents",
        "settings",
        "create list",
        "upload",
        "activate",
        "status",
        "pause or stop",
        "deactivate");
  }

  @Override
  public void misbehave(boolean now) {
    faulty = now;
  }

  /**
   * A supervisor stops and starts the first skill, each time once the last change was told of. Only
   * what runs is stopped: a stop of ours would leave nothing to tell.
   */
  @Override
  public void people(EventSink sink) {
    String skill = "" + FIRST;
    boolean runs = tenant.truth().path(skill).path("running").asBoolean();
    if (wished == null) {
      wished = sink.told(skill) == null ? null : "ACTIVE";
    } else if (wished.equals(sink.told(skill)) && runs == wished.equals("ACTIVE")) {
      tenant.supervisor(FIRST, runs ? "stop" : "start");
      wished = runs ? "PAUSED" : "ACTIVE";
      changes++;
    }
  }

  /** What is left to a supervisor is as he left it. */
  @Override
  public String untouched(String name) {
    return name.equals(FaultRun.LEFT_TO_PEOPLE) && wished != null ? wished : "ACTIVE";
  }

  @Override
  public boolean peopleAreTold(EventSink sink) {
    return wished == null || wished.equals(sink.told("" + FIRST));
  }

  @Override
  public List<String> doubles() {
    List<String> doubles = new ArrayList<>();
    Map<String, List<String>> made = made();
    made.forEach(
        (notes, skills) -> {
          if (skills.size() > 1) {
            doubles.add("skills " + skills + " were created for " + notes);
          }
        });
    Map<String, Integer> lists = new TreeMap<>();
    tenant.lists().forEach(list -> lists.merge(list, 1, Integer::sum));
    lists.forEach(
        (list, times) -> {
          if (times > 1) {
            doubles.add("the list " + list + " is there " + times + " times");
          }
        });
    return doubles;
  }

  /** Skills that were created, by their notes, which name the campaign. */
  private Map<String, List<String>> made() {
    Map<String, List<String>> made = new TreeMap<>();
    for (JsonNode skill : tenant.read("/skills?mediaTypeId=4&top=1000").path("skills")) {
      String notes = skill.path("notes").asText("");
      if (!notes.isEmpty()) {
        made.computeIfAbsent(notes, of -> new ArrayList<>()).add(skill.path("skillId").asText());
      }
    }
    return made;
  }

  @Override
  public List<String> differences(ServiceClient client) {
    List<String> differences = new ArrayList<>();
    JsonNode truth = tenant.truth();
    Map<String, List<String>> made = made();
    Set<String> running = new TreeSet<>();
    for (int n = 0; n < most; n++) {
      running.add("" + (FIRST + n));
    }
    made.values().forEach(running::addAll);
    running.removeIf(skill -> !truth.path(skill).path("running").asBoolean());
    for (JsonNode here : client.all()) {
      String skill = here.path("cxoneCampaignId").asText();
      boolean runs = running.remove(skill);
      boolean dials =
          here.path("stage").asText().equals("ACTIVE") && !here.at("/pacing/held").asBoolean();
      if (dials != runs || here.hasNonNull("pendingCommand")) {
        differences.add(
            "%s is %s, held %s, command %s, failure %s; its skill %s %s"
                .formatted(
                    here.path("name").asText(),
                    here.path("stage").asText(),
                    here.at("/pacing/held").asBoolean(),
                    here.path("pendingCommand"),
                    here.path("failure"),
                    skill,
                    runs ? "runs" : "does not run"));
      }
      made.keySet().removeIf(notes -> notes.contains(here.path("id").asText()));
    }
    running.forEach(skill -> differences.add("skill " + skill + " runs for nobody"));
    made.forEach((notes, skills) -> differences.add(skills + " are nobody's: " + notes));
    return differences;
  }

  @Override
  public void assertEnd(ServiceClient client) {
    System.out.println(
        "FaultSuiteIT: changes that a supervisor made and that were told: " + changes);
    for (JsonNode campaign : client.all()) {
      String skill = campaign.path("cxoneCampaignId").asText();
      if (campaign.path("stage").asText().equals("STOPPED")
          && Set.copyOf(made().values().stream().flatMap(List::stream).toList()).contains(skill)) {
        await("the skill of %s is deactivated".formatted(campaign.path("name").asText()))
            .atMost(Duration.ofSeconds(60))
            .until(() -> !tenant.read("/skills/" + skill).path("isActive").asBoolean());
      }
    }
  }

  @Override
  public void close() {
    tenant.close();
  }
}
