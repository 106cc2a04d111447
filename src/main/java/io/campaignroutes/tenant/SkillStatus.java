package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/**
 * How a campaign stands, made of what its skill is seen to do and of what was asked of it last. The
 * words are those under {@code statuses:} of the platform's file.
 */
@Component
public final class SkillStatus {
  /** From the wish to start to the end of the call: its wait for a turn, and its deadline. */
  private static final long LONGEST_CALL = 15_000;

  private final Store store;
  private final SkillRows rows;
  private final SkillEnds ends;
  private final SkillSightings sightings;
  private final Duration startWithin;

  SkillStatus(
      Store store,
      SkillRows rows,
      SkillEnds ends,
      SkillSightings sightings,
      SkillProperties properties) {
    this.store = store;
    this.rows = rows;
    this.ends = ends;
    this.sightings = sightings;
    this.startWithin = properties.startWithin();
  }

  /** What was asked of a campaign's skill last: START, PAUSE or STOP; empty for nothing yet. */
  public Optional<String> asked(String campaignId) {
    return rows.of(campaignId).map(SkillRow::asked).map(Enum::name);
  }

  /** What a person has done to it since, START or STOP; empty for nothing. */
  public Optional<String> byPerson(String campaignId) {
    return rows.of(campaignId).map(SkillRow::byPerson).map(Enum::name);
  }

  /**
   * A person was seen to start or to stop it, which is left so until an operator wants otherwise.
   */
  public void personDid(Tx tx, String campaignId, boolean started) {
    SkillRow.Asked did = started ? SkillRow.Asked.START : SkillRow.Asked.STOP;
    rows.set(tx, campaignId, Map.of("by_person", did));
  }

  /** Whether a stop is to end the calls that are under way, too. */
  public boolean isForced(PlatformRequest request) {
    return request.arguments().path("force").asBoolean();
  }

  /**
   * It is about to be started.
   *
   * @throws CxoneUnavailableException when it was given back meanwhile, or its calls would not be
   *     counted yet: it is not started
   * @throws CxoneRefusedException when a person has stopped it and only its pacing wants it to dial
   *     again
   */
  public PlatformRequest starting(PlatformRequest request) {
    return asked(request, SkillRow.Asked.START);
  }

  /** It is about to be stopped for now. */
  public PlatformRequest pausing(PlatformRequest request) {
    return asked(request, SkillRow.Asked.PAUSE);
  }

  /** It is about to be stopped for good. */
  public PlatformRequest stopping(PlatformRequest request) {
    return asked(request, SkillRow.Asked.STOP);
  }

  private PlatformRequest asked(PlatformRequest request, SkillRow.Asked asked) {
    boolean start = asked == SkillRow.Asked.START;
    Map<String, Object> columns = new HashMap<>();
    columns.put("asked", asked);
    columns.put("by_person", null);
    columns.put("stops", 0);
    if (start) {
      columns.put("ran", 0);
      columns.put("end_seen_at", null);
    }
    store.run(
        tx -> {
          String id = SkillRows.id(request);
          Optional<SkillRow> row = rows.locked(tx, id);
          if (!SkillRows.holds(tx, request)) {
            row.ifPresent(Skills::lost);
          }
          if (start) {
            row.filter(known -> known.state() != SkillRow.State.READY).ifPresent(Skills::lost);
            row.filter(known -> known.byPerson() == SkillRow.Asked.STOP)
                .filter(known -> request.urgency() == Urgency.PACING)
                .ifPresent(SkillStatus::leftStopped);
            if (!sightings.counts(tx)) {
              throw notCounted(request);
            }
            columns.put("start_until", tx.now() + LONGEST_CALL + startWithin.toMillis());
            row.ifPresent(known -> rows.begins(tx, known));
          } else {
            row.ifPresent(known -> columns.put("stops", stops(known)));
          }
          rows.set(tx, id, columns);
          row.map(SkillRow::skillId)
              .ifPresent(
                  skillId -> {
                    if (start) {
                      sightings.starts(tx, skillId);
                    } else {
                      sightings.ordered(tx, skillId);
                    }
                  });
        });
    return request;
  }

  /** How often a stop is sent with this time; one that a person's start came between is new. */
  private static int stops(SkillRow row) {
    boolean again =
        row.asked() != null
            && row.asked() != SkillRow.Asked.START
            && row.byPerson() != SkillRow.Asked.START;
    return again ? row.stops() + 1 : 1;
  }

  private static CxoneUnavailableException notCounted(PlatformRequest request) {
    return new CxoneUnavailableException(
        CxoneUnavailableException.Kind.UNREACHABLE,
        "Skill "
            + request.arguments().path("skillId").asText()
            + " is not started before the tenant's agents are read for the first time, or some of"
            + " its calls would not be counted.",
        null,
        null);
  }

  private static void leftStopped(SkillRow row) {
    throw new CxoneRefusedException(
        409,
        "STOPPED_BY_PERSON",
        "A person has stopped skill " + row.skillId() + " in CXone; it is left so.");
  }

  /** Whether a skill runs. */
  public boolean runs(JsonNode skill) {
    return skill.path("running").asBoolean();
  }

  /** A start was taken: it takes effect from now on. */
  public JsonNode started(PlatformRequest request) {
    rows.mayStart(request, row -> row.asked() == SkillRow.Asked.START && !row.ran(), startWithin);
    return answer(request, "STARTING", null);
  }

  /** It runs already. */
  public JsonNode running(PlatformRequest request) {
    seenRunning(request);
    return answer(request, "ACTIVE", null);
  }

  /**
   * A stop was taken. What it does is seen by the status only: where the skill was not seen to run
   * before, its start may still take effect.
   */
  public JsonNode stopTaken(PlatformRequest request) {
    if (rows.of(request).filter(SkillRow::ran).isPresent()) {
      rows.cannotStart(request);
    }
    return stopAsked(request);
  }

  private static JsonNode stopAsked(PlatformRequest request) {
    return answer(request, null, null);
  }

  /**
   * A start was refused: as good as taken where the skill runs. A conflict may be about a start
   * whose answer was lost and that is not to be seen yet, so that too is looked at until it is
   * late.
   *
   * @throws CxoneRefusedException any other refusal, when it does not run
   */
  public JsonNode startRefused(
      PlatformRequest request, JsonNode skill, CxoneRefusedException refusal) {
    if (runs(skill)) {
      return running(request);
    }
    if (refusal.conflict()) {
      return started(request);
    }
    throw refusal;
  }

  /**
   * A stop was refused: as good as done where the skill does not run.
   *
   * @throws CxoneRefusedException the refusal, when it does
   */
  public JsonNode stopRefused(
      PlatformRequest request, JsonNode skill, CxoneRefusedException refusal) {
    if (!runs(skill)) {
      notStoppedHere(request);
      return stopAsked(request);
    }
    throw refusal;
  }

  /** The first stop that was sent found it stopped: that was a person, unless it is through. */
  private void notStoppedHere(PlatformRequest request) {
    store.run(
        tx -> {
          String id = SkillRows.id(request);
          rows.locked(tx, id)
              .filter(row -> row.stops() == 1 && row.ran() && row.endSeenAt() == null)
              .ifPresent(row -> personDid(tx, id, false));
        });
  }

  /** Whether the look is one of many, for which what was read of all skills lately will do. */
  public boolean isSlowLook(PlatformRequest request) {
    return request.urgency() == Urgency.LOOK;
  }

  /**
   * The skill in a list of all.
   *
   * @param skills {@code {skills: [{id, running, active}]}}
   * @return null when it is not there, or runs though its campaign has ended, which may be from
   *     before that end: then it is asked for by its id
   */
  public JsonNode inList(PlatformRequest request, JsonNode skills) {
    String skillId = request.arguments().path("skillId").asText();
    boolean ended = request.arguments().path("ended").asBoolean();
    for (JsonNode skill : skills.path("skills")) {
      if (skill.path("id").asText().equals(skillId)) {
        return ended && runs(skill) ? null : skill;
      }
    }
    return null;
  }

  /**
   * Whether it runs though it has come to its end, or by a start that a stop came too early for.
   */
  public boolean isToStop(PlatformRequest request, JsonNode skill) {
    return runs(skill)
        && (ends.isThrough(request) || rows.of(request).filter(this::mayStillStart).isPresent());
  }

  /** Whether a start may take effect, or has, after something else was asked. */
  private boolean mayStillStart(SkillRow row) {
    return row.state() != SkillRow.State.CLOSED
        && row.asked() != null
        && row.asked() != SkillRow.Asked.START
        && row.mayStart(store.now());
  }

  /** Whether it is to be given back now: it is not to dial any more, and does not. */
  public boolean isToClose(PlatformRequest request, JsonNode skill) {
    return !runs(skill)
        && rows.of(request)
            .map(
                row ->
                    row.state() != SkillRow.State.CLOSED
                        && !isWritten(row)
                        && !row.mayStart(store.now())
                        && (row.asked() == SkillRow.Asked.STOP
                            || ends.isThrough(request)
                            || request.arguments().path("ended").asBoolean()))
            .orElse(false);
  }

  /** Whether a ratio may be on its way to it that would come after what it gets back. */
  private boolean isWritten(SkillRow row) {
    return row.writingUntil() != null && row.writingUntil() > store.now();
  }

  /**
   * How it stands.
   *
   * @param skill {@code {running, active}}
   */
  public JsonNode seen(PlatformRequest request, JsonNode skill) {
    Optional<SkillRow> found = rows.of(request);
    if (found.isEmpty()) {
      return answer(request, runs(skill) ? "ACTIVE" : "CREATED", null);
    }
    SkillRow row = found.get();
    boolean closed = row.state() == SkillRow.State.CLOSED;
    if (closed && (row.mode() == SkillRow.Mode.ADOPTED || !runs(skill))) {
      // one that was given back is its owner's, whatever it does
      return answer(request, ends.isThrough(request) ? "COMPLETED" : "STOPPED", null);
    }
    if (runs(skill)) {
      return running(request);
    }
    boolean active = skill.path("active").asBoolean(true);
    if (active && mayStillStart(row)) {
      return answer(request, "STARTING", null);
    }
    boolean rests = row.asked() == SkillRow.Asked.PAUSE || !active && row.isOn();
    if (rests && !isSlowLook(request)) {
      store.run(tx -> sightings.rests(tx, row.skillId(), active));
    }
    return active
        ? answer(request, word(row, waitsForClose(request, row)), null)
        : answer(request, "ERROR", "SKILL_DEACTIVATED");
  }

  /** One that does not dial any more is stopped for its campaign once it was given back. */
  private static String word(SkillRow row, boolean stopping) {
    if (row.asked() == null) {
      return "CREATED";
    }
    return switch (row.asked()) {
      case START -> row.ran() ? "PAUSED" : "STARTING";
      case PAUSE -> "PAUSED";
      case STOP -> stopping ? "PAUSED" : "STOPPED";
    };
  }

  /** Whether its campaign has yet to be stopped by what was asked, and it to be given back. */
  public boolean isStopping(PlatformRequest request) {
    return rows.of(request).filter(row -> waitsForClose(request, row)).isPresent();
  }

  private boolean waitsForClose(PlatformRequest request, SkillRow row) {
    return !request.arguments().path("ended").asBoolean()
        && row.asked() == SkillRow.Asked.STOP
        && row.state() != SkillRow.State.CLOSED
        && !isWritten(row);
  }

  private void seenRunning(PlatformRequest request) {
    Predicate<SkillRow> news =
        row -> !row.ran() || row.startUntil() != null && !isSlowLook(request);
    if (rows.of(request).filter(news).isEmpty()) {
      return;
    }
    store.run(
        tx -> {
          String id = SkillRows.id(request);
          rows.locked(tx, id)
              .filter(news)
              .ifPresent(
                  row -> {
                    Map<String, Object> columns = new HashMap<>(Map.of("ran", 1));
                    if (!isSlowLook(request)) { // which may have been made of an older list
                      columns.put("start_until", null);
                      sightings.runs(tx, row.skillId());
                    }
                    rows.set(tx, id, columns);
                  });
        });
  }

  private static JsonNode answer(PlatformRequest request, String status, String failureCode) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", request.arguments().path("remoteId").asText());
    if (status != null) {
      answer.put("status", status);
    }
    return failureCode == null ? answer : answer.put("failureCode", failureCode);
  }
}
