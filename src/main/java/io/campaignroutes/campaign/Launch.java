package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneApi;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
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

  /** Between two look-ups of a lost create: a list may show a new campaign a little late. */
  private static final long LOOK_UP_PAUSE_MS = 1_000;

  private final Store store;
  private final CampaignStore campaigns;
  private final LaunchWaiters waiters;
  private final LaunchProperties properties;
  private final CxoneApi api;
  private final Runners runners;
  private final CampaignListeners listeners;
  private MeterRegistry registry = new CompositeMeterRegistry();

  public Launch(
      Store store,
      CampaignStore campaigns,
      LaunchWaiters waiters,
      LaunchProperties properties,
      CxoneApi api,
      Runners runners,
      CampaignListeners listeners) {
    this.store = store;
    this.campaigns = campaigns;
    this.waiters = waiters;
    this.properties = properties;
    this.api = api;
    this.runners = runners;
    this.listeners = listeners;
  }

  /** Where the time of launches is told; nowhere when there is no such place. */
  @Autowired
  void tellTo(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The agents of the pool are known: the campaign is rejected, waits for its time, or goes on. */
  public Campaign agentsKnown(Campaign campaign, AgentPools.Pool pool) {
    return agents(
        campaign,
        pool.exists()
            ? AgentCheck.check(campaign.poolId(), campaign.timeZone(), pool.agents())
            : List.of(AgentCheck.unknownPool(campaign.poolId())));
  }

  private Campaign agents(Campaign campaign, List<Finding> findings) {
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
    return write(
        campaign,
        (c, now) -> {
          ObjectNode checked = Compliance.agentsChecked(c.compliance());
          if (c.activateAt() != null && c.activateAt() > now) {
            Campaign scheduled = enter(c, Stage.SCHEDULED, now).with(d -> d.compliance = checked);
            return Change.told(
                wait(scheduled, Math.min(c.activateAt(), orNever(c.stopAt()))),
                "Waits for its activateAt; agents are checked again then.");
          }
          return Change.told(
              goOn(enter(c, Stage.CHECKED, now)).with(d -> d.compliance = checked),
              "All checks passed.");
        });
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
    if (remoteId.isEmpty()) {
      throw new CxoneUnavailableException(
          Kind.UNREACHABLE, "CXone's answer to createCampaign carries no id.", null, null);
    }
    return created(campaign, remoteId, answer.path("status").asText(null), "Created at CXone.");
  }

  private Campaign created(Campaign campaign, String remoteId, String status, String reason) {
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
                          d.remoteStatus = status;
                        }),
                reason + " CXone's id is " + remoteId + "."));
  }

  /**
   * The campaigns of our name at CXone are known, after a create whose answer was lost. A draft
   * that belongs to no campaign of ours is the one; a look-up that finds nothing is repeated after
   * a pause, since CXone may list it late, and only then is the create sent again.
   *
   * @param found {@code {campaigns: [{id, name, status}]}}
   */
  public Campaign lookedUp(Campaign campaign, JsonNode found) {
    List<JsonNode> ours = new ArrayList<>();
    for (JsonNode one : found.path("campaigns")) {
      if (campaign.name().equals(one.path("name").asText(campaign.name()))) {
        ours.add(one);
      }
    }
    List<String> known =
        campaigns.knownRemoteIds(ours.stream().map(one -> one.path("id").asText()).toList());
    ours.removeIf(one -> known.contains(one.path("id").asText()));
    List<JsonNode> drafts =
        ours.stream().filter(one -> one.path("status").asText("DRAFT").equals("DRAFT")).toList();
    if (drafts.size() == 1) {
      return created(
          campaign,
          drafts.get(0).path("id").asText(),
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
          "The answer to the create was lost, and CXone has several or other campaigns of this name"
              + " that are not known here: "
              + String.join(", ", live)
              + ". Delete the surplus ones at CXone, then retry.");
    }
    if (campaign.creates() >= MOST_LOST_CREATES) {
      return unsettled(
          campaign,
          "The create was sent "
              + campaign.creates()
              + " times, its answer was lost each time, and CXone lists no campaign of this name."
              + " Look there, then retry.");
    }
    return write(
        campaign,
        (c, now) -> {
          boolean maybeOnItsWay = c.inFlightUntil() != null && now < c.inFlightUntil();
          if (maybeOnItsWay || c.lookUps() == 0) {
            long next = Math.max(now + LOOK_UP_PAUSE_MS, orNow(c.inFlightUntil(), now));
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

  private static long orNow(Long time, long now) {
    return time == null ? now : time;
  }

  private Campaign unsettled(Campaign campaign, String why) {
    return write(
        campaign,
        (c, now) ->
            Change.told(
                enter(c, Stage.UNSETTLED, now)
                    .with(
                        d -> {
                          d.command = null;
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
                    .with(d -> d.webhookId = answer.path("id").asText(null)),
                answer.path("id").isMissingNode()
                    ? "Its webhook was registered already."
                    : "Its webhook is registered."));
  }

  /** CXone has taken the wish to activate; often it says PENDING, sometimes ACTIVE at once. */
  public Campaign activationAsked(Campaign campaign, JsonNode answer) {
    if ("ACTIVE".equals(answer.path("status").asText())) {
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
                              d.remoteStatus = answer.path("status").asText(c.remoteStatus());
                            }),
                    now),
                "CXone was asked to activate it."));
  }

  /** One poll of an activation has been answered. */
  public Campaign polled(Campaign campaign, JsonNode answer) {
    String status = answer.path("status").asText("");
    return switch (status) {
      case "ACTIVE", "PAUSED", "STOPPED", "COMPLETED", "ERROR" -> at(campaign, status, answer);
      default ->
          timedOut(campaign, store.now())
              ? write(campaign, (c, now) -> timeOut(c, now, status))
              : putBack(campaign, status);
    };
  }

  private Campaign putBack(Campaign campaign, String status) {
    return store.write(
        tx -> {
          Campaign next = poll(campaign.with(d -> d.remoteStatus = status), tx.now());
          return campaigns.putBack(tx, next, next.dueAt());
        });
  }

  /** A running campaign has been looked at. */
  public Campaign looked(Campaign campaign, JsonNode answer) {
    String status = answer.path("status").asText("");
    boolean news =
        switch (status) {
          case "ACTIVE" -> campaign.stage() != Stage.ACTIVE;
          case "PAUSED" -> campaign.stage() != Stage.PAUSED && !campaign.held();
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
    return write(
        campaign,
        (c, now) ->
            Change.quiet(
                wait(c.with(d -> d.remoteStatus = status), nextLook(c, now))
                    .with(
                        d -> {
                          d.attempt = 0;
                          d.failure = null;
                          d.held = c.held() && !dialsThoughHeld;
                        })),
        (tx, after) -> {
          if (dialsThoughHeld) {
            listeners.released(tx, after, false);
          }
        });
  }

  /** CXone has done what a command asked for. */
  public Campaign commanded(Campaign campaign, JsonNode answer) {
    if (campaign.step() == Step.NONE) {
      return nothingToDo(campaign);
    }
    Command command = campaign.command();
    String why = command == Command.STOP && stopAtCame(campaign) ? "its stopAt" : "command";
    return switch (command) {
      case PAUSE -> at(campaign, "PAUSED", "Paused by " + why + ".", null);
      case STOP -> at(campaign, "STOPPED", "Stopped by " + why + ".", null);
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
      case HALT ->
          write(
              campaign,
              (c, now) -> {
                Campaign halted =
                    c.with(
                        d -> {
                          d.command = null;
                          d.lane = null;
                          d.attempt = 0;
                          d.goOn = false;
                        });
                Map<String, Object> details =
                    Map.of(
                        "reason", "Paused at CXone, so that it does not become active unwatched.");
                return new Change(halted, null, "CAMPAIGN_HALTED", details);
              });
      case HOLD ->
          write(
              campaign,
              (c, now) ->
                  Change.quiet(
                      look(c.with(Launch::carriedOut), now)
                          .with(
                              d -> {
                                d.held = true;
                                d.remoteStatus = "PAUSED";
                              })),
              listeners::held);
      case RELEASE ->
          write(
              campaign,
              (c, now) ->
                  // an activation can still go wrong: seen soon rather than with the next slow look
                  Change.quiet(
                      wait(
                              c.with(Launch::carriedOut),
                              Math.min(
                                  now + properties.activationPollMax().toMillis(),
                                  Math.max(now, orNever(c.stopAt()))))
                          .with(
                              d -> {
                                d.held = false;
                                d.remoteStatus = answer.path("status").asText("ACTIVE");
                              })),
              (tx, after) -> {
                CampaignStore.newerThanEvents(tx, after);
                listeners.released(tx, after, true);
              });
    };
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
    return at(campaign, "STOPPED", "Stopped by " + why + " before it was launched.", null);
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
    return write(
        campaign,
        (c, now) -> {
          boolean counts = failure.kind() == Kind.UNREACHABLE;
          Campaign next =
              c.with(
                  d -> {
                    d.attempt = counts ? c.attempt() + 1 : c.attempt();
                    d.failure =
                        new Failure(Failure.Kind.UNREACHABLE, null, null, failure.getMessage());
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
          if (c.command() == null && c.stage() == Stage.ACTIVATING && timedOut(c, now)) {
            return timeOut(c, now, "unknown: " + failure.getMessage());
          }
          if (c.command() == null
              && !c.stage().launched()
              && now - c.stageAt() > properties.giveUpAfter().toMillis()
              && (c.activateAt() == null
                  || now > c.activateAt() + properties.giveUpAfter().toMillis())) {
            return giveUp(next, now, failure);
          }
          long delay =
              c.stage() == Stage.ACTIVATING && c.command() == null
                  ? properties.polls().millis(c.polls())
                  : properties.retries().millis(Math.max(0, next.attempt() - 1));
          if (failure.retryAfter() != null) {
            delay = Math.max(delay, failure.retryAfter().toMillis());
          }
          if (counts && next.attempt() == 1) {
            LOG.info("Campaign {} stays {} for now: {}", c.id(), c.stage(), failure.getMessage());
          }
          return Change.quiet(wait(next, now + delay));
        });
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
    if (campaign.command() != null) {
      return commandRefused(campaign, refusal);
    }
    if (campaign.stage().running() && !GONE.contains(refusal.status())) {
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
    return write(
        campaign,
        (c, now) ->
            Change.told(
                enter(c, Stage.FAILED, now)
                    .with(
                        d -> {
                          d.intentAt = null;
                          d.inFlightUntil = null;
                          d.failure =
                              new Failure(
                                  Failure.Kind.REFUSED,
                                  refusal.status(),
                                  refusal.code(),
                                  refusal.getMessage());
                        }),
                refusal.getMessage()));
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
                look(c, now)
                    .with(
                        d ->
                            d.failure =
                                new Failure(
                                    Failure.Kind.REFUSED,
                                    refusal.status(),
                                    refusal.code(),
                                    refusal.getMessage()))));
  }

  private Campaign commandRefused(Campaign campaign, CxoneRefusedException refusal) {
    LOG.warn(
        "Campaign {}: {} was refused: {}", campaign.id(), campaign.command(), refusal.getMessage());
    return write(
        campaign,
        (c, now) -> {
          Campaign after =
              c.with(
                  d -> {
                    d.attempt = 0;
                    d.command = null;
                    d.lane = Lane.of(c.stage());
                    if (c.command() != Command.HALT) { // which leaves the time-out as the reason
                      d.failure =
                          new Failure(
                              Failure.Kind.REFUSED,
                              refusal.status(),
                              refusal.code(),
                              refusal.getMessage());
                    }
                  });
          Map<String, Object> details = new LinkedHashMap<>();
          details.put("command", c.command().name());
          details.put("reason", refusal.getMessage());
          // what CXone really has is looked at at once
          return new Change(wait(after, now), null, "COMMAND_REFUSED", details);
        },
        (tx, after) -> {
          if (campaign.command().byPacing()) {
            listeners.holdRefused(tx, after, refusal.getMessage());
          }
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
                      d.lane = Lane.of(c.stage());
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
            Kind.UNREACHABLE, "An error on our side: " + failure, Duration.ofSeconds(5), failure));
  }

  /**
   * What a status leads to that an event tells of. It is due at once where something is left to be
   * watched, so that CXone confirms it.
   */
  Change toldBy(Campaign campaign, String status, String code, long now) {
    Change change = at(campaign.with(d -> d.remoteStatus = status), status, null, code, now);
    boolean watched = change.to().stage().running();
    return new Change(
        watched ? wait(change.to(), now) : change.to(),
        change.reason(),
        change.event(),
        change.details());
  }

  private Campaign at(Campaign campaign, String status, JsonNode answer) {
    return at(campaign, status, null, errorCode(answer));
  }

  /** CXone's code of an error as a column can keep it; null when there is none. */
  static String errorCode(JsonNode told) {
    String code = told.path("errorCode").asText(null);
    return code == null
        ? null
        : code.substring(0, Math.min(code.length(), LONGEST_CODE))
            .replaceAll("[\\p{Cntrl}\\p{Cs}]", "?"); // PostgreSQL takes neither NUL nor half a pair
  }

  private Campaign at(Campaign campaign, String status, String reason, String code) {
    return write(
        campaign,
        (was, now) -> {
          Campaign c =
              was.with(
                  d -> {
                    d.remoteStatus = was.remoteId() == null ? null : status;
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
    Campaign active =
        look(enter(campaign, Stage.ACTIVE, now), now)
            .with(
                d -> {
                  d.failure = null;
                  if (first) {
                    d.activeAt = now;
                    d.latencyMs = now - campaign.acceptedAt();
                  }
                });
    return Change.told(
        active,
        first
            ? "CXone dials, " + active.latencyMs() + " ms after it was accepted."
            : "CXone dials again.");
  }

  private Change timeOut(Campaign campaign, long now, String status) {
    String message =
        "CXone has not activated it within %d s; the last status seen is %s. It is paused at CXone so that it does not become active unwatched; retry activates it again."
            .formatted(
                properties.activationTimeout().toSeconds(), status.isEmpty() ? "none" : status);
    Campaign failed =
        enter(campaign, Stage.FAILED, now)
            .with(
                d -> {
                  d.failure = new Failure(Failure.Kind.TIMED_OUT, null, null, message);
                  d.command = Command.HALT;
                  d.dueAt = now;
                });
    return Change.told(failed, message);
  }

  private boolean timedOut(Campaign campaign, long now) {
    return campaign.activatingAt() != null
        && now - campaign.activatingAt() >= properties.activationTimeout().toMillis();
  }

  /** In a new stage, with nothing due yet. */
  private static Campaign enter(Campaign campaign, Stage stage, long now) {
    return campaign.with(
        d -> {
          d.stage = stage;
          d.stageAt = now;
          d.attempt = 0;
          d.failure = null;
          d.lane = Lane.of(stage);
          d.goOn = false;
          d.held = false;
        });
  }

  private static Campaign goOn(Campaign campaign) {
    return campaign.with(d -> d.goOn = true);
  }

  private static Campaign wait(Campaign campaign, long until) {
    return campaign.with(
        d -> {
          d.dueAt = until;
          d.goOn = false;
        });
  }

  private Campaign poll(Campaign campaign, long now) {
    long next = now + properties.polls().millis(campaign.polls());
    return wait(campaign, Math.min(next, orNever(campaign.stopAt())))
        .with(
            d -> {
              d.polls = campaign.polls() + 1;
              d.attempt = 0;
            });
  }

  private Campaign look(Campaign campaign, long now) {
    return wait(campaign, nextLook(campaign, now));
  }

  private long nextLook(Campaign campaign, long now) {
    return Math.min(
        now + properties.lookPeriod().toMillis(), Math.max(now, orNever(campaign.stopAt())));
  }

  private static long orNever(Long time) {
    return time == null ? Long.MAX_VALUE : time;
  }

  private Campaign write(Campaign campaign, BiFunction<Campaign, Long, Change> step) {
    return write(campaign, step, (tx, after) -> {});
  }

  private Campaign write(
      Campaign campaign, BiFunction<Campaign, Long, Change> step, BiConsumer<Tx, Campaign> also) {
    Campaign after =
        store.write(
            tx -> {
              Change change = step.apply(campaign, tx.now());
              Campaign written = campaigns.apply(tx, campaign, change);
              also.accept(tx, written);
              return written;
            });
    if (after.stage() != campaign.stage()) {
      LOG.info("Campaign {} ({}) is {}.", after.id(), after.name(), after.stage());
    }
    if (campaign.activeAt() == null && after.activeAt() != null) {
      CampaignMeters.launched(registry, after.latencyMs());
    }
    waiters.changed(after);
    return after;
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
