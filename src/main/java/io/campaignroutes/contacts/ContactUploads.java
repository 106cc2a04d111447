package io.campaignroutes.contacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Masked;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gives the platform the callable contacts of a campaign, a part at a time. That a part is about to
 * be sent is on disk before it is; of one whose answer was lost it is found out whether the
 * platform has it, and none is ever sent twice.
 */
@Component
public class ContactUploads {
  /** So long a part that was sent may be on its way, though nobody heard of it. */
  private static final Duration IN_FLIGHT = Duration.ofMinutes(2);

  /** So long after a part was sent the platform may still come to count all of it. */
  private static final Duration COUNTING = Duration.ofMinutes(5);

  /** So long the platform may work on a part. */
  private static final Duration MAX_WORK = Duration.ofHours(1);

  private final Store store;
  private final ContactImports imports;
  private final ContactProperties properties;

  public ContactUploads(Store store, ContactImports imports, ContactProperties properties) {
    this.store = store;
    this.imports = imports;
    this.properties = properties;
  }

  /** How far a part is. Stored by name. */
  public enum State {
    PLANNED,
    /** It was sent or was about to be; what became of it is not known. */
    SENDING,
    /** The platform has it and works on it. */
    SENT,
    DONE
  }

  /**
   * A part of a campaign's callable contacts.
   *
   * @param part from 1
   * @param first number of its first contact
   * @param last number of its last one
   * @param list the platform's id of the list that they are in; null while there is none
   * @param job what the platform calls the upload; null while it is not sent
   * @param sentAt milliseconds since the epoch; 0 while it is not
   */
  public record Part(
      String campaignId,
      int part,
      long first,
      long last,
      long contacts,
      State state,
      String list,
      String job,
      long sentAt) {

    /** Its state as a word, for routes. */
    public String step() {
      return state.name();
    }
  }

  /** What an upload has come to. */
  public enum Word {
    GOES_ON,
    WAITS,
    DONE,
    FAILED
  }

  /**
   * How far an upload is.
   *
   * @param accepted contacts that the platform has taken so far
   * @param refused contacts that it has not
   * @param problem why it failed; else null
   */
  public record Progress(Word state, long accepted, long refused, String problem) {}

  /** The part that is to be worked at; null when the platform has all. */
  public Part next(String campaignId) {
    return store.write(
        tx -> {
          Optional<Part> latest = latest(tx.sql(), campaignId);
          return latest.isPresent() && latest.get().state() != State.DONE
              ? latest.get()
              : plan(tx, campaignId, latest.orElse(null));
        });
  }

  private static Optional<Part> latest(JdbcClient sql, String campaignId) {
    return sql.sql("select * from contact_upload where campaign_id = ? order by part desc limit 1")
        .param(campaignId)
        .query(ContactUploads::part)
        .optional();
  }

  private Part plan(Tx tx, String campaignId, Part before) {
    List<Long> numbers =
        tx.sql()
            .sql(
                "select number from contact where campaign_id = ? and outcome = 'CALLABLE' and"
                    + " number > ? order by number limit ?")
            .params(campaignId, before == null ? 0 : before.last(), properties.uploadSize())
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
   * Notes that a part is about to be sent.
   *
   * @return the part, by which alone what comes of this sending is taken
   * @throws StaleContactsException when another run has sent it
   */
  public Part send(Part part) {
    move(part, State.PLANNED, State.SENDING, part.list(), null);
    return latest(store.read(), part.campaignId()).orElseThrow();
  }

  /**
   * What of a part is sent.
   *
   * @return what {@link #about} has, with {@code columns}, their names, and {@code contacts}, a
   *     list of cells for each. {@code externalId} is another one in each line of the file
   */
  public ObjectNode content(Part part) {
    ObjectNode upload = about(part);
    Set<String> names = new TreeSet<>(imports.columns(part.campaignId()));
    names.removeAll(Set.of("phone", "externalId", "timeZone"));
    ArrayNode columns = upload.putArray("columns").add("externalId").add("phone").add("timeZone");
    names.forEach(columns::add);
    ArrayNode rows = upload.putArray("contacts");
    Set<Long> repeated =
        ContactRows.repeatedKeys(store.read(), part.campaignId(), part.first(), part.last());
    for (Contact contact : contacts(part)) {
      ArrayNode row = rows.addArray();
      row.add(id(contact, repeated.contains(contact.number())));
      row.add(contact.phone()).add(contact.timeZone() == null ? "" : contact.timeZone());
      names.forEach(name -> row.add(contact.fields().getOrDefault(name, "")));
    }
    return upload;
  }

  /** A platform takes two lines with one key for the same contact. */
  private static String id(Contact contact, boolean repeated) {
    String line = "line-" + contact.line();
    return contact.externalId() == null
        ? line
        : repeated ? contact.externalId() + "-" + line : contact.externalId();
  }

  private List<Contact> contacts(Part part) {
    return ContactRows.page(
        store.read(),
        part.campaignId(),
        ContactOutcome.CALLABLE,
        part.first() - 1,
        Math.toIntExact(part.contacts()));
  }

  /**
   * What a platform is told of a part.
   *
   * @return {@code {part, list, job, size, sentAt, uploaded, jobs}}: the platform's ids or null,
   *     how many contacts it has, when it was sent in milliseconds since the epoch, how many the
   *     platform has taken of earlier parts, and the uploads that are known
   */
  public ObjectNode about(Part part) {
    ObjectNode upload = Json.object();
    upload.put("part", part.part()).put("list", part.list()).put("job", part.job());
    upload.put("size", part.contacts()).put("sentAt", part.sentAt());
    upload.put("uploaded", progress(part.campaignId(), Word.WAITS).accepted());
    ArrayNode jobs = upload.putArray("jobs");
    store
        .read()
        .sql(
            "select job_id from contact_upload where campaign_id = ? and job_id is not null order"
                + " by part")
        .param(part.campaignId())
        .query(String.class)
        .list()
        .forEach(jobs::add);
    return upload;
  }

  /**
   * The platform has taken a part, or has made the list that it goes into next.
   *
   * @param answer {@code {list, job}}, without a job where nothing of the part was sent
   */
  public Progress sent(Part part, JsonNode answer) {
    if (text(answer, "job") == null) {
      move(part, State.SENDING, State.PLANNED, text(answer, "list"), null);
      return progress(part.campaignId(), Word.GOES_ON);
    }
    move(part, State.SENDING, State.SENT, text(answer, "list"), text(answer, "job"));
    return progress(part.campaignId(), Word.WAITS);
  }

  /**
   * A part surely did not reach the platform: it may be sent again at once.
   *
   * @param why thrown then, for whoever says when
   */
  public void notSent(Part part, RuntimeException why) {
    move(part, State.SENDING, State.PLANNED, part.list(), null);
    throw why;
  }

  /** The platform does not take a part; what it says of that is told without numbers. */
  public Progress refused(Part part, String why) {
    move(part, State.SENDING, State.PLANNED, part.list(), null);
    return failed(part, Masked.numbers(why));
  }

  /**
   * What became of a part whose answer was lost. A list that was not known says that only that was
   * made.
   *
   * @param answer {@code {list, job}}; without a job when the platform does not have it
   */
  public Progress found(Part part, JsonNode answer) {
    String list = text(answer, "list");
    if (text(answer, "job") != null || list != null && part.list() == null) {
      return sent(part, answer);
    }
    if (store.now() < part.sentAt() + IN_FLIGHT.toMillis()) {
      return progress(part.campaignId(), Word.WAITS);
    }
    move(part, State.SENDING, State.PLANNED, text(answer, "list"), null);
    return progress(part.campaignId(), Word.GOES_ON);
  }

  /**
   * How far the platform is with a part.
   *
   * @param answer {@code {complete, accepted, refused}}
   */
  public Progress worked(Part part, JsonNode answer) {
    if (!answer.path("complete").asBoolean()) {
      return store.now() < part.sentAt() + MAX_WORK.toMillis()
          ? progress(part.campaignId(), Word.WAITS)
          : failed(
              part,
              "CXone has not finished part %d of the contacts within an hour (job %s). Look at it in CXone; a retry goes on with it."
                  .formatted(part.part(), part.job()));
    }
    long accepted = answer.path("accepted").asLong(-1);
    long refused = answer.path("refused").asLong();
    if (accepted + refused < part.contacts() && store.now() < part.sentAt() + COUNTING.toMillis()) {
      return progress(part.campaignId(), Word.WAITS);
    }
    if (accepted + refused != part.contacts()) {
      return failed(
          part,
          "CXone tells of %d contacts in part %d (job %s), and was sent %d. Look at list %s in CXone before it is dialed."
              .formatted(
                  accepted + refused, part.part(), part.job(), part.contacts(), part.list()));
    }
    store.write(
        tx -> {
          requireMoved(
              part,
              tx.sql()
                  .sql(
                      "update contact_upload set state = 'DONE', accepted = ?, refused = ? where"
                          + " campaign_id = ? and part = ? and state = 'SENT'")
                  .params(accepted, refused, part.campaignId(), part.part())
                  .update());
          return null;
        });
    return progress(part.campaignId(), Word.GOES_ON);
  }

  /** The platform has all parts. */
  public Progress whole(String campaignId) {
    Progress progress = progress(campaignId, Word.DONE);
    long callable = imports.find(campaignId).orElseThrow().count(ContactOutcome.CALLABLE);
    if (progress.accepted() + progress.refused() != callable) {
      return new Progress(
          Word.FAILED,
          progress.accepted(),
          progress.refused(),
          "Not all contacts were given to CXone before they were removed here. Launch a new"
              + " campaign with the file.");
    }
    return progress.accepted() > 0
        ? progress
        : new Progress(
            Word.FAILED,
            0,
            progress.refused(),
            "CXone has taken none of the contacts: it refused %d. Its list tells why."
                .formatted(progress.refused()));
  }

  private Progress failed(Part part, String problem) {
    Progress now = progress(part.campaignId(), Word.FAILED);
    return new Progress(Word.FAILED, now.accepted(), now.refused(), problem);
  }

  /** What the platform has taken of a campaign's contacts, and what not. */
  public Progress progress(String campaignId, Word word) {
    return store
        .read()
        .sql(
            "select coalesce(sum(accepted), 0), coalesce(sum(refused), 0) from contact_upload where"
                + " campaign_id = ?")
        .param(campaignId)
        .query((row, n) -> new Progress(word, row.getLong(1), row.getLong(2), null))
        .single();
  }

  private void move(Part part, State from, State to, String list, String job) {
    store.write(
        tx -> {
          requireMoved(
              part,
              tx.sql()
                  .sql(
                      "update contact_upload set state = ?, list_id = ?, job_id = ?, sent_at = case"
                          + " when ? = 'SENDING' then ? else sent_at end where campaign_id = ? and"
                          + " part = ? and state = ? and coalesce(sent_at, 0) = ?")
                  .params(to.name(), list, job, to.name(), tx.now())
                  .params(part.campaignId(), part.part(), from.name(), part.sentAt())
                  .update());
          return null;
        });
  }

  private static void requireMoved(Part part, int rows) {
    if (rows == 0) {
      throw new StaleContactsException(part.campaignId());
    }
  }

  private static String text(JsonNode answer, String field) {
    return answer.path(field).asText(null);
  }
}
