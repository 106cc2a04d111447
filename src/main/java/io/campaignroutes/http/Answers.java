package io.campaignroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Failure;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.contacts.ContactImports;
import io.campaignroutes.forecast.PoolOutlook;
import io.campaignroutes.pacing.PacingReads;
import io.campaignroutes.pacing.PacingViews;
import io.campaignroutes.simulator.CampaignForecast;
import io.campaignroutes.tenant.SkillPlan;
import io.campaignroutes.tenant.SkillViews;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import io.campaignroutes.webhook.NotReplayableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** What each HTTP route answers, and how a problem is told. */
@Component
public class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private final CampaignStore campaigns;
  private final AuditLog audit;
  private final PacingReads pacing;
  private final PacingViews pacingViews;
  private final ContactImports contacts;
  private Optional<SkillViews> skills = Optional.empty();
  private Optional<SkillPlan> plan = Optional.empty();

  public Answers(
      CampaignStore campaigns,
      AuditLog audit,
      PacingReads pacing,
      PacingViews pacingViews,
      ContactImports contacts) {
    this.contacts = contacts;
    this.campaigns = campaigns;
    this.audit = audit;
    this.pacing = pacing;
    this.pacingViews = pacingViews;
  }

  /** Where campaigns are skills, people are shown them. */
  @Autowired(required = false)
  void skills(SkillViews views) {
    skills = Optional.of(views);
  }

  /** Where a dry run can tell what would be called, it does. */
  @Autowired(required = false)
  void plan(SkillPlan calls) {
    plan = Optional.of(calls);
  }

  /** 202: taken, going on; {@code Location} tells where to look. */
  public ApiAnswer accepted(Campaign campaign) {
    return accepted(campaign, false);
  }

  /**
   * 202 with the campaign as it is now.
   *
   * @param repeat whether the same request was taken before, so that nothing was launched
   */
  public ApiAnswer accepted(Campaign campaign, boolean repeat) {
    ObjectNode body = Json.object();
    body.put("campaignId", campaign.id());
    body.put("status", campaign.stage().name());
    if (campaign.pending() != null) {
      body.put("pendingCommand", campaign.pending().name());
      body.set("pendingCommandBy", By.json(campaign.commandBy()));
    }
    if (campaign.failure() != null) {
      body.put("detail", campaign.failure().message());
    }
    if (repeat) {
      body.put("repeat", true);
    }
    return new ApiAnswer(202, ApiAnswer.JSON, location(campaign), Json.text(body));
  }

  /** How a launch ended: 201 when it dials, its problem when it failed, 202 while it goes on. */
  public ApiAnswer launched(Campaign campaign) {
    if (campaign.stage() == Stage.ACTIVE) {
      ObjectNode body = Json.object();
      body.put("campaignId", campaign.id());
      body.put("cxoneCampaignId", campaign.remoteId());
      body.put("status", campaign.stage().name());
      body.put("latencyMs", campaign.latencyMs());
      body.putRawValue(
          "auditLog", new RawValue(audit.first(campaign.id(), "CAMPAIGN_ACTIVE").orElse("null")));
      return new ApiAnswer(201, ApiAnswer.JSON, location(campaign), Json.text(body));
    }
    if (!campaign.stage().launched()) {
      return accepted(campaign);
    }
    if (campaign.failure() != null) {
      return problem(Problem.of(campaign));
    }
    return problem(
        Problem.of(
                409,
                "Not active",
                "The campaign is " + campaign.stage() + ", not ACTIVE: " + lastReason(campaign))
            .about(campaign.id()));
  }

  private String lastReason(Campaign campaign) {
    List<CampaignStore.StageChange> history = campaigns.history(campaign.id());
    return history.get(history.size() - 1).reason();
  }

  /**
   * How a command ended: 200 with the campaign, CXone's refusal, or 202 while it goes on. A pause
   * or a stop that CXone refuses stays pending all the same: it is asked again.
   */
  public ApiAnswer commanded(Campaign campaign, Command command) {
    if (campaign.pendingIsRefused()) {
      return problem(Problem.of(campaign));
    }
    if (campaign.pending() != null || campaign.stage() == Stage.ACTIVATING) {
      return accepted(campaign);
    }
    boolean refused =
        campaign.failure() != null
            && campaign.failure().kind() == Failure.Kind.REFUSED
            && switch (command) {
              case PAUSE -> campaign.stage() == Stage.ACTIVE;
              case RESUME, RETRY -> campaign.stage() != Stage.ACTIVE;
              default -> campaign.stage() != Stage.STOPPED;
            };
    return refused
        ? problem(Problem.of(campaign))
        : campaign.stage().launched() ? ApiAnswer.ok(view(campaign)) : accepted(campaign);
  }

  /**
   * 200 of a dry run.
   *
   * @param expected what could be expected of the campaign if no other dialed for its agents; null
   *     when these are not known
   * @param outlook what its agent pool would have with it
   */
  public ApiAnswer validated(
      CheckedRequest checked, CampaignForecast.Expected expected, PoolOutlook.Outlook outlook) {
    ObjectNode body = Json.object();
    body.put("valid", true);
    body.set("payload", checked.payload());
    JsonNode brought = checked.request().path("contacts");
    ObjectNode held = brought.isObject() ? contacts.preview(brought) : null;
    plan.ifPresent(p -> body.set("calls", p.calls(checked.request(), checked.payload(), held)));
    ObjectNode policy = Json.tree(checked.policy());
    policy.set("rules", Json.tree(checked.rules()));
    body.set("policy", policy);
    List<Finding> warnings = new ArrayList<>(checked.warnings());
    warnings.addAll(outlook.warnings());
    if (held != null) {
      body.set("contacts", held);
    }
    body.set("warnings", Json.tree(warnings));
    body.set("pool", outlook.pool());
    if (expected != null) {
      ObjectNode forecast = Json.tree(expected.forecast());
      body.set("forecast", forecast.put("agents", expected.agents()).put("note", expected.note()));
    }
    return ApiAnswer.ok(body);
  }

  /** One campaign with its history. */
  public ApiAnswer one(Campaign campaign) {
    ObjectNode body = view(campaign);
    skills
        .flatMap(views -> views.of(campaign.id(), campaign.payload()))
        .ifPresent(skill -> body.set("platform", skill));
    ArrayNode history = body.putArray("history");
    for (CampaignStore.StageChange change : campaigns.history(campaign.id())) {
      ObjectNode entry = history.addObject().put("stage", change.stage().name());
      entry.put("at", Times.iso(change.at())).put("reason", change.reason());
      if (change.by() != null) {
        entry.set("by", By.json(change.by()));
      }
    }
    body.set("request", campaign.request());
    body.set("compliance", campaign.compliance());
    return ApiAnswer.ok(body);
  }

  /** A page of campaigns; {@code next} is there when another page is. */
  public ApiAnswer list(List<Campaign> page, int limit) {
    List<Campaign> shown = page.size() > limit ? page.subList(0, limit) : page;
    Map<String, JsonNode> paced = pacingViews.now(shown);
    Map<String, JsonNode> control = pacingViews.control(shown);
    return ApiAnswer.page(
        page, limit, c -> view(c, paced.get(c.id()), control.get(c.id())), Campaign::id);
  }

  /** The recent pacing decisions, newest first, each with its inputs and the reason. */
  public ApiAnswer pacing(Campaign campaign, ApiRequest request) {
    int limit = request.limit();
    return ApiAnswer.page(
        pacing.decisions(campaign.id(), request.number("after"), request.limitAndOne()),
        limit,
        decision -> decision,
        decision -> decision.path("seq").asText());
  }

  /** The audit lines as they are, one a line. */
  public ApiAnswer audit(Campaign campaign) {
    return lines(campaign.id());
  }

  /** The same of what is about no campaign alone. */
  public ApiAnswer auditOfService() {
    return lines(AuditLog.SERVICE);
  }

  private ApiAnswer lines(String chain) {
    return new ApiAnswer(200, ApiAnswer.NDJSON, Map.of(), audit.text(chain));
  }

  /** What CXone counted between two times, and the share of attempts that were connected. */
  public ApiAnswer metrics(Campaign campaign, JsonNode figures) {
    ObjectNode told = Figures.readable(figures);
    long attempted = told.path("attemptedCalls").asLong();
    ObjectNode body = Json.object();
    body.put("campaignId", campaign.id());
    if (attempted > 0) {
      body.put("successRatio", told.path("connectedCalls").asDouble() / attempted);
    } else {
      body.putNull("successRatio"); // no attempt has no ratio
    }
    body.set("metrics", told);
    return ApiAnswer.ok(body);
  }

  /** The problem that an exception is. */
  public ApiAnswer problem(Throwable e) {
    Problem problem = null;
    // an exception of a bean that an expression calls arrives inside Camel's own
    for (Throwable cause = e; cause != null && problem == null; cause = cause.getCause()) {
      problem =
          cause instanceof NotReplayableException
              ? Problem.of(409, "Not replayable", cause.getMessage())
              : Problem.of(cause);
    }
    if (problem == null) {
      LOG.error("A request broke because of an error in this service.", e);
      problem =
          Problem.of(
              500,
              "Internal error",
              "The service could not handle this request. Its log says why.");
    }
    return problem(problem);
  }

  /** A problem as an answer. */
  public ApiAnswer problem(Problem problem) {
    Map<String, String> headers =
        problem.retryAfter() == null
            ? Map.of()
            : Map.of("Retry-After", problem.retryAfter().toString());
    return new ApiAnswer(
        problem.status(), ApiAnswer.PROBLEM, headers, CorrelationId.document(problem));
  }

  /** 200 with a JSON document. */
  public ApiAnswer ok(JsonNode body) {
    return ApiAnswer.ok(body);
  }

  private ObjectNode view(Campaign campaign) {
    List<Campaign> one = List.of(campaign);
    return view(
        campaign,
        pacingViews.now(one).get(campaign.id()),
        pacingViews.control(one).get(campaign.id()));
  }

  private static ObjectNode view(Campaign campaign, JsonNode paced, JsonNode control) {
    ObjectNode view = Json.object();
    view.put("id", campaign.id());
    view.put("cxoneCampaignId", campaign.remoteId());
    view.put("externalId", campaign.externalId());
    view.put("name", campaign.name());
    view.put("agentPoolId", campaign.poolId());
    view.put("weight", campaign.weight());
    view.put("stage", campaign.stage().name());
    view.put("status", campaign.stage().name());
    view.put("cxoneStatus", campaign.remoteStatus());
    view.put("acceptedAt", Times.iso(campaign.acceptedAt()));
    view.put("stageSince", Times.iso(campaign.stageAt()));
    view.put("activateAt", Times.iso(campaign.activateAt()));
    view.put("stopAt", Times.iso(campaign.stopAt()));
    view.put("activeSince", Times.iso(campaign.activeAt()));
    view.put("latencyMs", campaign.latencyMs());
    view.put("pendingCommand", campaign.pending() == null ? null : campaign.pending().name());
    view.set("pendingCommandBy", By.json(campaign.pending() == null ? null : campaign.commandBy()));
    view.set("policy", Json.tree(campaign.policy()));
    view.set("pacing", paced);
    view.set("control", control);
    view.set("failure", campaign.failure() == null ? null : Json.tree(campaign.failure()));
    return view;
  }

  private static Map<String, String> location(Campaign campaign) {
    return new TreeMap<>(Map.of("Location", "/campaigns/" + campaign.id()));
  }
}
