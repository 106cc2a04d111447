package io.campaignroutes.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.audit.ChainCheck;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.http.Answers;
import io.campaignroutes.http.ApiAnswer;
import io.campaignroutes.http.ApiRequest;
import io.campaignroutes.pacing.ControlReads;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the routes of the console answer. */
@Component
public class ConsoleAnswers {
  /** So many campaigns that are out of control are named; whoever has more looks into CXone. */
  private static final int MAX_TOLD = 100;

  private final CampaignRows campaigns;
  private final ControlReads control;
  private final CxoneState cxone;
  private final SystemState system;
  private final ChainCheck chains;
  private final Store store;
  private final Answers answers;

  ConsoleAnswers(
      CampaignRows campaigns,
      ControlReads control,
      CxoneState cxone,
      SystemState system,
      ChainCheck chains,
      Store store,
      Answers answers) {
    this.campaigns = campaigns;
    this.control = control;
    this.cxone = cxone;
    this.system = system;
    this.chains = chains;
    this.store = store;
    this.answers = answers;
  }

  /**
   * A page of campaigns with how many there are.
   *
   * @throws io.campaignroutes.campaign.InvalidRequestException when the query makes no sense
   */
  public ApiAnswer overview(ApiRequest request) {
    CampaignQuery query = CampaignQuery.of(request);
    List<ControlReads.Uncontrolled> lost = control.uncontrolled();
    List<ControlReads.Uncontrolled> told = lost.stream().limit(MAX_TOLD).toList();
    CampaignRows.Page page =
        campaigns.page(query, told.stream().map(ControlReads.Uncontrolled::id).toList());
    CxoneState.Trouble trouble = cxone.trouble();
    Instant now = Instant.ofEpochMilli(store.now());
    ObjectNode body = Json.object();
    body.put("at", now.toString());
    body.put("total", page.total());
    body.put("offset", query.offset());
    ArrayNode items = body.putArray("items");
    page.rows().forEach(row -> items.add(Views.row(row, Diagnosis.of(row, now, trouble))));
    body.set("counts", Views.counts(campaigns.counts()));
    body.put("trouble", (against(lost.size()) + Changes.sentence(trouble)).strip());
    body.put("uncontrolledTotal", lost.size());
    ArrayNode uncontrolled = body.putArray("uncontrolled");
    told.forEach(
        one ->
            uncontrolled
                .addObject()
                .put("id", one.id())
                .put("name", one.name())
                .setAll(control.shown(one)));
    return answers.ok(body);
  }

  private static String against(int campaigns) {
    return switch (campaigns) {
      case 0 -> "";
      case 1 -> "CXone is still dialing 1 campaign against our word. ";
      default -> "CXone is still dialing %,d campaigns against our word. ".formatted(campaigns);
    };
  }

  /** Why a campaign dials or does not. */
  public ApiAnswer diagnosis(ApiRequest request) {
    CampaignRow row = campaigns.one(request.id());
    Instant now = Instant.ofEpochMilli(store.now());
    Diagnosis diagnosis =
        Diagnosis.of(row, now, cxone.trouble()).pacedSince(campaigns.clampedSince(row));
    return answers.ok(Views.diagnosis(row, diagnosis, now));
  }

  /** Whether the audit chain of a campaign is whole. */
  public ApiAnswer auditCheck(Campaign campaign) {
    ChainCheck.Verdict verdict = chains.check(campaign.id());
    ObjectNode body = Json.tree(verdict);
    body.put("campaignId", campaign.id());
    return answers.ok(body);
  }

  /** How the service is. */
  public ApiAnswer system() {
    return answers.ok(system.view());
  }
}
