package io.campaignroutes.dialer;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines that campaigns place for the agents of a pool who wait: as soon as one does, a few of them
 * at once, and another for each that ends without a person. Who is answered beside the one whom an
 * agent takes goes to another agent who waits, or to none; lines that ring when an agent takes a
 * call ring on, for those who still wait. Campaigns of one pool place lines in turn.
 */
final class AgentLines {
  private final AgentPool pool;
  private final List<DialedCampaign> campaigns = new ArrayList<>();
  private int next;

  AgentLines(AgentPool pool) {
    this.pool = pool;
  }

  void add(DialedCampaign campaign) {
    if (!campaigns.contains(campaign)) {
      campaigns.add(campaign);
    }
  }

  /** Places the lines that are missing for the agents who wait now. */
  void follow() {
    if (campaigns.isEmpty() || pool.idle() == 0) {
      return;
    }
    int ringing = campaigns.stream().mapToInt(DialedCampaign::ringing).sum();
    int full = 0;
    while (full < campaigns.size()) {
      DialedCampaign campaign = campaigns.get(next);
      next = (next + 1) % campaigns.size();
      if (ringing < campaign.linesForEachAgent() * pool.idle()) {
        campaign.placeLine();
        ringing++;
        full = 0;
      } else {
        full++;
      }
    }
  }
}
