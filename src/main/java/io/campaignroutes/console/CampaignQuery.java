package io.campaignroutes.console;

import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.http.ApiRequest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which campaigns are asked for, and in which order.
 *
 * @param stages only those in one of these; empty for all
 * @param text only those with this in name, id, CXone's id, external id, pool or policy; empty for
 *     all
 * @param sort what they are sorted by
 * @param descending whether the order is turned round
 * @param offset how many are left out at the start
 * @param limit how many come at the most
 */
record CampaignQuery(
    Set<Stage> stages, String text, Sort sort, boolean descending, int offset, int limit) {
  private static final int FURTHEST = 10_000_000;

  /** What a list can be sorted by. */
  enum Sort {
    TAKEN("c.id"),
    NAME("lower(c.name)"),
    STAGE(
        "case c.stage when 'UNSETTLED' then 0 when 'FAILED' then 1 when 'REJECTED' then 2 when"
            + " 'ACTIVE' then 3 when 'PAUSED' then 4 when 'ACTIVATING' then 5 when 'REGISTERED'"
            + " then 6 when 'CREATED' then 7 when 'CHECKED' then 8 when 'RECEIVED' then 9 when"
            + " 'SCHEDULED' then 10 when 'COMPLETED' then 11 else 12 end"),
    SINCE("c.stage_at"),
    POOL("lower(coalesce(c.pool_id, ''))"),
    POLICY("c.policy_name"),
    ABANDONMENT("coalesce(p.abandonment, -1)"),
    RATE(
        "case when c.stage <> 'ACTIVE' then -1 when c.held = 1 then 0 else coalesce(p.rate, 0) end");

    private final String column;

    Sort(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  /**
   * Reads {@code status}, {@code q}, {@code sort}, {@code offset} and {@code limit} of a query.
   *
   * @throws InvalidRequestException naming the parameter that is not understood
   */
  static CampaignQuery of(ApiRequest request) {
    String sort = or(request.parameter("sort"), "-taken");
    boolean descending = sort.startsWith("-");
    String by = (descending ? sort.substring(1) : sort).toUpperCase(Locale.ROOT);
    Sort known =
        Arrays.stream(Sort.values())
            .filter(one -> one.name().equals(by))
            .findFirst()
            .orElseThrow(
                () ->
                    invalid(
                        "sort",
                        "enum",
                        "sort must be one of "
                            + Arrays.stream(Sort.values())
                                .map(one -> one.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                            + ", with a minus in front to reverse the order."));
    return new CampaignQuery(
        stages(or(request.parameter("status"), "")),
        or(request.parameter("q"), "").strip(),
        known,
        descending,
        offset(request.parameter("offset")),
        request.limit());
  }

  private static String or(String given, String otherwise) {
    return given == null ? otherwise : given;
  }

  private static Set<Stage> stages(String text) {
    EnumSet<Stage> stages = EnumSet.noneOf(Stage.class);
    for (String name : text.isBlank() ? new String[0] : text.split(",")) {
      try {
        stages.add(Stage.valueOf(name.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw invalid(
            "status",
            "enum",
            "status must be one or more stages, separated by commas: "
                + Arrays.toString(Stage.values())
                + ".");
      }
    }
    return stages;
  }

  private static int offset(String text) {
    if (text == null) {
      return 0;
    }
    if (!text.matches("\\d{1,8}") || Integer.parseInt(text) > FURTHEST) {
      throw invalid("offset", "range", "offset must be a number from 0 to " + FURTHEST + ".");
    }
    return Integer.parseInt(text);
  }

  private static InvalidRequestException invalid(String field, String rule, String message) {
    return new InvalidRequestException(List.of(new Finding(field, rule, message)));
  }
}
