package io.campaignroutes.pacing;

import java.util.function.LongUnaryOperator;

/**
 * What is remembered of a campaign that is paced by lines for each agent. The lines in force and
 * when they were last written are those of {@link Dialing}.
 *
 * @param higher decisions in a row that wanted more lines than are in force
 * @param humanAt epoch ms at which lines were found that somebody else had set; 0 for none, or when
 *     that is long enough ago
 * @param fasterAt epoch ms since when 1:1 dials faster than the campaign's limit; 0 when it does
 *     not
 * @param limitedAt epoch ms since when it is held for that; 0 when it is not
 */
record RatioState(int higher, long humanAt, long fasterAt, long limitedAt) {
  static final RatioState NONE = new RatioState(0, 0, 0, 0);

  RatioState higher(int decisions) {
    return new RatioState(decisions, humanAt, fasterAt, limitedAt);
  }

  RatioState humanAt(long at) {
    return new RatioState(0, at, fasterAt, limitedAt);
  }

  RatioState limit(long faster, long held) {
    return new RatioState(higher, humanAt, faster, held);
  }

  RatioState shifted(LongUnaryOperator by) {
    return new RatioState(
        higher, by.applyAsLong(humanAt), by.applyAsLong(fasterAt), by.applyAsLong(limitedAt));
  }
}
