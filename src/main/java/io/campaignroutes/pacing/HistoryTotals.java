package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The totals of the current period as CXone's history told them, until the next sample has been
 * taken. That sample then only sets where counting goes on: what it shows is in the totals.
 *
 * @param at epoch ms up to which they count; 0 when there are none, or they have been taken over
 * @param answered calls answered live since the period began, abandoned ones among them
 * @param abandoned of those, the abandoned ones
 */
record HistoryTotals(
    @JsonProperty("toldAt") long at,
    @JsonProperty("toldAnswered") double answered,
    @JsonProperty("toldAbandoned") double abandoned) {
  static final HistoryTotals NONE = new HistoryTotals(0, 0, 0);

  boolean known() {
    return at != 0;
  }

  HistoryTotals at(long other) {
    return new HistoryTotals(other, answered, abandoned);
  }
}
