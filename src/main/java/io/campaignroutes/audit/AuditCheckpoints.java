package io.campaignroutes.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.campaignroutes.shared.LiveSecrets;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Outage;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Signed checkpoints over the audit files. A chain alone does not show that its end was cut off or
 * that the whole file was written anew; a checkpoint does. It is one line of {@code
 * checkpoints.jsonl}:
 *
 * <pre>
 * {"seq":7,"timestamp":"...","heads":{"cmp_1":{"seq":12,"sha256":"..."}},"keyId":"...",
 *  "auditVersion":"1","prev":"...","signature":"..."}
 * </pre>
 *
 * {@code heads} has the newest lines that the files had, {@code prev} is the hash of the checkpoint
 * line before as in an audit line, {@code keyId} the first 16 hex digits of the SHA-256 of the
 * public key (X.509 bytes). A checkpoint that tells of a torn end of {@code checkpoints.jsonl} has
 * {@code recovered} after {@code heads}.
 *
 * <p>{@code signature}, always last, is Ed25519 in base64. <b>What is signed are the line's bytes
 * up to, not including, {@code ,"signature"}, followed by {@code }}</b>. By hand:
 *
 * <pre>
 * sed -n 7p checkpoints.jsonl | sed 's/,"signature":"[^"]*"}$/}/' | tr -d '\n' &gt; signed
 * sed -n 7p checkpoints.jsonl | sed 's/.*,"signature":"\([^"]*\)"}$/\1/' | base64 -d &gt; signature
 * openssl pkeyutl -verify -rawin -pubin -inkey checkpoint.pub -in signed -sigfile signature
 * </pre>
 *
 * <p>The private key comes from outside ({@code audit.signing-key}, {@code audit.signing-command}),
 * or is kept in the store; the public ones lie beside the files as {@code checkpoint.pub}. Auditors
 * keep a copy of it elsewhere: who can replace all files can replace that one too.
 */
@Component
public class AuditCheckpoints {
  static final String PUBLIC_KEY = SigningKeys.FILE;

  /** The timer in {@code routes/} that has checkpoints made. */
  static final String TIMER = "audit-checkpoint";

  /** Heads in one checkpoint line. */
  static final int HEADS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(AuditCheckpoints.class);
  private static final JsonFactory JSON = new JsonFactory();

  private final Store store;
  private final SigningKeys keys;
  private final AuditProperties settings;
  private final Map<String, Long> coveredAt = new HashMap<>(); // System.nanoTime
  private final List<CheckpointListener> listeners = new CopyOnWriteArrayList<>();
  private final Outage unsigned =
      new Outage(LOG, "Checkpoints cannot be signed", "Checkpoints are signed again");
  private boolean prepared;

  public AuditCheckpoints(Store store, Secrets secrets, AuditProperties settings) {
    this.store = store;
    this.keys = new SigningKeys(secrets, settings.dir(), settings.signingCommand());
    this.settings = settings;
  }

  @Autowired
  void follow(LiveSecrets live) {
    live.follow("${audit.signing-key:}", this::signWith);
  }

  /**
   * Signs with a key from outside from now on.
   *
   * @param key blank for none: then with the store's
   * @throws IllegalArgumentException when it is none
   */
  void signWith(String key) {
    keys.give(key);
  }

  /** Has somebody told of each checkpoint that is made from now on. */
  public void tell(CheckpointListener listener) {
    listeners.add(listener);
  }

  /**
   * Makes one checkpoint over files written since the last one and keeps it in the store, from
   * where it goes into {@code checkpoints.jsonl} as every line goes into its file. A file that this
   * process has covered within {@code audit.checkpoint-interval} is left for later. It is signed
   * ahead of the transaction, which locks nothing that appending lines or writing files needs, and
   * keeps it unless another process has made one meanwhile.
   *
   * @return how many files it covers: 0 when there was nothing to cover (no checkpoint then), or
   *     none was made, {@value #HEADS} when more may be left
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached
   */
  public synchronized int writeCheckpoint() {
    try {
      Signer signer = keys.current();
      int covered = writeCheckpoint(signer);
      unsigned.worked();
      return covered;
    } catch (SigningException e) {
      keys.anew();
      unsigned.failed(e.getMessage() + ".");
      return 0;
    }
  }

  private int writeCheckpoint(Signer signer) {
    if (!prepared) {
      store.run(tx -> AuditRows.prepare(tx, AuditRows.CHECKPOINTS));
      prepared = true;
    }
    long now = System.nanoTime();
    coveredAt.values().removeIf(at -> now - at >= settings.checkpointInterval().toNanos());
    List<String> grown =
        store
            .read()
            .sql("select distinct campaign_id from audit_uncovered order by campaign_id")
            .query(String.class)
            .list();
    List<String> due =
        grown.stream().filter(id -> !coveredAt.containsKey(id)).limit(HEADS).toList();
    if (grown.isEmpty()) {
      store.due(TIMER).quiet();
    }
    if (due.isEmpty()) {
      return 0;
    }
    List<Head> covered = cover(signer, due);
    covered.forEach(head -> coveredAt.put(head.campaignId(), now));
    return covered.size();
  }

  /** Lets every file that has grown be covered at once, however lately it was covered. */
  synchronized void forgetIntervals() {
    coveredAt.clear();
  }

  /** Whether {@link #writeCheckpoint} left files over, given what it returned. */
  public boolean more(int covered) {
    return covered == HEADS;
  }

  /** Why none can be signed; null when they can. */
  String unsignedReason() {
    return unsigned.cause();
  }

  /** Why {@code checkpoint.pub} cannot be written; null when it can. */
  String unavailableReason() {
    return keys.unavailableReason();
  }

  /**
   * Makes a checkpoint that tells of a torn last line of {@code checkpoints.jsonl}.
   *
   * @throws IllegalStateException while another process makes one
   */
  void appendRecovered(Tx tx, TornLine torn) {
    AuditRows.Next next =
        AuditRows.nextCheckpoint(tx, store.claimLock())
            .orElseThrow(() -> new IllegalStateException("another replica makes a checkpoint"));
    Made made =
        made(
            next,
            AuditText.time(tx.now()),
            keys.current(tx),
            json -> {
              json.writeObjectFieldStart("heads");
              json.writeEndObject();
              json.writeObjectFieldStart("recovered");
              json.writeStringField("file", torn.aside());
              json.writeNumberField("fileBytes", torn.bytes());
              json.writeStringField("fileSha256", torn.sha256());
              json.writeEndObject();
            });
    add(tx, made);
  }

  private record Head(String campaignId, long seq, String sha256) {}

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * A checkpoint that is signed and not kept yet.
   *
   * @param next what it follows
   */
  private record Made(AuditRows.Next next, String timestamp, String line) {}

  private List<Head> cover(Signer signer, List<String> due) {
    // before the heads: what another process covers after this makes ours one too late
    Optional<AuditRows.Next> next = AuditRows.checkpointAfter(store.read());
    List<Head> heads =
        store
            .read()
            .sql(
                "select campaign_id, written_seq, written_sha256 from audit_file"
                    + " where campaign_id in (:ids) and written_seq > 0"
                    + " and exists (select 1 from audit_uncovered"
                    + " where audit_uncovered.campaign_id = audit_file.campaign_id)"
                    + " order by campaign_id")
            .param("ids", InList.of(due))
            .query((row, i) -> new Head(row.getString(1), row.getLong(2), row.getString(3)))
            .list();
    if (heads.isEmpty() || next.isEmpty()) {
      return List.of();
    }
    Made made =
        made(
            next.get(),
            AuditText.time(store.now()),
            signer,
            json -> {
              json.writeObjectFieldStart("heads");
              for (Head head : heads) {
                json.writeObjectFieldStart(head.campaignId());
                json.writeNumberField("seq", head.seq());
                json.writeStringField("sha256", head.sha256());
                json.writeEndObject();
              }
              json.writeEndObject();
            });
    return store.write(tx -> keep(tx, made, heads) ? heads : List.of());
  }

  private boolean keep(Tx tx, Made made, List<Head> heads) {
    if (!AuditRows.nextCheckpoint(tx, store.claimLock()).equals(Optional.of(made.next()))) {
      return false; // another process has made one, or is at it
    }
    tx.jdbc()
        .batchUpdate(
            "delete from audit_uncovered where campaign_id = ? and seq <= ?",
            heads.stream().map(head -> new Object[] {head.campaignId(), head.seq()}).toList());
    add(tx, made);
    return true;
  }

  private void add(Tx tx, Made made) {
    AuditRows.add(tx, AuditRows.CHECKPOINTS, made.next().seq(), made.line());
    listeners.forEach(
        listener -> listener.made(tx, made.next().seq(), made.timestamp(), made.line()));
  }

  private static Made made(AuditRows.Next next, String timestamp, Signer signer, Fields content) {
    var text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("seq", next.seq());
      json.writeStringField("timestamp", timestamp);
      content.write(json);
      json.writeStringField("keyId", signer.id());
      json.writeStringField("auditVersion", AuditLog.VERSION);
      json.writeStringField("prev", next.prev());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A checkpoint line cannot be made", e);
    }
    String signed = text.toString();
    return new Made(next, timestamp, CheckpointKey.line(signed, signer.sign(signed)));
  }
}
