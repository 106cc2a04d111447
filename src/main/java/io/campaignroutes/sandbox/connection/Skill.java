package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.AbandonControl;
import io.campaignroutes.dialer.AbandonDay;
import io.campaignroutes.dialer.CallingRecords;
import io.campaignroutes.dialer.DialRatio;
import io.campaignroutes.dialer.SkillDialing;
import io.campaignroutes.dialer.SkillManner;
import io.campaignroutes.sandbox.SandboxJson;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A skill of the tenant: what was set for it, who is assigned to it, and what dials for it. */
final class Skill {

  private static final String STRATEGY = "Personal Connection";

  private final int id;
  private final ObjectNode fields;
  private final SkillDialing dialing;
  private final AbandonDay accountDay;
  private final AbandonDay ownDay;
  private final long visibleFrom;
  private final Map<SettingBlock, ObjectNode> blocks = new EnumMap<>(SettingBlock.class);
  private final Map<Integer, CallingRecords> lists = new TreeMap<>();
  private final TreeSet<Integer> groups = new TreeSet<>();
  private final TreeSet<Integer> contributes = new TreeSet<>();
  private final Map<Integer, Integer> proficiencies = new TreeMap<>();
  private boolean running;
  private Boolean next;
  private boolean force;
  private long nextAt;

  /**
   * A skill that does not run, without agents and lists.
   *
   * @param visibleFrom time from which lists of skills have it, in milliseconds since the epoch
   */
  Skill(
      int id,
      ObjectNode fields,
      SkillDialing dialing,
      AbandonDay accountDay,
      AbandonDay ownDay,
      long visibleFrom) {
    this.id = id;
    this.fields = fields;
    this.dialing = dialing;
    this.accountDay = accountDay;
    this.ownDay = ownDay;
    this.visibleFrom = visibleFrom;
    for (SettingBlock block : SettingBlock.values()) {
      blocks.put(block, block.usual());
    }
    follow();
  }

  int id() {
    return id;
  }

  String name() {
    return fields.path("skillName").asText();
  }

  int campaignId() {
    return fields.path("campaignId").asInt();
  }

  boolean active() {
    return fields.path("isActive").asBoolean(true);
  }

  boolean dials() {
    return fields.path("isOutbound").asBoolean()
        && STRATEGY.equals(fields.path("outboundStrategy").asText());
  }

  boolean visible(long now) {
    return now >= visibleFrom;
  }

  SkillDialing dialing() {
    return dialing;
  }

  ObjectNode fields() {
    return fields;
  }

  Map<Integer, CallingRecords> lists() {
    return lists;
  }

  /** Do-not-call groups whose numbers it may not dial. */
  TreeSet<Integer> groups() {
    return groups;
  }

  /** Do-not-call groups to which it adds. */
  TreeSet<Integer> contributes() {
    return contributes;
  }

  /** Agents who are assigned, with how good each is at it. */
  Map<Integer, Integer> proficiencies() {
    return proficiencies;
  }

  boolean running() {
    return running;
  }

  /** Whether it is running, or will be in a moment. */
  boolean willRun() {
    return next == null ? running : next;
  }

  /** From a time on it runs, or does not. */
  void runs(boolean on, boolean cut, long at) {
    next = on;
    force = cut;
    nextAt = at;
  }

  /** Lets what was accepted come to pass. */
  void advance(long now) {
    if (next != null && nextAt <= now) {
      running = next;
      if (next) {
        dialing.start();
      } else {
        dialing.stop(force);
      }
      next = null;
    }
  }

  ObjectNode block(SettingBlock block) {
    return blocks.get(block);
  }

  /** Writes a block; from now on it dials by that. */
  void write(SettingBlock block, ObjectNode values) {
    blocks.put(block, values);
    ObjectNode general = blocks.get(SettingBlock.GENERAL);
    ObjectNode retry = blocks.get(SettingBlock.RETRY);
    ObjectNode from = block == SettingBlock.RETRY ? retry : general;
    ObjectNode to = block == SettingBlock.RETRY ? general : retry;
    if (block == SettingBlock.RETRY || block == SettingBlock.GENERAL) { // they mirror each other
      for (String shared :
          new String[] {"maximumAttempts", "minimumRetryMinutes", "loadNonFresh"}) {
        to.set(shared, from.get(shared));
      }
    }
    follow();
  }

  private void follow() {
    ObjectNode general = blocks.get(SettingBlock.GENERAL);
    ObjectNode retry = blocks.get(SettingBlock.RETRY);
    boolean own = general.path("overrideBusinessUnitAbandonRate").asBoolean();
    dialing.judgedBy(own ? ownDay : accountDay);
    boolean mayCall = zoneActive();
    dialing.dials(
        new SkillManner(
            new DialRatio(
                general.path("maximumRatio").asInt(1),
                general.path("percentageOfAgentsBeforeOverdial").asInt(),
                general.path("blockMultipleCalls").asBoolean()),
            ramp(general.path("aggressiveness").asText()),
            general.path("maximumRingingDuration").asInt(20),
            blocks.get(SettingBlock.CPA).path("abandonTimeout").asInt(2),
            general.path("maximumAttempts").asInt(3),
            general.path("minimumRetryMinutes").asInt(60) * 60.0,
            retry.path("restrictedCallingMinutes").asInt() * 60.0,
            retry.path("restrictedCallingMaxAttempts").asInt(),
            mayCall && general.path("loadFresh").asBoolean(true),
            mayCall && general.path("loadNonFresh").asBoolean(true),
            own ? ownControl(general) : AbandonControl.cxone()));
  }

  /** Zones that were left out of a write are switched off; before the first one all are on. */
  private boolean zoneActive() {
    JsonNode zones = blocks.get(SettingBlock.ZONES).path("timeZoneSettings");
    boolean active = zones.isEmpty();
    for (JsonNode zone : zones) {
      active |=
          zone.path("timeZoneActiveToCall").asBoolean()
              && ZoneNames.BUSINESS_UNIT.equals(zone.path("standardName").asText());
    }
    return active;
  }

  private static AbandonControl ownControl(ObjectNode general) {
    double allowed = Math.max(0.001, general.path("abandonRateThreshold").asDouble() / 100);
    double cutoff = Math.min(allowed * 0.9, general.path("abandonRateCutoff").asDouble() / 100);
    double begins = general.path("beginDampenPercentage").asDouble() / 100;
    double engages = Math.min(begins, (allowed - cutoff) / allowed * 0.999);
    return new AbandonControl(allowed, engages, cutoff, 3, 300);
  }

  private static double ramp(String aggressiveness) {
    return switch (aggressiveness) {
      case "aggressive" -> 10;
      case "moderate" -> 30;
      default -> 60;
    };
  }

  /** As {@code GET /skills} tells it. */
  ObjectNode json() {
    ObjectNode json = SandboxJson.object().put("skillId", id);
    json.setAll(fields);
    return json.put("isRunning", running)
        .put("isNaturalCalling", dials())
        .put("mediaTypeName", "Phone Call");
  }
}
