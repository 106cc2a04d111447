package io.campaignroutes.pacing;

import io.campaignroutes.store.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What stands in the row of a campaign.
 *
 * @param campaignId its id
 * @param poolId the agent pool that it dials for
 * @param state what the law remembers, as it is stored; null before the first tick
 * @param seq number of the latest decision
 * @param rate calls/s in the campaign's pacing at CXone, as far as is known
 * @param writing calls/s that were about to be written when nobody knows whether they were; else
 *     null
 * @param writingReason why, in words
 * @param writeAt epoch ms before which no rate is written
 * @param holdAt epoch ms before which a hold that was refused is not asked for
 * @param refusal what CXone said to the hold; null when it has not refused it
 * @param tooFastSince epoch ms since when CXone dials against our word: faster than was decided, or
 *     although it is to stop; null when it does not
 * @param breaks ticks in a row that broke
 * @param changedAt epoch ms of the last tick that decided, or was refused
 */
record PacingRow(
    String campaignId,
    String poolId,
    String state,
    long seq,
    double rate,
    Double writing,
    String writingReason,
    long writeAt,
    long holdAt,
    String refusal,
    Long tooFastSince,
    int breaks,
    long changedAt) {

  /** Of two rates that may be in CXone's pacing, the faster. */
  double fastest() {
    return writing == null ? rate : Math.max(rate, writing);
  }

  /** Whether it is known which rate is in CXone's pacing. */
  boolean sure() {
    return writing == null || writing == rate;
  }

  static PacingRow of(ResultSet row, int n) throws SQLException {
    double writing = row.getDouble("writing");
    Double writingOrNone = row.wasNull() ? null : (Double) writing;
    return new PacingRow(
        row.getString("campaign_id"),
        row.getString("pool_id"),
        row.getString("state"),
        row.getLong("seq"),
        row.getDouble("rate"),
        writingOrNone,
        row.getString("writing_reason"),
        row.getLong("write_at"),
        row.getLong("hold_at"),
        row.getString("hold_refusal"),
        Rows.number(row, "too_fast_since"),
        row.getInt("breaks"),
        row.getLong("changed_at"));
  }
}
