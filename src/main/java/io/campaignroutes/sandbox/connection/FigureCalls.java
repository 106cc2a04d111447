package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.Operator;
import io.campaignroutes.dialer.OutboundCall;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the tenant tells of its calls: now, of those that ended, and over stretches of time. */
final class FigureCalls {

  private static final int FLAT = 33;
  private static final Duration MAX_RANGE = Duration.ofDays(30);
  private static final Answer NOTHING = new Answer(204, Map.of(), new byte[0]);

  private final BusinessUnit unit;
  private List<ObjectNode> activity = List.of();
  private long activityAt = Long.MIN_VALUE / 2;

  FigureCalls(BusinessUnit unit) {
    this.unit = unit;
  }

  void register(CallTable calls) {
    calls
        .add("skillActivity", "GET", "/skills/(\\d+)/activity", this::activityOfOne)
        .add("activity", "GET", "/skills/activity", this::activityOfAll)
        .add("searchActivity", "POST", "/skills/activity/search", this::search)
        .add("activeContacts", "GET", "/contacts/active", this::activeContacts)
        .add("contactStates", "GET", "/contact-state-descriptions", this::contactStates)
        .add("skillSummary", "GET", "/skills/(\\d+)/summary", this::summaryOfOne)
        .add("summary", "GET", "/skills/summary", this::summary)
        .add("completedContacts", "GET", "/contacts/completed", this::completed)
        .add("dialerContacts", "GET", "/wfm-data/skills/dialer-contacts", this::intervals);
  }

  /** The activity is told as it was some seconds ago. */
  private List<ObjectNode> activity() {
    if (unit.now() - activityAt >= unit.properties().cache().toMillis()) {
      activityAt = unit.now();
      activity = unit.skills().stream().map(this::activity).toList();
    }
    return activity;
  }

  private ObjectNode activity(Skill skill) {
    Collection<Operator> agents = skill.dialing().agents();
    long loggedOut = count(agents, Operator.State.LOGGED_OUT);
    long waiting = count(agents, Operator.State.WAITING);
    return SandboxJson.object()
        .put("serverTime", Instant.ofEpochMilli(activityAt).toString())
        .put("businessUnitId", BusinessUnit.ID)
        .put("skillId", skill.id())
        .put("skillName", skill.name())
        .put("campaignId", skill.campaignId())
        .put("mediaTypeId", 4)
        .put("isActive", skill.active())
        .put("isOutbound", skill.fields().path("isOutbound").asBoolean())
        .put("isNaturalCalling", skill.dials())
        .put("agentsLoggedIn", agents.size() - loggedOut)
        .put("agentsAvailable", waiting)
        .put("agentsIdle", waiting)
        .put("agentsWorking", count(agents, Operator.State.TALKING))
        .put("agentsACW", count(agents, Operator.State.WRAP_UP))
        .put("agentsUnavailable", count(agents, Operator.State.UNAVAILABLE))
        .put("contactsActive", skill.dialing().active().size())
        .put("queueCount", String.valueOf(skill.dialing().waiting()))
        .put("skillQueueCount", String.valueOf(skill.dialing().waiting()))
        .put("parkedCount", 0)
        .put("inSLA", 0)
        .put("outSLA", 0);
  }

  private static long count(Collection<Operator> agents, Operator.State state) {
    return agents.stream().filter(agent -> agent.state() == state).count();
  }

  private Answer activityOfOne(TenantCall call) {
    unit.skill(call.number(0), 404);
    return told(call, skill -> skill.get("skillId").asInt() == call.number(0));
  }

  private Answer activityOfAll(TenantCall call) {
    String outbound = call.query().getOrDefault("IsOutbound", call.query().get("isOutbound"));
    return told(
        call,
        skill ->
            outbound == null
                || skill.get("isOutbound").asBoolean() == Boolean.parseBoolean(outbound));
  }

  private Answer told(TenantCall call, Predicate<ObjectNode> which) {
    List<ObjectNode> found = activity().stream().filter(which).toList();
    ObjectNode around = SandboxJson.object();
    Answer page = call.page(around, "skillActivity", found, 1000);
    return call.version() > 23
        ? page
        : Answer.json(200, SandboxJson.object().set("resultSet", around));
  }

  /** One call for all skills that are asked for; it spells two of its fields in its own way. */
  private Answer search(TenantCall call) {
    if (call.version() < FLAT) {
      throw Refused.header(404, "resource not found");
    }
    ObjectNode body = call.body();
    Set<Integer> asked = new HashSet<>();
    body.path("filter").path("skillIds").forEach(id -> asked.add(id.asInt()));
    JsonNode outbound = body.path("filter").path("isOutbound");
    List<ObjectNode> found =
        activity().stream()
            .filter(skill -> asked.isEmpty() || asked.contains(skill.get("skillId").asInt()))
            .filter(
                skill ->
                    outbound.isMissingNode()
                        || skill.get("isOutbound").asBoolean() == outbound.asBoolean())
            .map(
                skill -> {
                  ObjectNode told = skill.deepCopy();
                  told.set("agentsAvaliable", told.remove("agentsAvailable"));
                  told.set("agentsUnavaliable", told.remove("agentsUnavailable"));
                  return told;
                })
            .toList();
    ObjectNode answer = SandboxJson.object();
    ArrayNode page = answer.putArray("skillActivity");
    found.stream()
        .skip(Math.max(0, body.path("skip").asInt()))
        .limit(Math.min(1000, Math.max(1, body.path("top").asInt(100))))
        .forEach(page::add);
    return Answer.json(200, answer.put("totalRecords", found.size()));
  }

  private Answer activeContacts(TenantCall call) {
    Integer of = call.filter("skillId");
    List<ObjectNode> found =
        unit.skills().stream()
            .filter(skill -> of == null || skill.id() == of)
            .flatMap(skill -> skill.dialing().active().stream())
            .map(this::active)
            .toList();
    if (found.isEmpty()) {
      return NOTHING;
    }
    ObjectNode around = SandboxJson.object().put("lastPollTime", time(unit.now()));
    Answer page = call.page(around, "activeContacts", found, 1000);
    return call.version() >= FLAT
        ? page
        : Answer.json(200, SandboxJson.object().set("resultSet", around));
  }

  private ObjectNode active(OutboundCall call) {
    boolean talks = call.agent() != null;
    boolean answered = !Double.isNaN(call.answeredAt());
    ObjectNode json =
        SandboxJson.object()
            .put("contactId", call.id())
            .put("skillId", String.valueOf(call.skill().id()))
            .put("stateId", talks ? 4 : answered ? 2 : 10)
            .put("stateName", talks ? "Active" : answered ? "InQueue" : "Dialing")
            .put("isOutbound", true)
            .put("startDate", time(unit.millis(call.dialedAt())));
    return talks ? json.put("agentId", call.agent().id()) : json.putNull("agentId");
  }

  private Answer contactStates(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    ArrayNode all = answer.putArray("contactStates");
    Map<Integer, String> names = Map.of(2, "InQueue", 4, "Active", 10, "Dialing");
    names.forEach(
        (id, name) ->
            all.addObject().put("ContactStateId", id).put("ContactStateDescription", name));
    return Answer.json(200, answer);
  }

  private Answer completed(TenantCall call) {
    Instant since = call.time("updatedSince");
    Instant from = call.time("startDate");
    Instant to = call.time("endDate");
    Integer skill = call.filter("skillId");
    List<ObjectNode> found =
        unit.log().changedSince(since == null ? Long.MIN_VALUE : since.toEpochMilli()).stream()
            .filter(contact -> skill == null || contact.get("skillId").asInt() == skill)
            .filter(contact -> from == null || !started(contact).isBefore(from))
            .filter(contact -> to == null || started(contact).isBefore(to))
            .map(contact -> inVersion(contact, call.version()))
            .toList();
    if (found.isEmpty()) {
      return NOTHING;
    }
    ObjectNode around =
        SandboxJson.object()
            .put("businessUnitId", BusinessUnit.ID)
            .put("lastPollTime", time(unit.now()));
    return call.page(around, "completedContacts", found, 10_000);
  }

  private static ObjectNode inVersion(ObjectNode contact, int version) {
    ObjectNode told = contact.deepCopy();
    told.remove(version >= FLAT ? "contactStartDate" : "contactStart");
    return told;
  }

  private static Instant started(ObjectNode contact) {
    return Instant.parse(contact.get("contactStart").asText());
  }

  private Answer summaryOfOne(TenantCall call) {
    Skill skill = unit.skill(call.number(0), 404);
    return summaries(call, List.of(skill));
  }

  private Answer summary(TenantCall call) {
    return summaries(call, unit.skills().stream().filter(Skill::dials).toList());
  }

  private Answer summaries(TenantCall call, List<Skill> skills) {
    Instant from = required(call, "startDate");
    Instant to = required(call, "endDate");
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(MAX_RANGE) > 0) {
      throw Refused.header(400, "InvalidParameter");
    }
    List<ObjectNode> found =
        skills.stream()
            .map(
                skill -> {
                  Totals totals = totals(skill, from.toEpochMilli(), to.toEpochMilli());
                  return summary(skill, totals, call.version());
                })
            .toList();
    return call.page(SandboxJson.object(), "skillSummaries", found, 1000);
  }

  private static Instant required(TenantCall call, String name) {
    Instant time = call.time(name);
    if (time == null) {
      throw Refused.header(400, "InvalidParameter");
    }
    return time;
  }

  private record Totals(long dials, long connects, long abandons, long handled, double seconds) {}

  private Totals totals(Skill skill, long from, long to) {
    long dials = 0;
    long connects = 0;
    long abandons = 0;
    long handled = 0;
    double seconds = 0;
    List<OutboundCall> calls =
        Stream.concat(unit.log().ended().stream(), skill.dialing().active().stream())
            .filter(call -> call.skill() == skill.dialing())
            .toList();
    for (OutboundCall call : calls) {
      dials += within(call.dialedAt(), from, to);
      connects += within(call.connectedAt(), from, to);
      if (call.outcome() == OutboundCall.Outcome.ABANDONED) {
        abandons += within(call.endedAt(), from, to);
      }
      if (within(call.wrapUpEndedAt(), from, to) > 0) {
        handled++;
        seconds += call.wrapUpEndedAt() - call.connectedAt();
      }
    }
    return new Totals(dials, connects, abandons, handled, seconds);
  }

  private long within(double second, long from, long to) {
    if (Double.isNaN(second)) {
      return 0;
    }
    long at = unit.millis(second);
    return at >= from && at < to ? 1 : 0;
  }

  private ObjectNode summary(Skill skill, Totals totals, int version) {
    long answered = totals.connects() + totals.abandons();
    double mean = totals.handled() == 0 ? 0 : totals.seconds() / totals.handled();
    ObjectNode json =
        SandboxJson.object()
            .put("skillId", skill.id())
            .put("skillName", skill.name())
            .put("isOutbound", true)
            .put("abandonCount", String.valueOf(totals.abandons()))
            .put("abandonRate", answered == 0 ? 0 : 100.0 * totals.abandons() / answered)
            .put("contactsActive", skill.dialing().active().size())
            .put("contactsHandled", String.valueOf(totals.handled()))
            .put("contactsOffered", String.valueOf(answered))
            .put("dials", String.valueOf(totals.dials()))
            .put("connects", String.valueOf(totals.connects()))
            .put("rightPartyConnects", "0");
    return version >= FLAT
        ? json.put("averageHandleTime", Duration.ofSeconds(Math.round(mean)).toString())
            .put("connectsAHT", Duration.ofSeconds(Math.round(mean)).toString())
        : json.put("averageHandleTime", Math.round(mean)).put("connectsAHT", mean / 60);
  }

  /** By quarters of an hour; the newest is not told. */
  private Answer intervals(TenantCall call) {
    Instant from = required(call, "startDate");
    Instant to = required(call, "endDate");
    Instant quarter =
        Instant.ofEpochMilli(unit.now() / 900_000 * 900_000).truncatedTo(ChronoUnit.SECONDS);
    if (to.isAfter(quarter)) {
      throw Refused.told(409, "Interval Contact Data Pending");
    }
    ObjectNode answer = SandboxJson.object();
    ArrayNode all = answer.putArray(call.version() >= 24 ? "outboundStats" : "wfM_OB_StatsV9");
    for (Instant start = from; start.isBefore(to); start = start.plusSeconds(900)) {
      for (Skill skill : unit.skills().stream().filter(Skill::dials).toList()) {
        Totals totals = totals(skill, start.toEpochMilli(), start.plusSeconds(900).toEpochMilli());
        all.addObject()
            .put("intervalStartDate", start.toString())
            .put("skillId", skill.id())
            .put("dials", totals.dials())
            .put("connects", totals.connects())
            .put("abandons", totals.abandons());
      }
    }
    return Answer.json(200, answer);
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
