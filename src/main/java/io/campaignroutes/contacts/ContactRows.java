package io.campaignroutes.contacts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Contacts as rows of the store. */
final class ContactRows {
  private ContactRows() {}

  /**
   * Adds contacts.
   *
   * @param conflict what happens to one that is there
   * @return for each whether it was added: 1, or 0
   */
  static int[] insert(Tx tx, String campaignId, List<Contact> contacts, String conflict) {
    List<Object[]> rows =
        contacts.stream()
            .map(
                c ->
                    new Object[] {
                      campaignId,
                      c.number(),
                      c.line(),
                      c.phone(),
                      c.externalId(),
                      c.timeZone(),
                      Json.text(Json.tree(c.fields())),
                      c.outcome().name()
                    })
            .toList();
    return rows.isEmpty()
        ? new int[0]
        : tx.jdbc()
            .batchUpdate(
                "insert into contact (campaign_id, number, line, phone, external_id, time_zone,"
                    + " fields, outcome) values (?, ?, ?, ?, ?, ?, ?, ?)"
                    + conflict,
                rows);
  }

  /**
   * Contacts of a campaign in the order of the file.
   *
   * @param outcome only those; null for all
   * @param after only those after this number
   */
  static List<Contact> page(
      JdbcClient sql, String campaignId, ContactOutcome outcome, long after, int most) {
    return sql.sql(
            "select number, line, phone, external_id, time_zone, fields, outcome from contact where"
                + " campaign_id = :id and number > :after and (:outcome = '' or outcome ="
                + " :outcome) order by number limit :most")
        .param("id", campaignId)
        .param("after", after)
        .param("outcome", outcome == null ? "" : outcome.name())
        .param("most", most)
        .query(ContactRows::contact)
        .list();
  }

  /** Numbers of callable contacts whose key an earlier one of the campaign has. */
  static Set<Long> repeatedKeys(JdbcClient sql, String campaignId, long first, long last) {
    return Set.copyOf(
        sql.sql(
                "select c.number from contact c where c.campaign_id = ? and c.number between ? and ?"
                    + " and c.outcome = 'CALLABLE' and exists (select 1 from contact e where"
                    + " e.campaign_id = c.campaign_id and e.external_id = c.external_id and"
                    + " e.outcome = 'CALLABLE' and e.number < c.number)")
            .params(campaignId, first, last)
            .query(Long.class)
            .list());
  }

  private static Contact contact(ResultSet row, int n) throws SQLException {
    Map<String, String> fields = new TreeMap<>();
    ObjectNode stored = Json.storedObject(row.getString("fields"));
    stored.properties().forEach(one -> fields.put(one.getKey(), one.getValue().asText()));
    return new Contact(
        row.getLong("number"),
        row.getLong("line"),
        row.getString("phone"),
        row.getString("external_id"),
        row.getString("time_zone"),
        fields,
        ContactOutcome.valueOf(row.getString("outcome")));
  }
}
