package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.AbandonDay;
import io.campaignroutes.dialer.CallingRecords;
import io.campaignroutes.dialer.Dialer;
import io.campaignroutes.dialer.Operator;
import io.campaignroutes.dialer.OutboundCall;
import io.campaignroutes.dialer.People;
import io.campaignroutes.dialer.Schedule;
import io.campaignroutes.sandbox.SandboxJson;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tenant has: teams, agents, campaigns, skills, lists and do-not-call groups, and the
 * world in which its skills dial. Every look first brings it up to the clock. One thread at a time.
 */
final class BusinessUnit {

  static final int ID = 4500001;

  /** The do-not-call group that every new skill gets. */
  static final int DNC_GROUP = 70;

  /** Of so many numbers one is in the group. */
  private static final int DNC_EACH = 40;

  /** Time lost longer than this (a machine asleep) is not made up for. */
  private static final long MAX_CATCH_UP_MS = 3_600_000;

  private static final int FIRST_TEAM = 30;
  private static final int[] TEAM_SIZES = {12, 20};

  private static final People PEOPLE =
      new People(
          Schedule.constant(0.3),
          Schedule.constant(180),
          0.9,
          false,
          7,
          3,
          22,
          0.15,
          2,
          2,
          false,
          0.1,
          1.2,
          0.03,
          0,
          10);

  private final Clock clock;
  private final PersonalConnectionProperties properties;
  private final Dialer world;
  private final ContactLog log;
  private final AbandonDay day;
  private final Map<Integer, Agent> agents = new TreeMap<>();
  private final Map<Integer, ObjectNode> campaigns = new TreeMap<>();
  private final TreeMap<Integer, Skill> skills = new TreeMap<>();
  private final TreeMap<Integer, CallingList> lists = new TreeMap<>();
  private final Map<String, ListUpload> uploads = new LinkedHashMap<>();
  private LocalDate date;
  private long began;
  private long now;
  private long shift = Long.MIN_VALUE;
  private boolean predictive = true;
  private boolean skillRates = true;

  BusinessUnit(Clock clock, PersonalConnectionProperties properties) {
    this.clock = clock;
    this.properties = properties;
    began = clock.millis();
    now = began;
    world = new Dialer(properties.seed());
    day = new AbandonDay(world);
    log = new ContactLog(properties, second -> began + Math.round(second * 1000));
    date = today();
    seed();
  }

  private void seed() {
    ObjectNode campaign = SandboxJson.object().put("name", "Outbound").put("isActive", true);
    campaigns.put(501, campaign.put("description", "").put("notes", ""));
    int id = 1001;
    for (int team = 0; team < TEAM_SIZES.length; team++) {
      for (int place = 0; place < TEAM_SIZES[team]; place++, id++) {
        // one works in another zone, one has left
        String zone = id == 1012 ? "US Mountain Standard Time" : null;
        agents.put(
            id, new Agent(id, FIRST_TEAM + team, place, zone, id != 1011, world.operator(id)));
      }
      ObjectNode fields =
          SandboxJson.object()
              .put("mediaTypeId", 4)
              .put("skillName", team == 0 ? "Spring offer" : "Renewals")
              .put("campaignId", 501)
              .put("isOutbound", true)
              .put("outboundStrategy", "Personal Connection")
              .put("isActive", true)
              .put("callerIdOverride", "+1212555010" + team)
              .put("notes", "");
      Skill skill = addSkill(20001 + team, fields, Long.MIN_VALUE);
      int ofTeam = FIRST_TEAM + team;
      agents.values().stream()
          .filter(agent -> agent.teamId() == ofTeam && agent.active())
          .forEach(agent -> assign(skill, agent, 3));
      String name = team == 0 ? "Spring customers" : "Contracts that end";
      addList(40001 + team, name).filled(properties.records());
      bind(skill, 40001 + team, properties.records());
    }
    inbound();
  }

  /** A skill of another kind: it cannot be started. */
  private void inbound() {
    addSkill(
        20000,
        SandboxJson.object()
            .put("mediaTypeId", 4)
            .put("skillName", "Hotline")
            .put("campaignId", 501)
            .put("isOutbound", false)
            .put("outboundStrategy", "Manual")
            .put("isActive", true),
        Long.MIN_VALUE);
  }

  /** Brings everything up to the clock. */
  void advance() {
    now = Math.max(now, clock.millis());
    if (now - began - world.now() * 1000 > MAX_CATCH_UP_MS) {
      began = now - MAX_CATCH_UP_MS - Math.round(world.now() * 1000);
    }
    double target = (now - began) / 1000.0;
    do { // agents come and go, and skills start, in the moment in which they do
      double step = Math.min(target, Math.floor(world.now()) + 1);
      world.advanceTo(step);
      long at = began + Math.round(step * 1000);
      skills.values().forEach(skill -> skill.advance(at));
      if (Agent.shift(at / 1000) != shift) {
        shift = Agent.shift(at / 1000);
        agents.values().forEach(agent -> agent.operator().wants(agent.presence(at / 1000)));
      }
    } while (world.now() < target);
    world.forget(world.now() - 60);
    log.advance(now);
    settleUploads();
    if (!today().equals(date)) {
      date = today();
      day.begins();
    }
  }

  private void settleUploads() {
    for (ListUpload upload : uploads.values()) {
      if (upload.due(now)) {
        int taken = lists.get(upload.listId()).filled(upload.ended());
        if (taken > 0) {
          bind(skills.get(upload.skillId()), upload.listId(), taken);
        }
      }
    }
  }

  private LocalDate today() {
    return Instant.ofEpochMilli(now).atZone(ZoneNames.BUSINESS_UNIT_ID).toLocalDate();
  }

  long now() {
    return now;
  }

  /** Seconds of the world to milliseconds since the epoch. */
  long millis(double second) {
    return began + Math.round(second * 1000);
  }

  PersonalConnectionProperties properties() {
    return properties;
  }

  Map<Integer, Agent> agents() {
    return agents;
  }

  Map<Integer, ObjectNode> campaigns() {
    return campaigns;
  }

  TreeMap<Integer, CallingList> lists() {
    return lists;
  }

  Map<String, ListUpload> uploads() {
    return uploads;
  }

  Collection<Skill> skills() {
    return skills.values();
  }

  ContactLog log() {
    return log;
  }

  AbandonDay day() {
    return day;
  }

  boolean team(int id) {
    return id >= FIRST_TEAM && id < FIRST_TEAM + TEAM_SIZES.length;
  }

  Collection<Integer> teams() {
    return java.util.stream.IntStream.range(FIRST_TEAM, FIRST_TEAM + TEAM_SIZES.length)
        .boxed()
        .toList();
  }

  boolean predictive() {
    return predictive;
  }

  /** Whether there may be more than one line for an agent. */
  void predictive(boolean allowed) {
    predictive = allowed;
    skills.values().forEach(skill -> skill.dialing().predictive(allowed));
  }

  boolean skillRates() {
    return skillRates;
  }

  /** Whether skills may have abandon rates of their own. */
  void skillRates(boolean allowed) {
    skillRates = allowed;
  }

  /** A skill. */
  Skill skill(int id, int unknown) {
    Skill skill = skills.get(id);
    if (skill == null) {
      throw unknown == 500
          ? Refused.told(500, "Internal Server Error")
          : Refused.header(unknown, "InvalidSkillId");
    }
    return skill;
  }

  /** A skill that dials; 404 for any other, as for one that there is not. */
  Skill dialingSkill(int id) {
    Skill skill = skill(id, 404);
    if (!skill.dials()) {
      throw Refused.header(404, "InvalidSkillId");
    }
    return skill;
  }

  int nextSkillId() {
    return skills.lastKey() + 1;
  }

  Skill addSkill(int id, ObjectNode fields, long visibleFrom) {
    Skill[] made = new Skill[1];
    AbandonDay own = new AbandonDay(world);
    made[0] =
        new Skill(
            id,
            fields,
            world.skill(id, PEOPLE, day, (OutboundCall call) -> log.told(call, made[0])),
            day,
            own,
            visibleFrom);
    made[0].dialing().predictive(predictive);
    made[0].groups().add(DNC_GROUP);
    skills.put(id, made[0]);
    return made[0];
  }

  /** A list that is told of at once. */
  CallingList addList(int id, String name) {
    return addList(id, name, new ListFile.Columns("externalId", "phone"), Long.MIN_VALUE);
  }

  CallingList addList(int id, String name, ListFile.Columns columns, long visibleFrom) {
    CallingList list = new CallingList(id, name, columns, now, visibleFrom);
    lists.put(id, list);
    return list;
  }

  /** So many records of a list are a skill's to dial. */
  void bind(Skill skill, int list, int records) {
    CallingRecords known = skill.lists().get(list);
    if (known != null) {
      known.add(records);
      return;
    }
    CallingRecords made = new CallingRecords(records, 1);
    made.blocks(record -> !skill.groups().isEmpty() && record % DNC_EACH == DNC_EACH - 1);
    skill.lists().put(list, made);
    skill.dialing().dialsList(made);
  }

  void assign(Skill skill, Agent agent, int proficiency) {
    skill.proficiencies().put(agent.id(), proficiency);
    skill.dialing().assign(agent.operator());
  }

  void unassign(Skill skill, Agent agent) {
    skill.proficiencies().remove(agent.id());
    skill.dialing().unassign(agent.operator());
  }

  /** Adds a team of further agents, of whom all are there: for trials of many skills. */
  void addAgents(Skill skill, int firstId, int count) {
    for (int n = 0; n < count; n++) {
      Operator operator = world.operator(firstId + n);
      Agent agent = new Agent(firstId + n, FIRST_TEAM, 0, null, true, operator);
      agents.put(agent.id(), agent);
      assign(skill, agent, 3);
      operator.wants(Operator.State.WAITING);
    }
  }
}
