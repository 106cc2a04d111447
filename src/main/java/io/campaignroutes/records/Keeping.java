package io.campaignroutes.records;

import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.Policy;
import io.campaignroutes.compliance.PolicyRule;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** How long the policies want records to be kept: {@code records.retain}, the longest of them. */
@Component
class Keeping {
  private final Policies policies;
  private final ComplianceSettings compliance;
  private final RecordsProperties properties;

  Keeping(Policies policies, ComplianceSettings compliance, RecordsProperties properties) {
    this.policies = policies;
    this.compliance = compliance;
    this.properties = properties;
  }

  /**
   * For how long the records of some campaigns are kept.
   *
   * @param endedBefore what ended before may leave, in milliseconds since the epoch; null: nothing
   * @param withContacts the same for campaigns that brought contacts
   * @param reason why nothing may leave; null where something may
   * @param fault whether somebody has to see to it
   */
  record Kept(Long endedBefore, Long withContacts, String reason, boolean fault) {
    private static Kept forEver(String reason, boolean fault) {
      return new Kept(null, null, reason, fault);
    }
  }

  /**
   * How long that is.
   *
   * @param names of the profiles that a campaign was launched under, joined by {@code +}
   * @param now in milliseconds since the epoch
   */
  Kept of(String names, long now) {
    List<String> all =
        Stream.concat(Stream.of(names.split("\\+")), compliance.alwaysPolicies().stream())
            .distinct()
            .toList();
    for (String name : all) {
      if (policies.policy(name).isEmpty()) {
        return Kept.forEver(
            "There is no profile "
                + name
                + " any more that says how long records are kept: bring it back, with"
                + " records.retain.",
            true);
      }
    }
    Optional<Long> own = earliest(all.stream(), now);
    if (own.isEmpty() && properties.keepWithoutRule() == null) {
      return Kept.forEver(
          names + " does not say how long records are kept, nor does records.keep-without-rule.",
          false);
    }
    long before = own.orElseGet(() -> before(properties.keepWithoutRule(), now));
    // contacts were judged by the policies of their own regions too, whichever those were
    long strictest = earliest(policies.names().stream(), now).orElse(before);
    return new Kept(before, Math.min(before, strictest), null, false);
  }

  private Optional<Long> earliest(Stream<String> names, long now) {
    return names
        .map(policies::policy)
        .flatMap(Optional::stream)
        .map(Policy::records)
        .flatMap(List::stream)
        .map(PolicyRule::value)
        .map(period -> before(period, now))
        .min(Long::compare);
  }

  private static long before(Period period, long now) {
    return Instant.ofEpochMilli(now)
        .atOffset(ZoneOffset.UTC)
        .minus(period)
        .toInstant()
        .toEpochMilli();
  }
}
