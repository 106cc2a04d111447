package io.campaignroutes.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * What has changed since it was asked last: one look into the store for all open pages, whichever
 * replica made the change.
 */
@Component
public class Changes {
  /**
   * A transaction's time is that of its start: what commits late is still found by looking this far
   * back. Rows that are as they were are not told again.
   */
  private static final long LOOK_BACK_MS = 1_500;

  /** After a longer pause what was told before is of no use to anybody. */
  private static final long FORGET_AFTER_MS = 30_000;

  private static final int MAX_ROWS = 2_000;

  private final Store store;
  private final CampaignRows campaigns;
  private final Supplier<CxoneState.Trouble> cxone;

  private long lookedAt;
  private Map<String, Integer> told = Map.of();
  private Map<Stage, Long> counts = Map.of();
  private String trouble = "";

  @Autowired
  Changes(Store store, CampaignRows campaigns, CxoneState cxone) {
    this(store, campaigns, cxone::trouble);
  }

  Changes(Store store, CampaignRows campaigns, Supplier<CxoneState.Trouble> cxone) {
    this.store = store;
    this.campaigns = campaigns;
    this.cxone = cxone;
  }

  /**
   * The message for the pages; null when nothing has changed. Not to be called by two threads at
   * once: the one timer does.
   */
  public String next() {
    long now = store.now();
    boolean fresh = now - lookedAt > FORGET_AFTER_MS || now < lookedAt; // or the clock was set back
    long since = (fresh ? now : lookedAt) - LOOK_BACK_MS;
    CampaignRows.Changed found = campaigns.changedSince(since, told, MAX_ROWS);
    if (found.marks().size() == MAX_ROWS) {
      lookedAt = now;
      told = Map.of();
      return message("resync", Json.object().put("at", Times.iso(now)));
    }
    CxoneState.Trouble hindrance = cxone.get();
    Instant at = Instant.ofEpochMilli(now);
    ObjectNode body = Json.object();
    body.put("at", at.toString());
    ArrayNode changed = body.putArray("rows");
    for (CampaignRow row : found.rows()) {
      changed.add(Views.row(row, Diagnosis.of(row, at, hindrance)));
    }
    boolean something = !changed.isEmpty();
    if (something || fresh) {
      Map<Stage, Long> countsNow = campaigns.counts();
      if (!countsNow.equals(counts)) {
        body.set("counts", Views.counts(countsNow));
        counts = countsNow;
      }
    }
    String troubleNow = sentence(hindrance);
    if (fresh || !troubleNow.equals(trouble)) {
      body.put("trouble", troubleNow);
      trouble = troubleNow;
      something = true;
    }
    told = found.marks();
    lookedAt = now;
    return something ? message("changes", body) : null;
  }

  /** What hinders all campaigns, in one sentence; empty when nothing does. */
  static String sentence(CxoneState.Trouble trouble) {
    if (trouble.tokenTrouble() != null) {
      return "No token for CXone: " + trouble.tokenTrouble();
    }
    return trouble.breakerOpen()
        ? "Most calls to CXone fail. They are held back, and tried again every few seconds."
        : "";
  }

  static String message(String event, ObjectNode data) {
    return "event: " + event + "\ndata: " + Json.text(data) + "\n\n";
  }
}
