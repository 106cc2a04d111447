package io.campaignroutes.campaign;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes the entries of inbox files. What has been taken of a file is in the store together with the
 * campaigns, in one transaction a chunk, so that a kill neither loses an entry nor takes one twice;
 * the same bytes dropped again lead to the same campaigns.
 */
@Component
public class Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int TELL_EVERY = 10_000;

  private final Store store;
  private final CampaignIntake intake;
  private final AgentPools pools;
  private final InboxProperties properties;

  public Inbox(Store store, CampaignIntake intake, AgentPools pools, InboxProperties properties) {
    this.store = store;
    this.intake = intake;
    this.pools = pools;
    this.properties = properties;
  }

  /** One entry that has been read and checked, all but its agents. */
  record Read(InboxEntries.Entry entry, CheckedRequest checked, Problem problem) {}

  /** Looks at a file for the first time, or again after a crash. */
  public InboxFile open(File file) {
    String sha256 = sha256(file.toPath());
    return store.write(
        tx -> {
          tx.sql()
              .sql(
                  "insert into inbox_file (sha256, name, size, entries, first_seen_at) values (?, ?,"
                      + " ?, 0, ?) on conflict do nothing")
              .params(sha256, file.getName(), file.length(), tx.now())
              .update();
          InboxFile known =
              tx.sql()
                  .sql("select entries, whole_at from inbox_file where sha256 = ?")
                  .param(sha256)
                  .query(
                      (row, n) ->
                          new InboxFile(
                              file.toPath(),
                              file.getName(),
                              sha256,
                              row.getLong(1),
                              row.getObject(2) != null))
                  .single();
          return known.again() ? reopen(tx, known) : known;
        });
  }

  /**
   * The same bytes once more: what was launched stays, what was refused gets another chance, since
   * the reason may be gone.
   */
  private static InboxFile reopen(Tx tx, InboxFile file) {
    LOG.info("{} was taken before; nothing of it is launched twice.", file.name());
    tx.sql()
        .sql("delete from inbox_entry where sha256 = ? and problem is not null")
        .param(file.sha256())
        .update();
    tx.sql()
        .sql("update inbox_file set entries = 0, whole_at = null where sha256 = ?")
        .param(file.sha256())
        .update();
    return new InboxFile(file.path(), file.name(), file.sha256(), 0, true);
  }

  /** The entries that are still to be taken, in chunks. */
  public Iterator<List<InboxEntries.Entry>> chunks(InboxFile file) {
    try {
      return new InboxEntries(file, properties);
    } catch (UnreadableJsonException e) {
      store.write(
          tx -> {
            refuse(tx, file, 0, e.line(), Problem.of(e));
            return null;
          });
      return List.<List<InboxEntries.Entry>>of().iterator();
    }
  }

  /** Reads and checks a chunk, all but the agents. */
  public List<Read> read(List<InboxEntries.Entry> chunk) {
    List<Read> read = new ArrayList<>(chunk.size());
    for (InboxEntries.Entry entry : chunk) {
      read.add(read(entry));
    }
    return read;
  }

  private Read read(InboxEntries.Entry entry) {
    if (entry.bytes() == null) {
      return new Read(
          entry,
          null,
          Problem.of(
              413,
              "Too large",
              "The entry has more than " + properties.largestEntry() + " bytes."));
    }
    try {
      return new Read(entry, intake.checkEntry(entry.bytes(), entry.origin()), null);
    } catch (UnreadableJsonException | InvalidRequestException e) {
      return new Read(entry, null, Problem.of(e));
    }
  }

  /** The agent pools that CXone is to be asked for, each once. */
  public Set<String> poolsOf(List<Read> chunk) {
    Set<String> ids = new LinkedHashSet<>();
    for (Read read : chunk) {
      String id = read.checked() == null ? null : intake.poolId(read.checked());
      if (id != null) {
        ids.add(id);
      }
    }
    return ids;
  }

  /**
   * Takes a chunk: its campaigns, its refusals and how far the file has come, in one transaction. A
   * pool that could not be asked for just now is checked when the campaign is launched.
   */
  public void take(InboxFile file, List<Read> chunk) {
    long first = chunk.get(0).entry().number();
    long next = chunk.get(chunk.size() - 1).entry().number() + 1;
    List<Read> complete = chunk.stream().map(this::withAgents).toList();
    store.write(
        tx -> {
          boolean ours =
              tx.sql()
                      .sql("update inbox_file set entries = ? where sha256 = ? and entries = ?")
                      .params(next, file.sha256(), first)
                      .update()
                  == 1;
          if (ours) {
            Set<Long> launched = launched(tx, file, first, next);
            complete.stream()
                .filter(read -> !launched.contains(read.entry().number()))
                .forEach(read -> take(tx, file, read));
          }
          return null;
        });
    if (next / TELL_EVERY != first / TELL_EVERY) {
      LOG.info("{}: {} entries taken so far.", file.name(), next);
    }
  }

  private static Set<Long> launched(Tx tx, InboxFile file, long first, long next) {
    return Set.copyOf(
        tx.sql()
            .sql("select entry from inbox_entry where sha256 = ? and entry >= ? and entry < ?")
            .params(file.sha256(), first, next)
            .query(Long.class)
            .list());
  }

  private Read withAgents(Read read) {
    String id = read.checked() == null ? null : intake.poolId(read.checked());
    AgentPools.Pool pool = id == null ? null : pools.recent(id);
    return pool == null
        ? read
        : new Read(read.entry(), intake.withAgents(read.checked(), pool), read.problem());
  }

  private void take(Tx tx, InboxFile file, Read read) {
    long number = read.entry().number();
    if (read.problem() != null) {
      refuse(tx, file, number, read.entry().line(), read.problem());
      return;
    }
    CampaignIntake.Taken taken;
    try {
      taken = intake.take(tx, read.checked(), file.sha256() + "#" + number);
    } catch (InvalidRequestException | ConflictException e) {
      refuse(tx, file, number, read.entry().line(), Problem.of(e));
      return;
    }
    insert(
        tx,
        file,
        number,
        read.entry().line(),
        taken.campaign().id(),
        taken.repeat() ? "The same request was handed in before." : null,
        null);
  }

  private static void refuse(Tx tx, InboxFile file, long number, long line, Problem problem) {
    insert(tx, file, number, line, null, null, Json.text(Json.tree(problem)));
  }

  private static void insert(
      Tx tx,
      InboxFile file,
      long number,
      long line,
      String campaignId,
      String note,
      String problem) {
    tx.sql()
        .sql(
            "insert into inbox_entry (sha256, entry, line, campaign_id, note, problem) values (?, ?,"
                + " ?, ?, ?, ?) on conflict do nothing")
        .params(file.sha256(), number, line, campaignId, note, problem)
        .update();
  }

  /**
   * Writes the reports of a file that is wholly taken and says where it goes.
   *
   * @return the new place of the file, relative to the inbox: {@code done/<name>}, or {@code
   *     failed/<name>} when an entry was refused
   */
  public String report(InboxFile file) {
    store.write(
        tx ->
            tx.sql()
                .sql("update inbox_file set whole_at = ? where sha256 = ? and whole_at is null")
                .params(tx.now(), file.sha256())
                .update());
    long refused = count(file, "problem is not null");
    long launched = count(file, "campaign_id is not null");
    if (refused + launched == 0) {
      Problem nothing = Problem.of(400, "Nothing in it", "The file holds no request.");
      store.write(
          tx -> {
            refuse(tx, file, 0, 1, nothing);
            return null;
          });
      refused = 1;
    }
    Path folder = properties.dir().resolve(refused > 0 ? "failed" : "done");
    String name = freeName(folder, file.name());
    if (refused > 0) {
      writeReport(folder.resolve(name + ".error.json"), json -> errors(file, json));
    }
    if (launched > 0) {
      writeReport(folder.resolve(name + ".result.json"), json -> results(file, json));
    }
    LOG.info(
        "{}: {} campaigns taken, {} entries refused; it goes to {}/{}.",
        file.name(),
        launched,
        refused,
        folder.getFileName(),
        name);
    return folder.getFileName() + "/" + name;
  }

  private long count(InboxFile file, String which) {
    return store
        .read()
        .sql("select count(*) from inbox_entry where sha256 = ? and " + which)
        .param(file.sha256())
        .query(Long.class)
        .single();
  }

  /** A name that no earlier file has: {@code spring.json}, then {@code spring-2.json}. */
  private static String freeName(Path folder, String name) {
    int dot = name.lastIndexOf('.');
    String free = name;
    for (int n = 2; Files.exists(folder.resolve(free)); n++) {
      free = name.substring(0, dot) + "-" + n + name.substring(dot);
    }
    return free;
  }

  private interface Writer {
    void write(JsonGenerator json) throws IOException;
  }

  private static void writeReport(Path report, Writer content) {
    try {
      Files.createDirectories(report.getParent());
      Path draft = report.resolveSibling("." + report.getFileName() + ".tmp");
      try (JsonGenerator json =
          Json.STRICT.getFactory().createGenerator(draft.toFile(), JsonEncoding.UTF8)) {
        json.useDefaultPrettyPrinter();
        content.write(json);
      }
      try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(
          draft, report, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("The report " + report + " cannot be written", e);
    }
  }

  private void errors(InboxFile file, JsonGenerator json) throws IOException {
    json.writeStartArray();
    try (var rows =
        store
            .read()
            .sql(
                "select entry, line, problem from inbox_entry where sha256 = ? and problem is not"
                    + " null order by entry")
            .param(file.sha256())
            .query(
                (row, n) -> {
                  ObjectNode problem = Json.stored(row.getString(3));
                  problem.put("file", file.name());
                  problem.put("entry", row.getLong(1));
                  problem.put("line", row.getLong(2));
                  return problem;
                })
            .stream()) {
      for (Iterator<ObjectNode> each = rows.iterator(); each.hasNext(); ) {
        Json.STRICT.writeTree(json, each.next());
      }
    }
    json.writeEndArray();
  }

  private void results(InboxFile file, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file.name());
    json.writeStringField("sha256", file.sha256());
    json.writeBooleanField("takenBefore", file.again());
    json.writeArrayFieldStart("campaigns");
    try (var rows =
        store
            .read()
            .sql(
                """
                select e.entry, e.line, e.note, c.id, c.name, c.stage
                from inbox_entry e join campaign c on c.id = e.campaign_id
                where e.sha256 = ? order by e.entry""")
            .param(file.sha256())
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
  }

  private static String sha256(Path file) {
    MessageDigest digest = Json.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
