package io.campaignroutes.campaign;

import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.text.Json;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a request finds that was handed in before, or that its name or key belongs to. */
final class Repeats {
  /** What a key may be; PostgreSQL takes no question about others. */
  static final String KEY_PATTERN = "[^\\p{Cntrl}]{1,200}";

  private Repeats() {}

  /**
   * The same request, taken before.
   *
   * @throws ConflictException when its key was used for another one
   */
  static Optional<Campaign> of(JdbcClient sql, Campaign fresh) {
    Optional<Campaign> same = bySource(sql, fresh.sourceKey());
    return same.isPresent() ? same : of(sql, fresh.externalId(), fresh.fingerprint());
  }

  /** The same for a request that comes from no file. */
  static Optional<Campaign> of(JdbcClient sql, String externalId, String fingerprint) {
    if (externalId == null) {
      return Optional.empty();
    }
    Optional<Campaign> same = CampaignStore.one(sql, "external_id = ?", externalId);
    if (same.isPresent() && !same.get().fingerprint().equals(fingerprint)) {
      throw new ConflictException(
          "externalId",
          "duplicate",
          same.get().id(),
          "Campaign %s was launched with this key from another request. Use a new key for a new campaign."
              .formatted(same.get().id()));
    }
    return same;
  }

  /** The same for a request that has findings by now; there is none for another with its key. */
  static Optional<Campaign> whenValid(JdbcClient sql, CheckedRequest checked, String sourceKey) {
    String externalId = checked.given().path("externalId").textValue();
    Optional<Campaign> before = bySource(sql, sourceKey);
    return before.isPresent() || externalId == null || !externalId.matches(KEY_PATTERN)
        ? before
        : CampaignStore.one(sql, "external_id = ?", externalId)
            .filter(same -> same.fingerprint().equals(Json.fingerprint(checked.given())));
  }

  private static Optional<Campaign> bySource(JdbcClient sql, String sourceKey) {
    return sourceKey == null
        ? Optional.empty()
        : CampaignStore.one(sql, "source_key = ?", sourceKey);
  }

  /**
   * Nobody carries a name.
   *
   * @throws ConflictException naming the campaign that does
   */
  static void nameIsFree(JdbcClient sql, String name) {
    List<Campaign> holders = CampaignStore.carrying(sql, name);
    if (!holders.isEmpty()) {
      Campaign holder = holders.get(0);
      String carries =
          holder.name().equals(name)
              ? "carries this name"
              : "carries a name that nobody can tell from this one";
      throw new ConflictException(
          "name",
          "duplicate",
          holder.id(),
          "Campaign %s %s and is %s. Wait for its end, stop it, or choose another name."
              .formatted(holder.id(), carries, holder.stage()));
    }
  }
}
