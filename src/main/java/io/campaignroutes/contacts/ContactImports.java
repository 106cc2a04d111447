package io.campaignroutes.contacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campaignroutes.contacts.ContactImport.State;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Judges the lines of the file that a campaign was taken with, chunk by chunk, each chunk with how
 * far the file is judged in one transaction: a kill neither loses a line nor judges one twice, and
 * whoever takes the campaign next goes on where it was.
 */
@Component
public class ContactImports {
  private static final Logger LOG = LoggerFactory.getLogger(ContactImports.class);

  /** So long a run judges before the campaign's claim is renewed. */
  private static final long SLICE_NANOS = 10_000_000_000L;

  /** When it is told how far a long file has come, and again at ten times as much. */
  private static final int TELL_FROM = 100_000;

  /** Lines of a file that a dry run looks at. */
  private static final int MAX_PREVIEW = 10_000;

  /** Many requests of one dry run may name one file. */
  private final Cache<String, ObjectNode> previews =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).maximumSize(100).build();

  private final Store store;
  private final ContactFiles files;
  private final ContactProperties properties;

  public ContactImports(Store store, ContactFiles files, ContactProperties properties) {
    this.store = store;
    this.files = files;
    this.properties = properties;
  }

  /**
   * A run that judges, for a while; by one thread.
   *
   * @param reader null when nothing is left to be read
   */
  public static final class Judging {
    private final String campaignId;
    private final ContactReader reader;
    private long reached;
    private boolean whole;
    private CsvFault fault;

    private Judging(String campaignId, ContactReader reader, long reached, CsvFault fault) {
      this.campaignId = campaignId;
      this.reader = reader;
      this.reached = reached;
      this.fault = fault;
    }

    @Override
    public String toString() {
      return "contacts of " + campaignId;
    }
  }

  /**
   * Binds a campaign to the file that its request names, as it is now.
   *
   * @param request {@code contacts} of its request
   * @return false when there is no such file
   */
  public boolean bind(Tx tx, String campaignId, JsonNode request) {
    Optional<ContactFile> file = ContactFiles.find(tx.sql(), request.path("file").asText());
    if (file.isEmpty() || ContactFiles.touch(tx, file.get().id()) == 0) {
      return false;
    }
    tx.sql()
        .sql(
            "insert into contact_import (campaign_id, file_id, name, sha256, size, request, state,"
                + " judged, bytes_read, outcomes, changed_at) values (?, ?, ?, ?, ?, ?, 'READING',"
                + " 0, 0, '{}', ?)")
        .params(campaignId, file.get().id(), file.get().name(), file.get().sha256())
        .params(file.get().size(), Json.text(request), tx.now())
        .update();
    return true;
  }

  /** What a campaign was taken with; empty when it brought no contacts. */
  public Optional<ContactImport> find(String campaignId) {
    return store
        .read()
        .sql("select * from contact_import where campaign_id = ?")
        .param(campaignId)
        .query(ContactImport::of)
        .optional();
  }

  /**
   * Goes on judging where it was.
   *
   * @throws UncheckedIOException when the file cannot be read
   */
  public Judging open(String campaignId) {
    ContactImport known = find(campaignId).orElseThrow();
    if (known.state() != State.READING) {
      return new Judging(campaignId, null, known.judged(), null);
    }
    try {
      ContactReader reader = reader(known);
      reader.skip(known.judged());
      return new Judging(campaignId, reader, known.judged(), null);
    } catch (CsvFault e) {
      return new Judging(campaignId, null, known.judged(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String country(JsonNode request) {
    return request.path("defaultCountry").asText(properties.defaultCountry());
  }

  /**
   * The names of all columns of a campaign's file, which every part that is uploaded has.
   *
   * @throws CsvFault when its header is none
   */
  Set<String> columns(String campaignId) {
    ContactImport known = find(campaignId).orElseThrow();
    try (ContactReader reader = reader(known)) {
      return reader.columns();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ContactReader reader(ContactImport known) throws IOException {
    return new ContactReader(
        files.open(known.file().id()), known.mapping(), country(known.request()));
  }

  /** What is still to be judged, in chunks, for as long as a run may take. */
  public Iterator<List<Contact>> chunks(Judging judging) {
    long end = System.nanoTime() + SLICE_NANOS;
    return new Iterator<>() {
      private List<Contact> upcoming;

      @Override
      public boolean hasNext() {
        if (upcoming == null) {
          boolean over = judging.reader == null || System.nanoTime() - end > 0;
          upcoming = over ? List.of() : read(judging);
        }
        return !upcoming.isEmpty();
      }

      @Override
      public List<Contact> next() {
        List<Contact> next = upcoming;
        upcoming = null;
        return next;
      }
    };
  }

  private List<Contact> read(Judging judging) {
    try {
      List<Contact> chunk = judging.reader.next(properties.chunk());
      judging.whole = chunk.isEmpty();
      return chunk;
    } catch (CsvFault e) {
      judging.fault = e;
      return List.of();
    }
  }

  /**
   * Stores a chunk: its contacts, what was decided of them, and how far the file is judged.
   *
   * @throws StaleContactsException when another run has judged these lines
   */
  public void judge(Judging judging, List<Contact> chunk) {
    long from = judging.reached;
    long to = from + chunk.size();
    store.run(
        tx -> {
          int ours =
              tx.sql()
                  .sql(
                      "update contact_import set judged = ?, bytes_read = ?, changed_at = ? where"
                          + " campaign_id = ? and judged = ? and state = 'READING'")
                  .params(to, judging.reader.bytes(), tx.now(), judging.campaignId, from)
                  .update();
          if (ours == 0) {
            throw new StaleContactsException(judging.campaignId);
          }
          count(tx, judging.campaignId, insert(tx, judging.campaignId, chunk));
        });
    judging.reached = to;
    if (to >= TELL_FROM && Long.toString(to).length() > Long.toString(from).length()) {
      LOG.info("{}: {} lines judged so far.", judging, to);
    }
  }

  /** Stores the contacts of a chunk; returns how many there are by outcome. */
  private static ObjectNode insert(Tx tx, String campaignId, List<Contact> chunk) {
    List<Contact> callable = new ArrayList<>();
    List<Contact> others = new ArrayList<>();
    for (Contact contact : chunk) {
      (contact.outcome() == ContactOutcome.CALLABLE ? callable : others).add(contact);
    }
    // the index of callable numbers keeps the first of each, whichever chunk that was in
    int[] first = ContactRows.insert(tx, campaignId, callable, " on conflict do nothing");
    for (int i = 0; i < first.length; i++) {
      if (first[i] == 0) {
        others.add(callable.get(i).as(ContactOutcome.DUPLICATE));
      }
    }
    ContactRows.insert(tx, campaignId, others, "");
    ObjectNode counts = Json.object();
    others.forEach(c -> add(counts, c.outcome().name(), 1));
    long good = chunk.size() - others.size();
    if (good > 0) {
      add(counts, ContactOutcome.CALLABLE.name(), good);
    }
    return counts;
  }

  private static void add(ObjectNode counts, String outcome, long more) {
    counts.put(outcome, counts.path(outcome).asLong() + more);
  }

  private static void count(Tx tx, String campaignId, ObjectNode more) {
    ObjectNode counts =
        Json.storedObject(
            tx.sql()
                .sql("select outcomes from contact_import where campaign_id = ?")
                .param(campaignId)
                .query(String.class)
                .single());
    more.properties().forEach(one -> add(counts, one.getKey(), one.getValue().asLong()));
    tx.sql()
        .sql("update contact_import set outcomes = ? where campaign_id = ?")
        .params(Json.text(counts), campaignId)
        .update();
  }

  /** Ends a run; returns how far the file is judged now. */
  public ContactImport end(Judging judging) {
    try {
      if (judging.reader != null) {
        judging.reader.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (judging.whole || judging.fault != null) {
      String problem = judging.fault == null ? null : judging.fault.getMessage();
      store.write(
          tx ->
              tx.sql()
                  .sql(
                      "update contact_import set state = ?, problem = ?, changed_at = ? where"
                          + " campaign_id = ? and judged = ? and state = 'READING'")
                  .params((problem == null ? State.JUDGED : State.REFUSED).name(), problem)
                  .params(tx.now(), judging.campaignId, judging.reached)
                  .update());
    }
    return find(judging.campaignId).orElseThrow();
  }

  /**
   * What the first lines of a file that is in the store would be, without storing anything.
   *
   * @param request {@code contacts} of a request
   * @return {@code {file, sha256, size, columns, lines, all, outcomes}}, or with a {@code problem};
   *     null when there is no such file
   */
  public ObjectNode preview(JsonNode request) {
    return files
        .find(request.path("file").asText())
        .map(file -> previews.get(file + Json.text(request), key -> preview(file, request)))
        .map(ObjectNode::deepCopy)
        .orElse(null);
  }

  private ObjectNode preview(ContactFile file, JsonNode request) {
    ObjectNode told = Json.object();
    told.put("file", file.name()).put("sha256", file.sha256()).put("size", file.size());
    try (ContactReader reader =
        new ContactReader(
            files.open(file.id()), ContactImport.mapping(request), country(request))) {
      preview(told, reader);
    } catch (CsvFault e) {
      told.put("problem", e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return told;
  }

  private static void preview(ObjectNode told, ContactReader reader) {
    ArrayNode columns = told.putArray("columns");
    new TreeSet<>(reader.columns()).forEach(columns::add);
    List<Contact> contacts = reader.next(MAX_PREVIEW);
    var numbers = new HashSet<String>();
    ObjectNode outcomes = Json.object();
    for (Contact contact : contacts) {
      boolean again = contact.outcome() == ContactOutcome.CALLABLE && !numbers.add(contact.phone());
      add(outcomes, (again ? ContactOutcome.DUPLICATE : contact.outcome()).name(), 1);
    }
    told.put("lines", contacts.size());
    told.put("all", reader.next(1).isEmpty());
    told.set("outcomes", outcomes);
  }
}
