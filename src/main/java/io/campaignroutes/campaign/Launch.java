package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.FirstRate;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneApi;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Names;
import io.campaignroutes.text.Plain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * What the outcome of each step leads to: the next stage, when it is due, and what history and
 * audit say of it. Every method is one transaction and is called by the route of its step with the
 * campaign that the run has claimed; it returns the campaign as it is afterwards.
 *
 * <p>All of them throw {@link LeaseLostException} when the run's lease has ended.
 */
@Component
public class Launch {
  private static final Logger LOG = LoggerFactory.getLogger(Launch.class);

  /** After so many creates without an answer a person should look. */
  private static final int MOST_LOST_CREATES = 10;

  /** What a look at a campaign is answered that CXone no longer has. */
  private static final Set<Integer> GONE = Set.of(404, 410);

  private static final int LONGEST_CODE = 100;
  private static final int LONGEST_ID = 200;
  private static final int LONGEST_STATUS = 40;
  private static final int LONGEST_MESSAGE = 2_000;
  private static final int LONGEST_LOGGED = 600;

  /** So often CXone must be seen to have ended what has ended here, before it is let go. */
  private static final int LOOKS_AFTER_END = 2;

  /** The same where it cannot be seen, each look after twice the wait of the one before. */
  private static final int LOOKS_UNSEEN = 6;

  private static final String ASKED = "CXone is to ";

  /** Between two look-ups of a lost create: a list may show a new campaign a little late. */
  private static final long LOOK_UP_PAUSE_MS = 1_000;

  private final Store store;
  private final CampaignStore campaigns;
  private final LaunchWaiters waiters;
  private final LaunchProperties properties;
  private final CxoneApi api;
  private final Runners runners;
  private final CampaignListeners listeners;
  private final FirstRate firstRate;
  private MeterRegistry registry = new CompositeMeterRegistry();

  public Launch(
      Store store,
      CampaignStore campaigns,
      LaunchWaiters waiters,
      LaunchProperties properties,
      CxoneApi api,
      Runners runners,
      CampaignListeners listeners,
      FirstRate firstRate) {
    this.store = store;
    this.campaigns = campaigns;
    this.waiters = waiters;
    this.properties = properties;
    this.api = api;
    this.runners = runners;
    this.listeners = listeners;
    this.firstRate = firstRate;
  }

  /** Where the time of launches is told; nowhere when there is no such place. */
  @Autowired
  void tellTo(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * The agents of the pool are known: the campaign is rejected, waits for its time, or goes on.
   *
   * @throws CxoneUnavailableException when the answer lists none
   */
  public Campaign agentsKnown(Campaign campaign, AgentPools.Pool pool) {
    if (pool.exists() && !pool.agents().path("agents").isArray()) {
      throw noAnswer("agentPool lists no agents");
    }
    return agents(
        campaign,
        pool,
        pool.exists()
            ? AgentCheck.check(campaign.poolId(), campaign.timeZone(), pool.agents())
            : List.of(AgentCheck.unknownPool(campaign.poolId())));
  }

  private Campaign agents(Campaign campaign, AgentPools.Pool pool, List<Finding> findings) {
    if (!findings.isEmpty()) {
      String all = findings.stream().map(Finding::message).collect(Collectors.joining(" "));
      return write(
          campaign,
          (c, now) -> {
            Campaign rejected =
                enter(c, Stage.REJECTED, now)
                    .with(
                        d -> {
                          d.compliance = Compliance.rejected(c.compliance(), findings);
                          d.failure = new Failure(Failure.Kind.REJECTED, null, null, all);
                        });
            return Change.told(rejected, all);
          },
          (tx, rejected) ->
              findings.forEach(
                  f -> campaigns.audit(tx, rejected, "COMPLIANCE_FINDING", Compliance.details(f))));
    }
    return writeIn(
        campaign,
        (tx, c) -> {
          long now = tx.now();
          ObjectNode checked = Compliance.agentsChecked(c.compliance());
          if (c.activateAt() != null && c.activateAt() > now) {
            Campaign scheduled = enter(c, Stage.SCHEDULED, now).with(d -> d.compliance = checked);
            return Change.told(
                wait(scheduled, c.activateAt()),
                "Waits for its activateAt. Its agents are checked again then.");
          }
          Campaign ready =
              campaigns.giveFirstRate(
                  tx,
                  c,
                  given -> firstRate.payload(c.request(), c.payload(), pool.agents(), given));
          return Change.told(
              goOn(enter(ready, Stage.CHECKED, now)).with(d -> d.compliance = checked),
              "All checks passed.");
        },
        (tx, after) -> {});
  }

  /**
   * A create is about to be sent. Once this is on disk a crash, or an answer that is lost, leads to
   * a look-up and not to a second create.
   */
  public Campaign intend(Campaign campaign) {
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                goOn(c)
                    .with(
                        d -> {
                          d.creating = true;
                          d.creates = c.creates() + 1;
                          d.intentAt = now;
                          d.lookUps = 0;
                          // as long as this run may take until CXone has dealt with it
                          d.inFlightUntil = now + properties.lease().toMillis() / 2 + grace();
                        })),
        Launch::forgetIntent);
  }

  /** A command that came meanwhile has ended the run: nothing is sent. */
  private static void forgetIntent(Tx tx, Campaign campaign) {
    if (!campaign.creating()) {
      tx.sql()
          .sql(
              "update campaign set intent_at = null, in_flight_until = null, creates = creates - 1"
                  + " where id = ?")
          .param(campaign.id())
          .update();
    }
  }

  private long grace() {
    return properties.settleGrace().toMillis();
  }

  /**
   * CXone has created the campaign.
   *
   * @throws CxoneUnavailableException when the answer carries no id: the outcome is as good as lost
   */
  public Campaign created(Campaign campaign, JsonNode answer) {
    String remoteId = answer.path("id").asText("");
    if (remoteId.isBlank() || !remoteId.equals(line(remoteId, LONGEST_ID))) {
      throw new CxoneUnavailableException(
          Kind.UNREACHABLE,
          "CXone's answer to createCampaign carries no id that can be used.",
          null,
          null);
    }
    return created(campaign, remoteId, status(answer), "Created at CXone.");
  }

  private Campaign created(Campaign campaign, String remoteId, String status, String reason) {
    Campaign other = campaigns.ofRemote(remoteId).orElse(null);
    if (other != null) {
      return unsettled(
          campaign,
          "CXone gave it the id %s, which campaign %s (%s, %s) has here already. If CXone was set up afresh, or CXONE_BASE_URL leads to another tenant than before, this service needs a store of its own for it (DATA_DIR, or SPRING_DATASOURCE_URL). Otherwise find out in CXone which campaign has this id, then retry."
              .formatted(remoteId, other.id(), other.name(), other.stage()),
          false);
    }
    return write(
        campaign,
        (c, now) ->
            Change.told(
                goOn(enter(c, Stage.CREATED, now))
                    .with(
                        d -> {
                          d.creating = false;
                          d.intentAt = null;
                          d.inFlightUntil = null;
                          d.lookUps = 0;
                          d.remoteId = remoteId;
                          d.remoteStatus = status.isEmpty() ? null : status;
                        }),
                reason + " CXone's id is " + remoteId + "."));
  }

  /**
   * The campaigns of our name at CXone, in whatever form it lists it, are known after a create
   * whose answer was lost. A draft that belongs to no campaign of ours and does not contradict what
   * was sent is the one; a look-up that finds nothing is repeated for a while, since CXone may list
   * it late, and only then is the create sent again.
   *
   * @param found {@code {campaigns: [{id, name, status, payload}]}}, the payload as far as it is
   *     told
   * @throws CxoneUnavailableException when there is no such list
   */
  public Campaign lookedUp(Campaign campaign, JsonNode found) {
    if (!found.path("campaigns").isArray()) {
      throw noAnswer("findCampaigns lists no campaigns");
    }
    List<JsonNode> ours = new ArrayList<>();
    for (JsonNode one : found.path("campaigns")) {
      if (Names.same(campaign.name(), one.path("name").asText(campaign.name()))) {
        ours.add(one);
      }
    }
    List<String> known =
        campaigns.knownRemoteIds(ours.stream().map(one -> one.path("id").asText()).toList());
    ours.removeIf(one -> known.contains(one.path("id").asText()));
    List<JsonNode> drafts =
        ours.stream().filter(one -> one.path("status").asText("DRAFT").equals("DRAFT")).toList();
    ObjectNode sent = campaign.payload().deepCopy();
    sent.remove("name"); // compared above: CXone may list it in another form
    List<JsonNode> alike = drafts.stream().filter(d -> agrees(sent, d.path("payload"))).toList();
    if (alike.size() == 1) {
      return created(
          campaign,
          alike.get(0).path("id").asText(),
          "DRAFT",
          "The answer to the create was lost; the campaign was found by its name.");
    }
    List<String> live =
        ours.stream()
            .filter(one -> !List.of("STOPPED", "COMPLETED").contains(one.path("status").asText()))
            .map(one -> one.path("id").asText() + " " + one.path("status").asText())
            .toList();
    if (!live.isEmpty()) {
      return unsettled(
          campaign,
          "CXone's answer when the campaign was created was lost, and CXone has campaigns of this name that this service does not know or that were set up differently: "
              + String.join(", ", live)
              + ". Delete the extra ones in CXone, then retry.");
    }
    if (campaign.creates() >= MOST_LOST_CREATES) {
      return unsettled(
          campaign,
          "The create was sent "
              + campaign.creates()
              + " times, its answer was lost each time, and CXone lists no campaign of this name."
              + " Check in CXone, then retry.");
    }
    return write(
        campaign,
        (c, now) -> {
          boolean maybeOnItsWay = c.inFlightUntil() != null && now < c.inFlightUntil();
          boolean maybeListedLater =
              now
                  < orNow(c.inFlightUntil(), orNow(c.intentAt(), now))
                      + properties.settleTime().toMillis();
          if (maybeOnItsWay || maybeListedLater || c.lookUps() == 0) {
            long next =
                Math.max(
                    now + properties.lookUps().millis(c.lookUps()), orNow(c.inFlightUntil(), now));
            return Change.quiet(wait(c.with(d -> d.lookUps = c.lookUps() + 1), next));
          }
          return Change.quiet(
              goOn(c)
                  .with(
                      d -> {
                        d.intentAt = null;
                        d.inFlightUntil = null;
                        d.lookUps = 0;
                      }));
        });
  }

  /** Whether what CXone tells of a campaign contradicts nothing of what ours is made from. */
  private static boolean agrees(JsonNode ours, JsonNode told) {
    if (told.isMissingNode() || told.isNull()) {
      return true;
    }
    if (ours.isObject() && told.isObject()) {
      return ours.properties().stream()
          .allMatch(field -> agrees(field.getValue(), told.path(field.getKey())));
    }
    if (ours.isArray() && told.isArray()) { // of days and outcomes, whose order means nothing
      return ours.size() == told.size() && values(ours).equals(values(told));
    }
    return ours.isNumber() && told.isNumber()
        ? ours.doubleValue() == told.doubleValue()
        : ours.asText().equals(told.asText());
  }

  private static Set<String> values(JsonNode list) {
    Set<String> values = new HashSet<>();
    list.forEach(one -> values.add(one.isValueNode() ? one.asText() : one.toString()));
    return values;
  }

  /** What is told to a read whose answer does not hold what it is read for. */
  private static CxoneUnavailableException noAnswer(String what) {
    return new CxoneUnavailableException(
        Kind.UNREACHABLE, "CXone's answer to " + what + ", so it is none.", null, null);
  }

  private static long orNow(Long time, long now) {
    return time == null ? now : time;
  }

  private Campaign unsettled(Campaign campaign, String why) {
    return unsettled(campaign, why, true);
  }

  private Campaign unsettled(Campaign campaign, String why, boolean intended) {
    return write(
        campaign,
        (c, now) ->
            Change.told(
                enter(c, Stage.UNSETTLED, now)
                    .with(
                        d -> {
                          d.command = null;
                          d.creating = false;
                          d.intentAt = intended ? c.intentAt() : null;
                          d.inFlightUntil = intended ? c.inFlightUntil() : null;
                          d.failure = new Failure(Failure.Kind.UNSETTLED, null, null, why);
                        }),
                why));
  }

  /** The webhook is registered, now or by an earlier try. */
  public Campaign registered(Campaign campaign, JsonNode answer) {
    return write(
        campaign,
        (c, now) ->
            Change.told(
                goOn(enter(c, Stage.REGISTERED, now))
                    .with(d -> d.webhookId = line(answer.path("id").asText(null), LONGEST_ID)),
                answer.path("id").isMissingNode()
                    ? "Its webhook was registered already."
                    : "Its webhook is registered."));
  }

  /** CXone has taken the wish to activate; often it says PENDING, sometimes ACTIVE at once. */
  public Campaign activationAsked(Campaign campaign, JsonNode answer) {
    String status = status(answer);
    if (status.equals("ACTIVE")) {
      return polled(campaign, answer);
    }
    return write(
        campaign,
        (c, now) ->
            Change.told(
                poll(
                    enter(c, Stage.ACTIVATING, now)
                        .with(
                            d -> {
                              d.activatingAt = now;
                              d.polls = 0;
                              d.remoteStatus = status.isEmpty() ? c.remoteStatus() : status;
                            }),
                    now),
                "CXone was asked to activate it."));
  }

  /** One poll of an activation has been answered. */
  public Campaign polled(Campaign campaign, JsonNode answer) {
    requireItsOwn(campaign, answer);
    String status = read(answer);
    long asOf = store.now(); // which is when a clock that was set is noticed
    boolean late = timedOut(campaigns.inStep(store.read(), campaign), asOf);
    if (status.equals("PAUSED") && campaign.activeAt() != null && !late) {
      return putBack(campaign, status); // a resume that CXone has not come to yet
    }
    return switch (status) {
      case "ACTIVE", "PAUSED", "STOPPED", "COMPLETED", "ERROR" -> at(campaign, status, answer);
      default ->
          late ? write(campaign, (c, now) -> timeOut(c, now, status)) : putBack(campaign, status);
    };
  }

  /**
   * An answer that tells of another campaign, out of a mixed-up cache say, tells nothing of this
   * one.
   */
  private static void requireItsOwn(Campaign campaign, JsonNode answer) {
    String id = answer.path("id").asText("");
    if (!id.isEmpty() && !id.equals(campaign.remoteId())) {
      throw new CxoneUnavailableException(
          Kind.UNREACHABLE,
          "CXone was asked for campaign %s and told of %s, which cannot be right."
              .formatted(campaign.remoteId(), line(id, LONGEST_CODE)),
          null,
          null);
    }
  }

  private Campaign putBack(Campaign campaign, String status) {
    return store.write(
        tx -> {
          Campaign next = poll(campaign.with(d -> d.remoteStatus = status), tx.now());
          return campaigns.putBack(tx, next, next.dueAt());
        },
        decisive(campaign));
  }

  /** A running campaign has been looked at. */
  public Campaign looked(Campaign campaign, JsonNode answer) {
    requireItsOwn(campaign, answer);
    String status = read(answer);
    boolean dials = campaign.stage() == Stage.ACTIVE;
    boolean releasing =
        dials && campaign.activatingAt() != null && !timedOut(campaign, store.now());
    boolean news =
        switch (status) {
          case "ACTIVE" -> !dials;
          case "PAUSED" -> campaign.stage() != Stage.PAUSED && !campaign.held() && !releasing;
          case "STOPPED", "COMPLETED", "ERROR" -> true;
          default -> false;
        };
    if (news) {
      return at(campaign, status, answer);
    }
    boolean dialsThoughHeld = campaign.held() && status.equals("ACTIVE");
    if (dialsThoughHeld) {
      LOG.warn("Campaign {} dials at CXone although its pacing holds it.", campaign.id());
    }
    boolean onItsWay = status.equals("PENDING") || status.equals("PAUSED") && releasing;
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                wait(
                    c.with(
                        d -> {
                          d.remoteStatus = status;
                          d.activatingAt = status.equals("ACTIVE") ? null : c.activatingAt();
                          d.attempt = 0;
                          d.failure = null;
                          d.held = c.held() && !dialsThoughHeld;
                        }),
                    onItsWay ? now + properties.activationPollMax().toMillis() : nextLook(now))),
        (tx, after) -> {
          if (dialsThoughHeld) {
            listeners.released(tx, after, false);
          }
          if (after.stage() == Stage.ACTIVE) {
            listeners.seen(tx, after);
          }
        });
  }

  /**
   * CXone was sent what a command asks for. Where it is to dial no more, whatever it answered, only
   * what it says when it is read ({@link #confirmed}) shows that it has done so.
   */
  public Campaign commanded(Campaign campaign, JsonNode answer) {
    if (campaign.step() == Step.NONE) {
      return nothingToDo(campaign);
    }
    String said = status(answer);
    return switch (campaign.command()) {
      case PAUSE, STOP, HALT, HOLD ->
          write(
              campaign,
              (c, now) ->
                  Change.quiet(
                      goOn(asked(c, now))
                          .with(
                              d -> {
                                d.attempt = 0;
                                d.remoteStatus = said.isEmpty() ? c.remoteStatus() : said;
                              })));
      case RESUME, RETRY ->
          write(
              campaign,
              (c, now) -> {
                Campaign activating =
                    enter(c, Stage.ACTIVATING, now)
                        .with(
                            d -> {
                              d.command = null;
                              d.failure = null;
                              d.activatingAt = now;
                              d.polls = 0;
                            });
                return Change.told(poll(activating, now), "CXone was asked to resume it.");
              });
      case RELEASE ->
          write(
              campaign,
              (c, now) ->
                  // an activation can still go wrong: seen soon rather than with the next slow look
                  Change.quiet(
                      wait(
                              c.with(Launch::carriedOut),
                              now + properties.activationPollMax().toMillis())
                          .with(
                              d -> {
                                d.held = false;
                                d.activatingAt = now;
                                d.remoteStatus = said.isEmpty() ? c.remoteStatus() : said;
                              })),
              (tx, after) -> {
                CampaignStore.newerThanEvents(tx, after);
                listeners.released(tx, after, true);
              });
      case UNKNOWN -> nothingToDo(campaign);
    };
  }

  /**
   * CXone was sent the command, and answers by now. A refusal of something before, a look say, is
   * none of it.
   */
  private static Campaign asked(Campaign campaign, long now) {
    Failure failure = campaign.failure();
    boolean ofBefore =
        failure != null
            && (failure.kind() == Failure.Kind.UNREACHABLE
                || failure.kind() == Failure.Kind.REFUSED && campaign.asks() == 0)
            && !campaign.stage().ended();
    return campaign.with(
        d -> {
          d.failure = ofBefore ? null : failure;
          d.askedAt = now;
          d.asks = campaign.asks() + 1;
        });
  }

  /**
   * What CXone says of a campaign that it was asked to dial no more for: the command is carried
   * out, or CXone is read, and after growing gaps sent it, again. Of one that has ended: whether it
   * has ended there too.
   */
  public Campaign confirmed(Campaign campaign, JsonNode answer) {
    requireItsOwn(campaign, answer);
    String status = read(answer);
    Command command = campaign.command();
    if (command == null) {
      return seenAfterEnd(campaign, status, answer);
    }
    if (!command.quiets()) {
      return nothingToDo(campaign);
    }
    boolean over = List.of("STOPPED", "COMPLETED", "ERROR").contains(status);
    if (command == Command.HALT
        ? over || status.equals("PAUSED") && campaign.stage() == Stage.FAILED
        : status.equals(command == Command.STOP ? "STOPPED" : "PAUSED")) {
      return done(campaign, status);
    }
    if (over) {
      return at(campaign, status, answer);
    }
    boolean draft = status.equals("DRAFT") && campaign.activatingAt() == null;
    if (command == Command.STOP && draft && campaign.activeAt() == null) {
      return at(campaign, "STOPPED", stopped(campaign) + " CXone keeps its draft.", null, status);
    }
    return notYet(campaign, status);
  }

  private Campaign done(Campaign campaign, String status) {
    return switch (campaign.command()) {
      case PAUSE -> at(campaign, "PAUSED", "Paused by command.", null, status);
      case STOP -> at(campaign, "STOPPED", stopped(campaign), null, status);
      case HOLD ->
          write(
              campaign,
              (c, now) ->
                  Change.quiet(
                      wait(c.with(Launch::carriedOut), nextLook(now))
                          .with(
                              d -> {
                                d.held = true;
                                d.remoteStatus = status;
                              })),
              listeners::held);
      default ->
          write(
              campaign,
              (c, now) -> {
                Campaign halted =
                    wait(
                        c.with(
                            d -> {
                              d.command = null;
                              d.lane = Lane.LOOK;
                              d.looksAfterEnd = 0;
                              d.attempt = 0;
                              d.remoteStatus = status;
                              String ended = whyEnded(c);
                              d.failure =
                                  ended.isEmpty()
                                      ? null
                                      : new Failure(
                                          c.failure().kind(),
                                          c.failure().status(),
                                          c.failure().code(),
                                          ended);
                            }),
                        nextLook(now));
                String why =
                    c.activeAt() == null
                        ? "so that it does not become active unwatched."
                        : "since it had ended here.";
                return new Change(
                    halted,
                    null,
                    "CAMPAIGN_HALTED",
                    Map.of("reason", "CXone says " + status + ": it was asked to, " + why));
              });
    };
  }

  private String stopped(Campaign campaign) {
    return "Stopped by " + (stopAtCame(campaign) ? "its stopAt." : "command.");
  }

  /** CXone has not done what a command wants: read again soon, sent again now and then. */
  private Campaign notYet(Campaign campaign, String status) {
    boolean dials = status.equals("ACTIVE");
    Failure late =
        lateToCarryOut(campaign)
            ? late(campaign, "still says " + status + (dials ? ", so it may be dialing." : "."))
            : null;
    return write(
        campaign,
        (c, now) -> {
          return Change.quiet(
              readAgain(c, now)
                  .with(
                      d -> {
                        d.remoteStatus = status;
                        d.failure = late == null ? c.failure() : late;
                      }));
        });
  }

  /** Why it has ended, without what was said of its halt; empty when it ended well. */
  private static String whyEnded(Campaign c) {
    String message = c.failure() == null ? "" : c.failure().message();
    return message.contains(ASKED) ? message.substring(0, message.indexOf(ASKED)).strip() : message;
  }

  /** Whether people were told that CXone does not carry out what is pending, and why. */
  private static boolean told(Campaign c) {
    Failure failure = c.failure();
    return failure != null
        && (failure.kind() == Failure.Kind.TIMED_OUT && failure.message().contains(ASKED)
            || failure.kind() == Failure.Kind.REFUSED && c.asks() > 0 && !c.stage().ended());
  }

  /** Whether a command has been pending for too long and nobody was told so yet. */
  private boolean lateToCarryOut(Campaign campaign) {
    long asOf = store.now(); // which is when a clock that was set is noticed
    Campaign c = campaigns.inStep(store.read(), campaign);
    return c.command() != null
        && c.command().quiets()
        && !told(c)
        && c.commandAt() != null
        && asOf - c.commandAt() >= properties.activationTimeout().toMillis();
  }

  /** What is told, once and aloud, of a command that CXone does not carry out. */
  private static Failure late(Campaign c, String says) {
    boolean stop =
        c.command() == Command.STOP || c.command() == Command.HALT && c.stage() != Stage.FAILED;
    String message =
        "%s%s (since %s) and %s It is asked again until it says %s; %s it there by hand if it must be sooner."
            .formatted(
                ASKED,
                stop ? "stop it" : "pause it",
                Instant.ofEpochMilli(c.commandAt()).truncatedTo(ChronoUnit.SECONDS),
                says,
                stop ? "STOPPED" : "PAUSED",
                stop ? "stop" : "pause");
    LOG.warn("Campaign {}: {}", c.id(), message);
    String before = c.stage().ended() ? whyEnded(c) + " " : "";
    return new Failure(Failure.Kind.TIMED_OUT, null, null, (before + message).strip());
  }

  /**
   * What has ended is looked at until CXone was seen to have ended it twice. One that dials there,
   * or would after a resume, runs again, watched and paced; where it must not, it is stopped again.
   */
  private Campaign seenAfterEnd(Campaign campaign, String status, JsonNode answer) {
    boolean ours = campaign.stage() == Stage.STOPPED || campaign.stage() == Stage.COMPLETED;
    if (status.equals("ACTIVE") || status.equals("PAUSED") && ours) {
      return runsAfterEnd(campaign, status, answer);
    }
    boolean quiet = List.of("DRAFT", "PAUSED", "STOPPED", "COMPLETED", "ERROR").contains(status);
    return write(
        campaign,
        (c, now) -> {
          long again =
              status.equals("PENDING") ? properties.activationPollMax().toMillis() : lookPeriod();
          return Change.quiet(
              wait(c, now + again)
                  .with(
                      d -> {
                        d.remoteStatus = status;
                        d.attempt = 0;
                        d.looksAfterEnd = c.looksAfterEnd() + (quiet ? 1 : 0);
                        d.lane = d.looksAfterEnd < LOOKS_AFTER_END ? Lane.LOOK : null;
                      }));
        });
  }

  private Campaign runsAfterEnd(Campaign campaign, String status, JsonNode answer) {
    String holder = campaigns.holder(campaign).map(Campaign::id).orElse(null);
    String why =
        stopAtCame(campaign)
            ? "its stopAt has come"
            : holder == null ? null : "campaign " + holder + " carries its name now";
    LOG.warn(
        "Campaign {} is {} here and {} at CXone: {}.",
        campaign.id(),
        campaign.stage(),
        status,
        why == null ? "it is watched and paced again" : "it is stopped again, since " + why);
    if (why == null) {
      return at(campaign, status, answer);
    }
    return write(
        campaign,
        (c, now) -> {
          Map<String, Object> details = new LinkedHashMap<>();
          details.put("cxoneStatus", status);
          details.put("reason", "CXone is to stop it again, since " + why + ".");
          Campaign halted =
              halt(c, now)
                  .with(
                      d -> {
                        d.remoteStatus = status;
                        d.goOn = true;
                      });
          return new Change(halted, null, "CAMPAIGN_RUNS_AFTER_END", details);
        });
  }

  /** Whatever CXone has in mind with it, it is to be quiet there. */
  private static Campaign halt(Campaign campaign, long now) {
    return campaign.with(
        d -> {
          d.command = Command.HALT;
          d.commandAt = now;
          d.askedAt = null;
          d.asks = 0;
          d.polls = 0;
          d.attempt = 0;
          d.dueAt = now;
        });
  }

  private static void carriedOut(Campaign.Draft draft) {
    draft.command = null;
    draft.failure = null;
    draft.attempt = 0;
    draft.lane = Lane.of(draft.stage);
  }

  /** Nothing exists at CXone: a stop needs no call. */
  public Campaign stoppedBeforeLaunch(Campaign campaign) {
    String why = stopAtCame(campaign) ? "its stopAt" : "command";
    String reason = "Stopped by " + why + " before it was launched.";
    return at(campaign, "STOPPED", reason, null, null);
  }

  private boolean stopAtCame(Campaign campaign) {
    return campaign.stopAt() != null && campaign.stopAt() <= store.now();
  }

  /** CXone did not answer: the step is tried again later, after a while given up. */
  public Campaign again(Campaign campaign, CxoneUnavailableException failure) {
    if (failure.kind() == Kind.STOPPING) {
      return putDown(campaign, true);
    }
    if (failure.kind() != Kind.UNREACHABLE) {
      runners.slowDown(failure.retryAfter());
    }
    Failure late =
        lateToCarryOut(campaign) ? late(campaign, "is not heard: " + failure.getMessage()) : null;
    return write(
        campaign,
        (c, now) -> {
          boolean quiets = c.command() != null && c.command().quiets();
          boolean counts = quiets || failure.kind() == Kind.UNREACHABLE;
          Campaign next =
              c.with(
                  d -> {
                    d.attempt = counts ? c.attempt() + 1 : c.attempt();
                    // what has ended says why, and what a command waits for is no news
                    if (!c.stage().ended() && !(c.command() != null && told(c))) {
                      d.failure =
                          new Failure(Failure.Kind.UNREACHABLE, null, null, failure.getMessage());
                    }
                    if (late != null) {
                      d.failure = late;
                    }
                    if (quiets && c.askedAt() != null) {
                      d.askedAt = askedStill(c, now); // unread for so long, it is sent again
                    } else if (quiets && failure.maybeDone()) {
                      d.askedAt = now;
                      d.asks = c.asks() + 1;
                    }
                    if (c.creating()) {
                      // one that was not carried out needs no look-up
                      d.creates = failure.maybeDone() ? c.creates() : c.creates() - 1;
                      d.intentAt = failure.maybeDone() ? c.intentAt() : null;
                      d.inFlightUntil =
                          failure.maybeDone()
                              ? (Long) (now + (failure.answered() ? 0 : grace()))
                              : null;
                    }
                  });
          if (c.command() == null
              && c.stage() == Stage.ACTIVATING
              && timedOut(c, now)
              && willNotBeSeenSoon(c, failure)) {
            return timeOut(c, now, "unknown: " + failure.getMessage());
          }
          if (c.command() == null
              && !c.stage().launched()
              && now - c.stageAt() > properties.giveUpAfter().toMillis()
              && (c.activateAt() == null
                  || now > c.activateAt() + properties.giveUpAfter().toMillis())) {
            return c.stage() == Stage.ACTIVATING
                ? timeOut(c, now, "unknown: " + failure.getMessage())
                : giveUp(next, now, failure);
          }
          long delay =
              c.stage() == Stage.ACTIVATING && c.command() == null
                  ? properties.polls().millis(c.polls())
                  : properties.retries().millis(Math.max(0, next.attempt() - 1));
          if (failure.retryAfter() != null) {
            long wish = failure.retryAfter().toMillis();
            // calls are dialed meanwhile: growing gaps of our own instead of a long pause
            delay =
                Math.max(
                    delay,
                    quiets ? Math.min(wish, properties.activationPollMax().toMillis()) : wish);
          }
          delay = Math.min(delay, longestWait(c, now));
          if (counts && next.attempt() == 1) {
            LOG.info("Campaign {} stays {} for now: {}", c.id(), c.stage(), failure.getMessage());
          }
          return Change.quiet(wait(next, plus(now, delay)));
        });
  }

  /**
   * Whether an activation whose time is over will not be seen soon either: CXone did not answer
   * twice, or wants to be left alone for long. A first poll that fails after a restart is neither.
   */
  private boolean willNotBeSeenSoon(Campaign c, CxoneUnavailableException failure) {
    Duration pause = failure.retryAfter();
    return failure.kind() == Kind.UNREACHABLE
        ? c.attempt() > 0
        : pause != null && pause.compareTo(properties.activationPollMax()) > 0;
  }

  /**
   * However long CXone wants to be left alone, a command is tried, a running campaign looked at and
   * a late activation ended in time; a {@code stopAt} goes before any wait.
   */
  private long longestWait(Campaign c, long now) {
    if (c.command() != null) {
      return properties.retryMax().toMillis();
    }
    return switch (c.stage()) {
      case ACTIVE, PAUSED -> lookPeriod();
      case ACTIVATING ->
          Math.max(
              properties.activationPollInitial().toMillis(),
              orNow(c.activatingAt(), now) + properties.activationTimeout().toMillis() - now);
      default -> Long.MAX_VALUE;
    };
  }

  /** A stop has ended a run between two steps: whoever comes next goes on. */
  public Campaign putDown(Campaign campaign) {
    return putDown(campaign, true);
  }

  /**
   * The service is being stopped: the campaign is left as it is, for the next start, or another
   * replica, to go on with.
   *
   * @param unsent whether it is known that the step's call was not sent
   */
  private Campaign putDown(Campaign campaign, boolean unsent) {
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                wait(c, now + properties.retryInitial().toMillis())
                    .with(
                        d -> {
                          if (c.creating() && unsent) {
                            d.creates = c.creates() - 1;
                            d.intentAt = null;
                            d.inFlightUntil = null;
                          }
                        })));
  }

  /** No overflow, whatever CXone has asked for. */
  private static long plus(long now, long delay) {
    return now + Math.min(delay, Duration.ofDays(366).toMillis());
  }

  private Change giveUp(Campaign campaign, long now, CxoneUnavailableException failure) {
    if (campaign.intentAt() != null) {
      String why =
          "The answer to the create was lost and CXone could not be asked since: "
              + failure.getMessage();
      return Change.told(
          enter(campaign, Stage.UNSETTLED, now)
              .with(d -> d.failure = new Failure(Failure.Kind.UNSETTLED, null, null, why)),
          why);
    }
    return Change.told(
        enter(campaign, Stage.FAILED, now)
            .with(
                d ->
                    d.failure =
                        new Failure(Failure.Kind.UNREACHABLE, null, null, failure.getMessage())),
        "Given up: " + failure.getMessage());
  }

  /** CXone said no to a step. */
  public Campaign refused(Campaign campaign, CxoneRefusedException refusal) {
    boolean settling = campaign.step() == Step.SETTLE;
    boolean gone = campaign.command() == Command.HOLD && gone(refusal);
    if (campaign.command() != null && !settling && !gone) {
      return commandRefused(campaign, refusal);
    }
    if (campaign.stage().ended()) {
      return notSeenAfterEnd(campaign, refusal);
    }
    if (campaign.stage().running() && !gone(refusal)) {
      return notSeen(campaign, refusal);
    }
    if (campaign.intentAt() != null && !campaign.creating()) {
      return unsettled(
          campaign,
          "The answer to the create was lost, and CXone refuses to say what became of it: "
              + refusal.getMessage());
    }
    if (campaign.creating() && refusal.status() == 409 && campaign.creates() > 1) {
      // a campaign of this name is there: most likely the one that an earlier try created
      return write(
          campaign,
          (c, now) ->
              Change.quiet(wait(c, now + LOOK_UP_PAUSE_MS).with(d -> d.inFlightUntil = now)));
    }
    String why =
        campaign.stage().running() ? goneSentence(campaign, refusal) : refusal.getMessage();
    return write(
        campaign,
        (c, now) ->
            Change.told(
                enter(c, Stage.FAILED, now)
                    .with(
                        d -> {
                          d.creating = false;
                          d.intentAt = null;
                          d.inFlightUntil = null;
                          d.remoteStatus = gone(refusal) ? null : c.remoteStatus();
                          d.failure = failure(refusal, why);
                        }),
                why));
  }

  private static Failure failure(CxoneRefusedException refusal, String message) {
    return new Failure(
        Failure.Kind.REFUSED,
        refusal.status(),
        line(refusal.code(), LONGEST_CODE),
        line(message, LONGEST_MESSAGE));
  }

  private static boolean gone(CxoneRefusedException refusal) {
    return GONE.contains(refusal.status());
  }

  private static String goneSentence(Campaign campaign, CxoneRefusedException refusal) {
    return "CXone has no campaign %s any more (%d): it is gone there."
        .formatted(campaign.remoteId(), refusal.status());
  }

  /** Nothing was seen of a campaign that has ended: looked again, ever more rarely, then let go. */
  private Campaign notSeenAfterEnd(Campaign campaign, CxoneRefusedException refusal) {
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                wait(c, now + (lookPeriod() << Math.min(c.looksAfterEnd(), LOOKS_UNSEEN)))
                    .with(
                        d -> {
                          d.attempt = 0;
                          d.remoteStatus = gone(refusal) ? null : c.remoteStatus();
                          d.looksAfterEnd = c.looksAfterEnd() + 1;
                          d.lane = d.looksAfterEnd < LOOKS_UNSEEN ? Lane.LOOK : null;
                        })));
  }

  /** A refused look says nothing of a campaign that dials: it stays watched and paced. */
  private Campaign notSeen(Campaign campaign, CxoneRefusedException refusal) {
    if (campaign.failure() == null) {
      LOG.warn("Campaign {} cannot be looked at: {}", campaign.id(), refusal.getMessage());
    }
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                look(c, now).with(d -> d.failure = failure(refusal, refusal.getMessage()))));
  }

  private Campaign commandRefused(Campaign campaign, CxoneRefusedException refusal) {
    Command command = campaign.command();
    boolean quiets = command.quiets() && command != Command.HOLD; // which pacing asks for again
    Failure known = campaign.failure();
    if (quiets && gone(refusal)) {
      // a write says nothing of it, and one read that is alone may be a replica that lags
      boolean seenGone =
          campaign.askedAt() != null
              && known != null
              && Integer.valueOf(refusal.status()).equals(known.status());
      return seenGone ? endedByBeingGone(campaign, refusal) : readWhetherGone(campaign, refusal);
    }
    String message = refusal.getMessage() + (quiets ? " It is asked again until it does so." : "");
    boolean told =
        quiets
            && campaign.asks() > 0
            && (campaign.stage().ended() || known != null && message.equals(known.message()));
    if (!told) {
      LOG.warn("Campaign {}: {} was refused: {}", campaign.id(), command, refusal.getMessage());
    }
    return write(
        campaign,
        (c, now) -> {
          Failure failure = c.stage().ended() ? known : failure(refusal, message);
          // what CXone really has is looked at at once
          Campaign after =
              quiets
                  ? notQuietYet(c, now).with(d -> d.failure = failure)
                  : wait(c.with(Launch::carriedOut), now).with(d -> d.failure = failure);
          if (told) {
            return Change.quiet(after);
          }
          Map<String, Object> details = new LinkedHashMap<>();
          details.put("command", c.command().name());
          details.put("reason", refusal.getMessage());
          return new Change(after, null, "COMMAND_REFUSED", details);
        },
        (tx, after) -> {
          if (command.byPacing()) {
            listeners.holdRefused(tx, after, refusal.getMessage());
          }
        });
  }

  private Campaign readWhetherGone(Campaign campaign, CxoneRefusedException refusal) {
    boolean read = campaign.askedAt() != null;
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                notQuietYet(c, now)
                    .with(
                        d ->
                            d.failure =
                                read // to be seen once more
                                    ? new Failure(
                                        Failure.Kind.UNREACHABLE,
                                        refusal.status(),
                                        null,
                                        goneSentence(c, refusal))
                                    : c.failure())));
  }

  /**
   * A refused write says nothing of what CXone does: it is read. A refused read is put off. The run
   * has ended with the refusal, so what comes next is claimed anew.
   */
  private Campaign notQuietYet(Campaign c, long now) {
    if (c.askedAt() == null) {
      return wait(asked(c, now), now);
    }
    return readAgain(c, now);
  }

  /**
   * Polled like an activation, more slowly once it takes long, and sent again after growing gaps.
   */
  private Campaign readAgain(Campaign c, long now) {
    Campaign next = told(c) ? wait(c, now + askGap(c)) : poll(c, now);
    return next.with(
        d -> {
          d.attempt = 0;
          d.askedAt = askedStill(c, now);
        });
  }

  /** When CXone was sent the command; null once it is time to send it again. */
  private Long askedStill(Campaign c, long now) {
    return now - c.askedAt() >= askGap(c) ? null : c.askedAt();
  }

  private long askGap(Campaign c) {
    return properties.retries().millis(Math.max(0, c.asks() - 1));
  }

  /** What was to dial no more is gone at CXone: nothing is left to be stopped. */
  private Campaign endedByBeingGone(Campaign campaign, CxoneRefusedException refusal) {
    String why = goneSentence(campaign, refusal);
    return write(
        campaign,
        (c, now) -> {
          if (c.stage().ended()) { // a halt: its stage says why it has ended
            Campaign halted =
                look(
                    c.with(
                        d -> {
                          d.command = null;
                          d.lane = Lane.LOOK;
                          d.looksAfterEnd = 0;
                          d.remoteStatus = null;
                        }),
                    now);
            return new Change(halted, null, "CAMPAIGN_HALTED", Map.of("reason", why));
          }
          return Change.told(enter(c, Stage.STOPPED, now).with(d -> d.remoteStatus = null), why);
        });
  }

  /** A claim found nothing to do, as after a command that a change of stage has overtaken. */
  public Campaign nothingToDo(Campaign campaign) {
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                c.with(
                    d -> {
                      d.command = null;
                      d.lane =
                          c.stage().ended() && c.lane() == Lane.LOOK
                              ? c.lane()
                              : Lane.of(c.stage());
                      d.goOn = false;
                    })));
  }

  /** A step ended in a way that nobody has foreseen: said in full, tried again later. */
  public Campaign broken(Campaign campaign, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException || cause instanceof RejectedExecutionException) {
        LOG.info("Campaign {}: step {} is cut short by a stop.", campaign.id(), campaign.next());
        return putDown(campaign, false);
      }
    }
    LOG.error(
        "Campaign {} in {}: step {} broke and is tried again.",
        campaign.id(),
        campaign.stage(),
        campaign.next(),
        failure);
    return again(
        campaign,
        new CxoneUnavailableException(
            Kind.UNREACHABLE,
            "An error in this service; the log has the details. It is tried again.",
            Duration.ofSeconds(5),
            failure));
  }

  /**
   * The store could not be used in a step. The log has been told; the campaign is given back as
   * soon as the store takes something again, and not only when its lease ends.
   */
  public void giveBack(Campaign campaign) {
    store.later(tx -> campaigns.giveBack(tx, campaign));
  }

  /**
   * What a status leads to that an event tells of. It is due at once where something is left to be
   * watched, so that CXone confirms it.
   */
  Change toldBy(Campaign campaign, String status, String code, long now) {
    Change change = at(campaign.with(d -> d.remoteStatus = status), status, null, code, now);
    boolean watched = change.to().stage().running() || change.to().stage().ended();
    return new Change(
        watched ? wait(change.to(), now) : change.to(),
        change.reason(),
        change.event(),
        change.details());
  }

  private Campaign at(Campaign campaign, String status, JsonNode answer) {
    return at(campaign, status, null, errorCode(answer), status);
  }

  /**
   * The status of a campaign that was read.
   *
   * @throws CxoneUnavailableException when the answer tells none
   */
  private static String read(JsonNode answer) {
    String status = status(answer);
    if (status.isEmpty()) {
      throw noAnswer("getCampaign tells no status");
    }
    return status;
  }

  /** The status that CXone tells, as a column can keep it; empty when it tells none. */
  private static String status(JsonNode answer) {
    JsonNode status = answer.path("status");
    return status.isTextual() ? line(status.asText().strip(), LONGEST_STATUS) : "";
  }

  /** How a sentence of the log about a stage ends: with the reason where it went wrong. */
  static String why(Campaign campaign) {
    boolean wrong =
        switch (campaign.stage()) {
          case REJECTED, FAILED, UNSETTLED -> campaign.failure() != null;
          default -> false;
        };
    return wrong ? ": " + Plain.line(campaign.failure().message(), LONGEST_LOGGED) : ".";
  }

  /** CXone's code of an error as a column can keep it; null when there is none. */
  static String errorCode(JsonNode told) {
    String code = line(told.path("errorCode").asText(null), LONGEST_CODE);
    return code == null || code.isEmpty() ? null : code;
  }

  private static String line(String text, int longest) {
    return text == null ? null : Plain.line(text, longest);
  }

  /**
   * @param remote what CXone says, which a stage that was asked for may differ from
   */
  private Campaign at(Campaign campaign, String status, String reason, String code, String remote) {
    return write(
        campaign,
        (was, now) -> {
          Campaign c =
              was.with(
                  d -> {
                    d.remoteStatus = remote;
                    if (reason != null) { // a command asked for it and is done
                      d.command = null;
                      d.failure = null;
                    }
                  });
          return at(c, status, reason, code, now);
        });
  }

  private Change at(Campaign c, String status, String reason, String code, long now) {
    return switch (status) {
      case "ACTIVE" -> active(c, now);
      case "PAUSED" ->
          Change.told(
              look(enter(c, Stage.PAUSED, now), now), reason != null ? reason : "Paused at CXone.");
      case "STOPPED" ->
          Change.told(enter(c, Stage.STOPPED, now), reason != null ? reason : "Stopped at CXone.");
      case "COMPLETED" -> Change.told(enter(c, Stage.COMPLETED, now), "Completed at CXone.");
      default -> failed(c, now, code);
    };
  }

  private Change failed(Campaign campaign, long now, String code) {
    String message =
        code == null
            ? "CXone reports it in error and gives no code."
            : "CXone reports it in error: " + api.message(code) + " [" + code + "]";
    return Change.told(
        enter(campaign, Stage.FAILED, now)
            .with(d -> d.failure = new Failure(Failure.Kind.REFUSED, null, code, message)),
        message);
  }

  private Change active(Campaign campaign, long now) {
    boolean first = campaign.activeAt() == null;
    boolean hadEnded = campaign.stage().ended();
    Campaign active =
        look(enter(campaign, Stage.ACTIVE, now), now)
            .with(
                d -> {
                  d.failure = null;
                  d.activatingAt = null;
                  d.looksAfterEnd = 0;
                  if (first) {
                    d.activeAt = now;
                    d.latencyMs = now - campaign.acceptedAt();
                  }
                });
    return Change.told(
        active,
        hadEnded
            ? "CXone dials although it had ended here; it is watched and paced again."
            : first
                ? "CXone dials, " + active.latencyMs() + " ms after it was accepted."
                : "CXone dials again.");
  }

  private Change timeOut(Campaign campaign, long now, String status) {
    String message =
        "CXone has not activated it within %d s; the last status seen is %s. CXone is asked to pause it, so that it does not become active unwatched; retry activates it again."
            .formatted(
                properties.activationTimeout().toSeconds(), status.isEmpty() ? "none" : status);
    Campaign failed =
        halt(enter(campaign, Stage.FAILED, now), now)
            .with(d -> d.failure = new Failure(Failure.Kind.TIMED_OUT, null, null, message));
    return Change.told(failed, message);
  }

  private boolean timedOut(Campaign campaign, long now) {
    return campaign.activatingAt() != null
        && now - campaign.activatingAt() >= properties.activationTimeout().toMillis();
  }

  /** In a new stage, with nothing due yet; of what has ended at CXone too, a look at that. */
  private Campaign enter(Campaign campaign, Stage stage, long now) {
    boolean look = stage.ended() && campaign.remoteId() != null;
    return campaign.with(
        d -> {
          d.stage = stage;
          d.stageAt = now;
          d.attempt = 0;
          d.failure = null;
          d.lane = look ? Lane.LOOK : Lane.of(stage);
          d.dueAt = look ? nextLook(now) : campaign.dueAt();
          d.looksAfterEnd = 0;
          d.goOn = false;
          d.held = false;
        });
  }

  private static Campaign goOn(Campaign campaign) {
    return campaign.with(d -> d.goOn = true);
  }

  /** Nothing is due before this time, or before its {@code stopAt}, which no wait outlasts. */
  private static Campaign wait(Campaign campaign, long until) {
    boolean stops = !campaign.stage().ended() && campaign.command() != Command.STOP;
    return campaign.with(
        d -> {
          d.dueAt = stops ? Math.min(until, orNever(campaign.stopAt())) : until;
          d.goOn = false;
        });
  }

  private Campaign poll(Campaign campaign, long now) {
    return wait(campaign, now + properties.polls().millis(campaign.polls()))
        .with(
            d -> {
              d.polls = campaign.polls() + 1;
              d.attempt = 0;
            });
  }

  private Campaign look(Campaign campaign, long now) {
    return wait(campaign, nextLook(now));
  }

  private long nextLook(long now) {
    return now + lookPeriod();
  }

  private long lookPeriod() {
    return properties.lookPeriod().toMillis();
  }

  private static long orNever(Long time) {
    return time == null ? Long.MAX_VALUE : time;
  }

  private Campaign write(Campaign campaign, BiFunction<Campaign, Long, Change> step) {
    return write(campaign, step, (tx, after) -> {});
  }

  private Campaign write(
      Campaign campaign, BiFunction<Campaign, Long, Change> step, BiConsumer<Tx, Campaign> also) {
    return writeIn(campaign, (tx, c) -> step.apply(c, tx.now()), also);
  }

  private Campaign writeIn(
      Campaign campaign, BiFunction<Tx, Campaign, Change> step, BiConsumer<Tx, Campaign> also) {
    Campaign after =
        store.write(
            tx -> {
              Change change = step.apply(tx, campaigns.inStep(tx.sql(), campaign));
              Campaign written = campaigns.apply(tx, campaign, change);
              also.accept(tx, written);
              return written;
            },
            decisive(campaign));
    if (after.stage() != campaign.stage()) {
      LOG.info("Campaign {} ({}) is {}{}", after.id(), after.name(), after.stage(), why(after));
    }
    if (campaign.activeAt() == null && after.activeAt() != null) {
      CampaignMeters.launched(registry, after.latencyMs());
    }
    waiters.changed(after);
    return after;
  }

  /**
   * Whether CXone may dial by what its run does, or is kept from dialing: that is written down also
   * while the disk is full, for which it has a reserve.
   */
  private static boolean decisive(Campaign campaign) {
    return campaign.command() != null
        || campaign.stage() == Stage.REGISTERED
        || campaign.stage() == Stage.ACTIVATING;
  }

  /** A change that an event has made is on disk: those who wait for the campaign are told. */
  void toldByEvent(Campaign after) {
    boolean launched =
        after.stage() == Stage.ACTIVE && Long.valueOf(after.stageAt()).equals(after.activeAt());
    if (launched) {
      CampaignMeters.launched(registry, after.latencyMs());
    }
    waiters.changed(after);
  }
}
