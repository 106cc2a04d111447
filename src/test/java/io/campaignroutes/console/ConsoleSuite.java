package io.campaignroutes.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.access.By;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.PlatformPayloads;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.campaign.UnknownCampaignException;
import io.campaignroutes.compliance.CampaignDefaults;
import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.RateSettings;
import io.campaignroutes.compliance.RequestChecks;
import io.campaignroutes.compliance.RequestSchema;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.http.ApiRequest;
import io.campaignroutes.pacing.PacingPlans;
import io.campaignroutes.pacing.PacingProperties;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.TestStores;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;

/** What pages are shown of the store, on whichever database. */
abstract class ConsoleSuite {
  private static final Path CONFIG = Path.of("config");
  private static final RequestSchema SCHEMA =
      RequestSchema.load(CONFIG.resolve("campaign-request.schema.json"));

  private TestStores.Opened opened;
  private Store store;
  private CampaignRows rows;
  private Changes changes;

  abstract TestStores.Opened open();

  @BeforeEach
  void start() {
    opened = open();
    store = opened.store();
    rows =
        new CampaignRows(
            store,
            new CampaignSetups(
                new PacingPlans(
                    new RequestChecks(
                        Policies.load(
                            CONFIG.resolve("policies"),
                            LocalDate.of(2026, 3, 2),
                            Duration.ofDays(4_000)),
                        CampaignDefaults.load(CONFIG.resolve("campaign-defaults.yaml"), SCHEMA),
                        SCHEMA,
                        ComplianceSettings.defaults(),
                        RateSettings.defaults(),
                        new PlatformPayloads(TestCxone.api().campaign())),
                    new Binder().bindOrCreate("pacing", PacingProperties.class))),
            Duration.ofSeconds(5));
    changes = new Changes(store, rows, () -> CxoneState.Trouble.NONE);
  }

  @AfterEach
  void end() {
    opened.close();
  }

  private void campaign(String id, String name, Stage stage, String pool, long changedAt) {
    store.write(
        tx ->
            tx.sql()
                .sql(
                    """
                    insert into campaign (id, external_id, fingerprint, name, request, payload,
                      compliance, policy_name, policy_version, policy_sha256, stage, ended,
                      accepted_at, stage_at, polls, attempt, look_ups, creates, pacing,
                      attempted_calls, connected_calls, due_at, changed_at, pool_id)
                    values (:id, :external, 'f', :name, :request, '{}', '{}', 'none', '1', 's',
                      :stage, :ended, 1000, :at, 0, 0, 0, 0, '[]', 0, 0, 0, :at, :pool)""")
                .param("id", id)
                .param("external", "key-" + id)
                .param("name", name)
                .param(
                    "request",
                    "{\"agentPoolId\":\""
                        + pool
                        + "\",\"timeZone\":\"Europe/Berlin\",\"pacingLimit\":5,\"dialerStrategy\":"
                        + "\"PREDICTIVE\",\"policy\":\"none\",\"pacing\":{\"maxCallsPerSecond\":2},"
                        + "\"schedule\":{\"daysOfWeek\":[\"MONDAY\"],\"startHour\":9,\"endHour\":17}}")
                .param("stage", stage.name())
                .param("ended", stage.ended() ? 1 : 0)
                .param("at", changedAt)
                .param("pool", pool)
                .update());
  }

  private void pacing(String id, double rate, long changedAt) {
    store.write(
        tx ->
            tx.sql()
                .sql(
                    "insert into pacing (campaign_id, decision, seq, rate, changed_at) values (?,"
                        + " '{\"clamp\":\"LIMIT\",\"period\":{\"rate\":0.02,\"cap\":0.03}}', 1, ?, ?)"
                        + " on conflict (campaign_id) do update set rate = excluded.rate, changed_at ="
                        + " excluded.changed_at")
                .params(id, rate, changedAt)
                .update());
  }

  private List<String> ids(String... query) {
    return page(query).rows().stream().map(CampaignRow::id).toList();
  }

  private CampaignRows.Page page(String... query) {
    return page(List.of(), query);
  }

  private CampaignRows.Page page(List<String> first, String... query) {
    Map<String, List<String>> parameters = new HashMap<>();
    for (int i = 0; i < query.length; i += 2) {
      parameters.put(query[i], List.of(URLEncoder.encode(query[i + 1], StandardCharsets.UTF_8)));
    }
    return rows.page(
        CampaignQuery.of(
            new ApiRequest(null, By.ANONYMOUS, parameters, null, null, null, new byte[0])),
        first);
  }

  @Test
  void pagesAreFilteredSortedAndSearchedWithTheirTotals() {
    campaign("cmp_1", "Welcome 50%", Stage.ACTIVE, "pool-b", 1_000);
    campaign("cmp_2", "alpha", Stage.PAUSED, "pool-a", 2_000);
    campaign("cmp_3", "Beta_x", Stage.ACTIVE, "pool-c", 3_000);
    campaign("cmp_4", "gamma", Stage.STOPPED, "pool-a", 4_000);
    pacing("cmp_1", 0.5, 1_000);
    pacing("cmp_3", 2.5, 1_000);
    store.write(
        tx ->
            tx.sql()
                .sql("update pacing set abandonment = 0.021 where campaign_id = 'cmp_1'")
                .update());

    assertThat(ids()).containsExactly("cmp_4", "cmp_3", "cmp_2", "cmp_1");
    assertThat(ids("sort", "name")).containsExactly("cmp_2", "cmp_3", "cmp_4", "cmp_1");
    assertThat(ids("sort", "-rate")).startsWith("cmp_3", "cmp_1");
    assertThat(ids("sort", "-abandonment")).startsWith("cmp_1");
    assertThat(ids("sort", "pool")).startsWith("cmp_2", "cmp_4");
    assertThat(ids("sort", "-since")).startsWith("cmp_4");
    assertThat(ids("sort", "stage")).startsWith("cmp_1", "cmp_3");
    assertThat(ids("status", "active, PAUSED")).containsExactly("cmp_3", "cmp_2", "cmp_1");
    assertThat(ids("q", "ALPHA")).containsExactly("cmp_2");
    assertThat(ids("q", "pool-A")).containsExactly("cmp_4", "cmp_2");
    assertThat(ids("q", "key-cmp_3")).containsExactly("cmp_3");
    assertThat(ids("q", "cmp_2")).containsExactly("cmp_2");
    assertThat(ids("q", "50%")).as("a percent sign is one").containsExactly("cmp_1");
    assertThat(ids("q", "a_x")).as("an underscore is one").containsExactly("cmp_3");
    assertThat(ids("offset", "1", "limit", "2")).containsExactly("cmp_3", "cmp_2");
    assertThat(page("limit", "1", "status", "ACTIVE").total()).isEqualTo(2);
    for (String sort : List.of("name", "-name", "-taken", "stage", "-stage")) {
      List<CampaignRow> rows = page(List.of("cmp_3", "cmp_4"), "sort", sort, "limit", "3").rows();
      assertThat(rows.subList(0, 2))
          .as("out of control, sorted by %s", sort)
          .extracting(CampaignRow::id)
          .containsExactlyInAnyOrder("cmp_3", "cmp_4");
    }
    assertThat(page(List.of("cmp_4"), "status", "ACTIVE").rows())
        .extracting(CampaignRow::id)
        .containsExactly("cmp_3", "cmp_1");
    assertThat(rows.counts())
        .containsEntry(Stage.ACTIVE, 2L)
        .containsEntry(Stage.STOPPED, 1L)
        .containsEntry(Stage.FAILED, 0L)
        .hasSize(Stage.values().length);
  }

  @Test
  void aQueryThatMakesNoSenseNamesItsParameter() {
    for (String[] bad :
        new String[][] {{"sort", "x"}, {"status", "RUNNING"}, {"offset", "-1"}, {"limit", "0"}}) {
      assertThatThrownBy(() -> page(bad[0], bad[1]))
          .isInstanceOf(InvalidRequestException.class)
          .satisfies(
              e ->
                  assertThat(((InvalidRequestException) e).findings())
                      .singleElement()
                      .satisfies(finding -> assertThat(finding.field()).isEqualTo(bad[0])));
    }
  }

  @Test
  void aRowHasItsRateWhetherPacedOrNot() {
    campaign("cmp_1", "new", Stage.ACTIVE, "pool", 1_000);
    store.write(tx -> tx.sql().sql("update campaign set first_rate = 0.4").update());
    assertThat(rows.one("cmp_1").rate()).as("the rate that it was created with").isEqualTo(0.4);

    pacing("cmp_1", 0.5, 1_000);
    assertThat(rows.one("cmp_1").rate()).isEqualTo(0.5);

    store.write(tx -> tx.sql().sql("update campaign set held = 1, remote_id = 'c-1'").update());
    assertThat(rows.one("c-1").rate()).as("CXone has it paused").isZero();
    assertThatThrownBy(() -> rows.one("cmp_none")).isInstanceOf(UnknownCampaignException.class);
  }

  @Test
  void aHoldHasLastedSinceItsFirstDecision() {
    campaign("cmp_1", "held", Stage.ACTIVE, "pool", 1_000);
    pacing("cmp_1", 0, 1_000);
    store.write(tx -> tx.sql().sql("update pacing set decision = '{\"clamp\":\"HOLD\"}'").update());
    assertThat(rows.clampedSince(rows.one("cmp_1"))).isNull();
    String[] clamps = {"HOLD", "LIMIT", "HOLD", "HOLD"};
    for (int n = 0; n < clamps.length; n++) {
      String decision =
          "{\"at\":\"2026-11-24T14:00:0%dZ\",\"clamp\":\"%s\"}".formatted(n, clamps[n]);
      int seq = n;
      store.write(
          tx ->
              tx.sql()
                  .sql("insert into pacing_decision (campaign_id, seq, decision) values (?, ?, ?)")
                  .params("cmp_1", seq, decision)
                  .update());
    }

    assertThat(rows.clampedSince(rows.one("cmp_1"))).isEqualTo("2026-11-24T14:00:02Z");

    store.write(tx -> tx.sql().sql("delete from pacing_decision where seq < 2").update());
    assertThat(rows.clampedSince(rows.one("cmp_1"))).as("longer than is known").isNull();
  }

  @Test
  void changesAreToldOnceAndOnlyWhereSomethingLooksDifferent() throws IOException {
    long now = store.now();
    campaign("cmp_1", "old", Stage.ACTIVE, "pool", now - 60_000);
    JsonNode first = told();
    assertThat(first.path("rows")).as("nothing has changed lately").isEmpty();
    assertThat(first.at("/counts/ACTIVE").asInt()).isEqualTo(1);

    campaign("cmp_2", "came", Stage.RECEIVED, "pool", store.now());
    JsonNode second = told();
    assertThat(second.path("rows")).hasSize(1);
    assertThat(second.at("/rows/0/name").asText()).isEqualTo("came");
    assertThat(second.at("/counts/RECEIVED").asInt()).isEqualTo(1);
    assertThat(changes.next()).as("the same again is no news").isNull();

    pacing("cmp_1", 0.7, store.now());
    JsonNode third = told();
    assertThat(third.at("/rows/0/id").asText()).isEqualTo("cmp_1");
    assertThat(third.at("/rows/0/pacing/maxCallsPerSecond").asDouble()).isEqualTo(0.7);
    assertThat(third.has("counts")).as("as many as before").isFalse();
    pacing("cmp_1", 0.7, store.now());
    assertThat(changes.next()).as("a decision that changed nothing").isNull();
    store.write(
        tx -> tx.sql().sql("update campaign set due_at = due_at + 1, attempt = 1").update());
    assertThat(changes.next()).as("its next look is not shown").isNull();
  }

  @Test
  void whatCommitsLateIsToldAllTheSame() throws IOException {
    long before = store.now() - 500;
    told();

    campaign("cmp_1", "late", Stage.ACTIVE, "pool", before);

    assertThat(told().at("/rows/0/name").asText()).isEqualTo("late");
  }

  @Test
  void moreThanCanBeToldAtOnceIsLoadedAnew() {
    changes.next();
    long now = store.now();
    for (int n = 0; n < 2_001; n++) {
      String id = "cmp_" + n;
      campaign(id, id, Stage.RECEIVED, "pool", now);
    }

    assertThat(changes.next()).startsWith("event: resync\n");
  }

  private JsonNode told() throws IOException {
    String message = changes.next();
    assertThat(message).startsWith("event: changes\ndata: ").endsWith("\n\n");
    return new ObjectMapper().readTree(message.substring("event: changes\ndata: ".length()));
  }
}
