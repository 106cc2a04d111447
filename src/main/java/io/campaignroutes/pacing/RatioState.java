package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param rules what the platform last said that it keeps to by itself; null for nothing yet
 */
record RatioState(
    int higher,
    long humanAt,
    long fasterAt,
    long limitedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) PlatformRules rules) {
  static final RatioState NONE = new RatioState(0, 0, 0, 0, null);

  RatioState higher(int decisions) {
    return new RatioState(decisions, humanAt, fasterAt, limitedAt, rules);
  }

  RatioState humanAt(long at) {
    return new RatioState(0, at, fasterAt, limitedAt, rules);
  }

  RatioState limit(long faster, long held) {
    return new RatioState(higher, humanAt, faster, held, rules);
  }

  RatioState rules(PlatformRules told) {
    return told == null ? this : new RatioState(higher, humanAt, fasterAt, limitedAt, told);
  }

  /** What the platform keeps to by itself, as far as is known. */
  PlatformRules known() {
    return rules == null ? PlatformRules.UNKNOWN : rules;
  }

  RatioState shifted(LongUnaryOperator by) {
    return new RatioState(
        higher,
        by.applyAsLong(humanAt),
        by.applyAsLong(fasterAt),
        by.applyAsLong(limitedAt),
        rules);
  }
}
