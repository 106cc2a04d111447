package io.campaignroutes.contacts;

import io.campaignroutes.contacts.ContactUploads.Part;
import io.campaignroutes.contacts.ContactUploads.State;
import io.campaignroutes.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Parts of uploads as rows of the store. */
final class UploadRows {
  private UploadRows() {}

  /** The campaign's last part. */
  static Optional<Part> latest(JdbcClient sql, String campaignId) {
    return sql.sql("select * from contact_upload where campaign_id = ? order by part desc limit 1")
        .param(campaignId)
        .query(UploadRows::part)
        .optional();
  }

  private static Part part(ResultSet row, int n) throws SQLException {
    return new Part(
        row.getString("campaign_id"),
        row.getInt("part"),
        row.getLong("first_number"),
        row.getLong("last_number"),
        row.getLong("contacts"),
        State.valueOf(row.getString("state")),
        row.getString("list_id"),
        row.getString("job_id"),
        row.getLong("sent_at"));
  }

  /**
   * Adds the part that follows another one.
   *
   * @param before null for the first
   * @param size most contacts in it
   * @return null when no contact is left for it
   */
  static Part plan(Tx tx, String campaignId, Part before, int size) {
    List<Long> numbers =
        tx.sql()
            .sql(
                "select number from contact where campaign_id = ? and outcome = 'CALLABLE' and"
                    + " number > ? order by number limit ?")
            .params(campaignId, before == null ? 0 : before.last(), size)
            .query(Long.class)
            .list();
    if (numbers.isEmpty()) {
      return null;
    }
    Part part =
        new Part(
            campaignId,
            before == null ? 1 : before.part() + 1,
            numbers.get(0),
            numbers.get(numbers.size() - 1),
            numbers.size(),
            State.PLANNED,
            before == null ? null : before.list(),
            null,
            0);
    tx.sql()
        .sql(
            "insert into contact_upload (campaign_id, part, first_number, last_number, contacts,"
                + " state, list_id) values (?, ?, ?, ?, ?, 'PLANNED', ?)")
        .params(campaignId, part.part(), part.first(), part.last(), part.contacts(), part.list())
        .update();
    return part;
  }

  /** What the platform calls the uploads of a campaign, as far as it is known. */
  static List<String> jobs(JdbcClient sql, String campaignId) {
    return sql.sql(
            "select job_id from contact_upload where campaign_id = ? and job_id is not null order"
                + " by part")
        .param(campaignId)
        .query(String.class)
        .list();
  }

  /**
   * Moves a part on.
   *
   * @throws StaleContactsException when another run has moved it
   */
  static Void move(Tx tx, Part part, State from, State to, String list, String job) {
    return requireMoved(
        part,
        tx.sql()
            .sql(
                "update contact_upload set state = ?, list_id = ?, job_id = ?, sent_at = case"
                    + " when ? = 'SENDING' then ? else sent_at end where campaign_id = ? and"
                    + " part = ? and state = ? and coalesce(sent_at, 0) = ?")
            .params(to.name(), list, job, to.name(), tx.now())
            .params(part.campaignId(), part.part(), from.name(), part.sentAt())
            .update());
  }

  /**
   * The platform is through with a part.
   *
   * @throws StaleContactsException when another run has moved it
   */
  static Void done(Tx tx, Part part, long accepted, long refused) {
    return requireMoved(
        part,
        tx.sql()
            .sql(
                "update contact_upload set state = 'DONE', accepted = ?, refused = ? where"
                    + " campaign_id = ? and part = ? and state = ? and coalesce(sent_at, 0) = ?")
            .params(accepted, refused, part.campaignId(), part.part())
            .params(part.state().name(), part.sentAt())
            .update());
  }

  private static Void requireMoved(Part part, int rows) {
    if (rows == 0) {
      throw new StaleContactsException(part.campaignId());
    }
    return null;
  }
}
