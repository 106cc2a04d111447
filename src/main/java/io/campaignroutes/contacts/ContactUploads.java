package io.campaignroutes.contacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Masked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * Gives the platform the callable contacts of a campaign, a part at a time. That a part is about to
 * be sent is on disk before it is; of one whose answer was lost it is found out whether the
 * platform has it, and none is ever sent twice.
 */
@Component
public class ContactUploads {
  /** So long the platform may work on a part. */
  private static final Duration MAX_WORK = Duration.ofHours(1);

  /** How a key ends that is made of a line's number. */
  private static final Pattern MADE_HERE = Pattern.compile("line-[0-9]+$");

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
          Optional<Part> latest = UploadRows.latest(tx.sql(), campaignId);
          return latest.isPresent() && latest.get().state() != State.DONE
              ? latest.get()
              : UploadRows.plan(tx, campaignId, latest.orElse(null), properties.uploadSize());
        });
  }

  /**
   * Notes that a part is about to be sent.
   *
   * @return the part, by which alone what comes of this sending is taken
   * @throws StaleContactsException when another run has sent it
   */
  public Part send(Part part) {
    move(part, State.PLANNED, State.SENDING, part.list(), null);
    return UploadRows.latest(store.read(), part.campaignId()).orElseThrow();
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

  /** A platform takes two lines with one key for the same contact: none may have another's. */
  private static String id(Contact contact, boolean repeated) {
    String line = "line-" + contact.line();
    String own = contact.externalId();
    if (own == null) {
      return line;
    }
    return repeated || MADE_HERE.matcher(own).find() ? own + "-" + line : own;
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
    UploadRows.jobs(store.read(), part.campaignId()).forEach(jobs::add);
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

  /**
   * The platform says that it does not take a part; what it says of that is told without numbers. A
   * retry looks first whether it has taken it all the same.
   */
  public Progress refused(Part part, String why) {
    move(part, State.SENDING, State.SENDING, part.list(), null);
    return failed(part, Masked.numbers(why));
  }

  /**
   * What became of a part whose answer was lost, or that CXone said it refused. A list that was not
   * known says that only that was made. Where the platform shows no upload of the part, what its
   * list holds tells.
   *
   * @param answer {@code {list, job, accepted, refused}}; without a job when the platform shows
   *     none, with how many contacts its list holds beside earlier parts then
   */
  public Progress found(Part part, JsonNode answer) {
    String list = text(answer, "list");
    if (text(answer, "job") != null || list != null && part.list() == null) {
      return sent(part, answer);
    }
    if (isYoung(part, properties.uploadSettle())) {
      return progress(part.campaignId(), Word.WAITS);
    }
    if (answer.path("accepted").asLong() > 0) {
      return held(part, answer);
    }
    move(part, State.SENDING, State.PLANNED, list, null);
    return progress(part.campaignId(), Word.GOES_ON);
  }

  private boolean isYoung(Part part, Duration age) {
    return store.now() < part.sentAt() + age.toMillis();
  }

  /** Nothing but the part can have come to the list: where all of it is there, it has arrived. */
  private Progress held(Part part, JsonNode answer) {
    long accepted = answer.path("accepted").asLong();
    long refused = answer.path("refused").asLong();
    if (accepted + refused == part.contacts()) {
      return done(part, accepted, refused);
    }
    if (accepted < part.contacts() && isYoung(part, MAX_WORK)) {
      return progress(part.campaignId(), Word.WAITS);
    }
    return failed(
        part,
        ("It is not known whether CXone has taken part %d of the contacts. It shows no upload of it, and list %s holds"
                + " %d contacts beside earlier parts and refused %d, where %d were sent. Look at the list"
                + " in CXone. A retry looks again and goes on once it holds all or none of the part; else"
                + " launch a new campaign with the file, this one is not dialed.")
            .formatted(part.part(), part.list(), accepted, refused, part.contacts()));
  }

  /**
   * How far the platform is with a part.
   *
   * @param answer {@code {complete, accepted, refused}}
   */
  public Progress worked(Part part, JsonNode answer) {
    if (!answer.path("complete").asBoolean()) {
      return isYoung(part, MAX_WORK)
          ? progress(part.campaignId(), Word.WAITS)
          : failed(
              part,
              "CXone has not finished part %d of the contacts within an hour (job %s). Look at it in CXone; a retry goes on with it."
                  .formatted(part.part(), part.job()));
    }
    long accepted = answer.path("accepted").asLong(-1);
    long refused = answer.path("refused").asLong();
    if (accepted + refused < part.contacts() && isYoung(part, properties.uploadSettle())) {
      return progress(part.campaignId(), Word.WAITS);
    }
    if (accepted + refused != part.contacts()) {
      return failed(
          part,
          "CXone tells of %d contacts in part %d (job %s), and was sent %d. Look at list %s in CXone. A retry counts again; else launch a new campaign with the file, this one is not dialed."
              .formatted(
                  accepted + refused, part.part(), part.job(), part.contacts(), part.list()));
    }
    return done(part, accepted, refused);
  }

  private Progress done(Part part, long accepted, long refused) {
    store.write(tx -> UploadRows.done(tx, part, accepted, refused));
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
    store.write(tx -> UploadRows.move(tx, part, from, to, list, job));
  }

  private static String text(JsonNode answer, String field) {
    return answer.path(field).asText(null);
  }
}
