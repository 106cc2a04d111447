package io.campaignroutes.inbox;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the reports of an inbox file say. */
@Component
class InboxReports {
  private final Store store;

  InboxReports(Store store) {
    this.store = store;
  }

  interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  /** Whether an entry of the file was refused. */
  boolean anyRefused(InboxFile file) {
    return !rows(
            "select entry from inbox_entry where sha256 = ? and problem is not null limit 1", file)
        .query(Long.class)
        .list()
        .isEmpty();
  }

  /** Campaigns that the file led to. */
  long launched(InboxFile file) {
    return rows(
            "select count(*) from inbox_entry where sha256 = ? and campaign_id is not null", file)
        .query(Long.class)
        .single();
  }

  /**
   * Writes a problem document for each entry that was refused.
   *
   * @return how many were
   */
  long errors(InboxFile file, Path report) throws IOException {
    long[] refused = {0};
    write(
        report,
        json -> {
          json.writeStartArray();
          try (Stream<JsonNode> rows =
              rows(
                  "select entry, line, problem from inbox_entry where sha256 = ? and problem is"
                      + " not null order by entry",
                  file)
                  .query((row, n) -> problems(row.getString(3), row.getLong(1), row.getLong(2)))
                  .stream()) {
            for (Iterator<JsonNode> each = rows.iterator(); each.hasNext(); ) {
              for (JsonNode problem : each.next()) {
                refused[0] += problem.path("entries").asLong(1);
                ((ObjectNode) problem).put("file", file.name().text());
                Json.STRICT.writeTree(json, problem);
              }
            }
          }
          json.writeEndArray();
        });
    return refused[0];
  }

  /** The problems of a row: those of a chunk, or in a row of an earlier version only one. */
  private static JsonNode problems(String stored, long entry, long line) {
    JsonNode problems = Json.stored(stored);
    return problems.isArray()
        ? problems
        : Json.array().add(((ObjectNode) problems).put("entry", entry).put("line", line));
  }

  /** Writes which campaigns the file led to. */
  void results(InboxFile file, Path report) throws IOException {
    write(
        report,
        json -> {
          json.writeStartObject();
          json.writeStringField("file", file.name().text());
          json.writeStringField("sha256", file.sha256());
          json.writeBooleanField("takenBefore", file.again());
          json.writeArrayFieldStart("campaigns");
          try (Stream<ObjectNode> rows =
              rows(
                  """
                  select e.entry, e.line, e.note, c.id, c.name, c.stage
                  from inbox_entry e join campaign c on c.id = e.campaign_id
                  where e.sha256 = ? order by e.entry\
                  """,
                  file)
                  .query(
                      (row, n) -> {
                        ObjectNode campaign = Json.object();
                        campaign.put("entry", row.getLong(1));
                        campaign.put("line", row.getLong(2));
                        campaign.put("id", row.getString(4));
                        campaign.put("name", row.getString(5));
                        campaign.put("stage", row.getString(6));
                        if (row.getString(3) != null) {
                          campaign.put("note", row.getString(3));
                        }
                        return campaign;
                      })
                  .stream()) {
            for (Iterator<ObjectNode> each = rows.iterator(); each.hasNext(); ) {
              Json.STRICT.writeTree(json, each.next());
            }
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private JdbcClient.StatementSpec rows(String sql, InboxFile file) {
    return store.read().sql(sql).param(file.sha256());
  }

  /** Writes a report, which is on disk when this returns. */
  static void write(Path report, Writer content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            report,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream out = Channels.newOutputStream(channel);
      JsonGenerator json = Json.STRICT.getFactory().createGenerator(out, JsonEncoding.UTF8);
      json.useDefaultPrettyPrinter();
      content.write(json);
      json.flush();
      channel.force(true);
    }
  }
}
