package io.campaignroutes.campaign;

import io.campaignroutes.shared.Hashes;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Campaigns whose records have left the store. What is known of them is where the records lie, and
 * that their keys must not launch anything again.
 */
final class Archived {
  private Archived() {}

  /** That there is no such campaign; of one that was there, where its records are. */
  static UnknownCampaignException unknown(JdbcClient sql, String id) {
    return one(sql, "id = ?", id)
        .map(UnknownCampaignException::new)
        .orElseGet(() -> new UnknownCampaignException(id));
  }

  /**
   * Makes sure that no key of a campaign was used by one that has left: whether it was for the same
   * request cannot be told any more.
   *
   * @param externalId may be null
   * @param sourceKey may be null
   * @throws ConflictException naming the campaign that has left
   */
  static void keysAreFree(JdbcClient sql, String externalId, String sourceKey) {
    refuse(sql, "externalId", "external_key", externalId);
    refuse(sql, "file", "source_key", sourceKey);
  }

  private static void refuse(JdbcClient sql, String field, String column, String key) {
    Optional<Left> used =
        key == null ? Optional.empty() : one(sql, column + " = ?", Hashes.sha256(key));
    if (used.isPresent()) {
      throw new ConflictException(
          field,
          "duplicate",
          used.get().id(),
          "This was launched before, as campaign %s. %s Nothing is launched twice: use a new key for a new campaign."
              .formatted(used.get().id(), used.get().sentence()));
    }
  }

  private static Optional<Left> one(JdbcClient sql, String condition, String value) {
    return sql.sql(
            "select id, archive, left_at from archived_campaign where " + condition + " limit 1")
        .param(value)
        .query((row, n) -> new Left(row.getString(1), row.getString(2), row.getLong(3)))
        .optional();
  }

  /** One that has left. */
  record Left(String id, String archive, long at) {
    String sentence() {
      return "Its records left the store on %s; they are in the archive %s."
          .formatted(Instant.ofEpochMilli(at).toString().substring(0, 10), archive);
    }
  }
}
