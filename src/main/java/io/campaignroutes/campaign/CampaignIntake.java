package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.access.By;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.FirstRate;
import io.campaignroutes.compliance.GivenRates;
import io.campaignroutes.compliance.RequestChecks;
import io.campaignroutes.contacts.ContactImports;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.JsonFault.Origin;
import io.campaignroutes.text.UnreadableJsonException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Takes campaign requests: the same reading, checks and keys for the inbox, for HTTP and for a dry
 * run.
 */
@Component
public class CampaignIntake {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignIntake.class);
  private final RequestChecks checks;
  private final FirstRate firstRate;
  private final Store store;
  private final CampaignStore campaigns;
  private final CampaignWrites writes;
  private final Transitions transitions;
  private final ContactImports contacts;

  CampaignIntake(
      RequestChecks checks,
      FirstRate firstRate,
      Store store,
      CampaignStore campaigns,
      CampaignWrites writes,
      Transitions transitions,
      ContactImports contacts) {
    this.checks = checks;
    this.firstRate = firstRate;
    this.store = store;
    this.campaigns = campaigns;
    this.writes = writes;
    this.transitions = transitions;
    this.contacts = contacts;
  }

  /**
   * A campaign that has been taken.
   *
   * @param repeat whether the same request was taken before, so that nothing is launched twice
   */
  public record Taken(Campaign campaign, boolean repeat) {}

  /**
   * Reads and checks one request, all but its agents.
   *
   * @param body JSON in UTF-8
   * @param key the {@code Idempotency-Key} of the caller, which stands for {@code externalId} where
   *     the request has none; null for none
   * @throws UnreadableJsonException when it is no JSON
   */
  public CheckedRequest check(byte[] body, String key) {
    return check(RequestJson.read(body), key);
  }

  /** The same for an entry of a file. */
  public CheckedRequest checkEntry(byte[] entry, Origin origin) {
    return check(RequestJson.read(entry, origin), null);
  }

  /**
   * Reads an entry of a file and looks at it only at first sight.
   *
   * @throws UnreadableJsonException when it is no JSON
   * @throws InvalidRequestException with the first finding
   */
  public void refuseAtFirstSight(byte[] entry, Origin origin) {
    checks
        .firstFault(RequestJson.read(entry, origin))
        .ifPresent(
            fault -> {
              throw new InvalidRequestException(List.of(fault));
            });
  }

  CheckedRequest check(JsonNode given, String key) {
    boolean keyed = key != null && !key.isBlank();
    if (keyed && given.isObject() && !given.has("externalId")) {
      if (!key.matches(Repeats.KEY_PATTERN)) {
        throw new InvalidRequestException(
            List.of(
                new Finding(
                    "Idempotency-Key",
                    "maxLength",
                    "Idempotency-Key must be 1 to 200 characters without control characters.")));
      }
      given = ((ObjectNode) given.deepCopy()).put("externalId", key);
    }
    return checks.check(given, Instant.ofEpochMilli(store.now()));
  }

  /** All findings, those about the agents included, and the rate that a good one begins with. */
  public CheckedRequest withAgents(CheckedRequest checked, AgentPools.Pool pool) {
    return besides(checked, pool, () -> given(poolId(checked), pool));
  }

  /** What those have been given who dial for agents of a pool and have no figures yet. */
  public GivenRates given(String poolId, AgentPools.Pool pool) {
    Set<String> agents = SharedAgents.keys(AgentCheck.idsAtWork(pool.agents()));
    return FirstRates.given(store.read(), poolId, agents, null);
  }

  /**
   * All findings, those about the agents included, and the rate that a good one begins with beside
   * others.
   *
   * @param given what these have been given to begin with
   */
  public CheckedRequest besides(
      CheckedRequest checked, AgentPools.Pool pool, Supplier<GivenRates> given) {
    String poolId = poolId(checked);
    String timeZone = checked.given().path("timeZone").asText("");
    List<Finding> findings = new ArrayList<>(checked.findings());
    List<String> rules = new ArrayList<>(checked.rules());
    rules.add(Compliance.AGENTS);
    if (!pool.exists()) {
      findings.add(AgentCheck.unknownPool(poolId));
    } else if (findings.stream().noneMatch(f -> f.field().equals("timeZone"))) {
      findings.addAll(AgentCheck.check(poolId, timeZone, pool.agents()));
    }
    ObjectNode payload = checked.payload();
    if (payload != null && findings.isEmpty()) {
      payload = firstRate.payload(checked.request(), payload, pool.agents(), given.get());
    }
    return new CheckedRequest(
        checked.given(),
        checked.request(),
        payload,
        checked.policy(),
        findings,
        checked.more(),
        checked.warnings(),
        rules);
  }

  /** What a good request would begin to dial with beside others, in calls a second; 0 for none. */
  public double begins(CheckedRequest checked, AgentPools.Pool pool, GivenRates given) {
    return firstRate
        .begin(checked.request(), checked.payload(), pool.agents(), given)
        .callsPerSecond();
  }

  /** With a warning in the place of what is to be said about the agents. */
  public CheckedRequest withoutAgents(CheckedRequest checked, String why) {
    List<Finding> warnings = new ArrayList<>(checked.warnings());
    warnings.add(
        new Finding(
            "agentPoolId",
            "agents",
            "Its agents could not be checked: "
                + why
                + " They are checked when it is launched. Until then there is no forecast."));
    return checked.with(checked.findings(), warnings, checked.rules());
  }

  /** With a finding: the file of contacts that it names went with an earlier file of campaigns. */
  public CheckedRequest withoutContacts(CheckedRequest checked) {
    List<Finding> findings = new ArrayList<>(checked.findings());
    findings.add(BroughtContacts.gone(checked.request()));
    return checked.with(findings, checked.warnings(), checked.rules());
  }

  /** The pool to ask CXone for; null when the request names none that could be asked for. */
  public String poolId(CheckedRequest checked) {
    boolean named =
        checked.given().path("agentPoolId").isTextual()
            && checked.findings().stream().noneMatch(f -> f.field().equals("agentPoolId"));
    return named ? checked.given().path("agentPoolId").asText() : null;
  }

  /**
   * Refuses a request with findings.
   *
   * @throws InvalidRequestException naming all of them
   */
  public void refuse(CheckedRequest checked) {
    throw new InvalidRequestException(checked.findings(), checked.more());
  }

  /**
   * Takes a request without findings, or one that was taken before it had any. It is durable from
   * then on.
   *
   * @param sender who wants it launched: a {@link By}, or the name that a route gives to where it
   *     takes requests from, such as a queue; a repeat of somebody else's changes nothing
   * @throws ConflictException when its key was used for another request, or its name is carried by
   *     a campaign that has not ended
   * @throws InvalidRequestException when it has findings and was not taken before
   */
  public Taken take(CheckedRequest checked, Object sender) {
    By by = sender instanceof By known ? known : By.inbox(Objects.toString(sender, ""));
    Taken taken = store.write(tx -> takeIn(tx, checked, null, by));
    if (taken.repeat()) {
      LOG.info(
          "Campaign {} was handed in again; nothing is launched twice.", taken.campaign().id());
    } else {
      LOG.info(
          "Campaign {} ({}) is taken, by {}.", taken.campaign().id(), taken.campaign().name(), by);
    }
    return taken;
  }

  /**
   * The same in a transaction of the caller's, for the entry of a file that has this key.
   *
   * @throws InvalidRequestException when there are findings, unless the same request was taken
   *     before they were
   */
  public Taken takeIn(Tx tx, CheckedRequest checked, String sourceKey, By by) {
    if (!checked.valid()) {
      return Repeats.whenValid(tx.sql(), checked, sourceKey)
          .map(before -> new Taken(before, true))
          .orElseThrow(() -> new InvalidRequestException(checked.findings(), checked.more()));
    }
    Campaign fresh = campaign(tx, checked, sourceKey);
    Archived.keysAreFree(tx.sql(), fresh.externalId(), fresh.sourceKey());
    for (int tries = 0; tries < 3; tries++) {
      // the index knows nothing of names that were alike before it was there
      boolean free = CampaignStore.carrying(tx.sql(), fresh.name()).isEmpty();
      boolean filed = BroughtContacts.areStored(tx.sql(), fresh.request());
      if (free && filed && writes.insert(tx, fresh)) {
        bindContacts(tx, fresh);
        received(tx, fresh, checked, by);
        return new Taken(fresh, false);
      }
      Optional<Campaign> before = Repeats.of(tx.sql(), fresh);
      if (before.isPresent()) {
        return new Taken(before.get(), true);
      }
      Repeats.nameIsFree(tx.sql(), fresh.name());
      if (!filed) {
        throw new InvalidRequestException(List.of(BroughtContacts.missing(fresh.request())));
      }
    }
    throw new IllegalStateException(
        "The campaign " + fresh.name() + " can neither be added nor found");
  }

  /**
   * Makes sure that a good request would be taken now, and not be rejected for its contacts:
   * neither its name nor its key stands in the way.
   *
   * @return whether the same request was taken before, so that nothing would be launched
   * @throws ConflictException as taking it would
   */
  public boolean takeable(CheckedRequest checked) {
    JdbcClient sql = store.read();
    String externalId = checked.request().path("externalId").asText(null);
    boolean before = Repeats.of(sql, externalId, Json.fingerprint(checked.given())).isPresent();
    if (!before) {
      Archived.keysAreFree(sql, externalId, null);
      Repeats.nameIsFree(sql, checked.request().path("name").asText());
      if (!BroughtContacts.areStored(sql, checked.request())) {
        throw new InvalidRequestException(List.of(BroughtContacts.missing(checked.request())));
      }
      refuseUncallable(checked.request());
    }
    return before;
  }

  /** As a launch does once it has read the file; by its first lines. */
  private void refuseUncallable(ObjectNode request) {
    ObjectNode held = request.has("contacts") ? contacts.preview(request.path("contacts")) : null;
    BroughtContacts.uncallable(held)
        .ifPresent(
            finding -> {
              throw new InvalidRequestException(List.of(finding));
            });
  }

  private void bindContacts(Tx tx, Campaign fresh) {
    if (fresh.request().has("contacts")
        && !contacts.bind(tx, fresh.id(), fresh.request().path("contacts"))) {
      throw new IllegalStateException("The contacts of " + fresh.id() + " were removed just now");
    }
  }

  /**
   * Whether a request with findings was taken, with the same key, before there were any: its stopAt
   * is over by now, a policy has changed, agents have gone.
   */
  public boolean taken(CheckedRequest checked) {
    return Repeats.whenValid(store.read(), checked, null).isPresent();
  }

  private void received(Tx tx, Campaign campaign, CheckedRequest checked, By by) {
    StepResult taken = StepResult.of(Outcome.TAKEN, "Taken.").by(by);
    writes.tell(tx, transitions.next(campaign, Step.TAKE, taken, tx.now()));
    for (Finding warning : checked.warnings()) {
      campaigns.audit(tx, campaign, "COMPLIANCE_WARNING", Compliance.details(warning));
    }
  }

  private Campaign campaign(Tx tx, CheckedRequest checked, String sourceKey) {
    ObjectNode request = checked.request();
    return new Campaign(
        Ids.next("cmp", tx.now()),
        request.path("externalId").asText(null),
        sourceKey,
        Json.fingerprint(checked.given()),
        request.path("name").asText(),
        request,
        checked.payload(),
        Compliance.received(checked, checks.asksPlatform()),
        checked.policy(),
        Stage.RECEIVED,
        tx.now(),
        tx.now(),
        time(request, "activateAt"),
        time(request, "stopAt"),
        null,
        null,
        null,
        null,
        0,
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        0,
        0,
        false,
        null,
        null,
        null,
        0,
        false,
        null,
        0,
        0,
        PriorityClass.LAUNCH,
        tx.now(),
        null,
        tx.now(),
        false,
        false);
  }

  private static Long time(ObjectNode request, String field) {
    String text = request.path(field).asText(null);
    return text == null ? null : OffsetDateTime.parse(text).toInstant().toEpochMilli();
  }
}
