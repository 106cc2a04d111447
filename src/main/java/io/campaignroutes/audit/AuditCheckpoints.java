package io.campaignroutes.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Outage;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
 * <p>The private key is kept in the store as {@code audit.checkpoint-key}; the public one lies
 * beside the files as {@code checkpoint.pub}. Auditors keep a copy of it elsewhere: who can replace
 * all files can replace that one too.
 */
@Component
public class AuditCheckpoints {
  static final String PUBLIC_KEY = "checkpoint.pub";

  /** The timer in {@code routes/} that has checkpoints made. */
  static final String TIMER = "audit-checkpoint";

  static final String KEY_NAME = "audit.checkpoint-key";

  /** Heads in one checkpoint line. */
  static final int HEADS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(AuditCheckpoints.class);
  private static final JsonFactory JSON = new JsonFactory();

  private final Store store;
  private final Secrets secrets;
  private final AuditProperties settings;
  private final Map<String, Long> coveredAt = new HashMap<>(); // System.nanoTime
  private final Outage unpublished =
      new Outage(LOG, PUBLIC_KEY + " cannot be written", PUBLIC_KEY + " has been written");
  private Key key;
  private byte[] publicKey;

  public AuditCheckpoints(Store store, Secrets secrets, AuditProperties settings) {
    this.store = store;
    this.secrets = secrets;
    this.settings = settings;
  }

  /**
   * Makes one checkpoint over files written since the last one and keeps it in the store, from
   * where it goes into {@code checkpoints.jsonl} as every line goes into its file. A file that this
   * process has covered within {@code audit.checkpoint-interval} is left for later. The transaction
   * locks nothing that appending lines or writing files needs, and nothing is made while another
   * process is at it.
   *
   * @return how many files it covers: 0 when there was nothing to cover (no checkpoint then),
   *     {@value #HEADS} when more may be left
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached
   */
  public synchronized int writeCheckpoint() {
    Key signer = key();
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
    publish();
    List<Head> covered = store.write(tx -> writeCheckpoint(tx, signer, due));
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

  /** Why {@code checkpoint.pub} cannot be written; null when it can. */
  String unavailableReason() {
    return unpublished.cause();
  }

  /**
   * Makes a checkpoint that tells of a torn last line of {@code checkpoints.jsonl}.
   *
   * @throws IllegalStateException while another process makes one
   */
  void appendRecovered(Tx tx, TornLine torn) {
    append(
        tx,
        AuditRows.nextCheckpoint(tx, store.claimLock())
            .orElseThrow(() -> new IllegalStateException("another replica makes a checkpoint")),
        key(tx),
        json -> {
          json.writeObjectFieldStart("heads");
          json.writeEndObject();
          json.writeObjectFieldStart("recovered");
          json.writeStringField("file", torn.aside());
          json.writeNumberField("fileBytes", torn.bytes());
          json.writeStringField("fileSha256", torn.sha256());
          json.writeEndObject();
        });
  }

  private record Head(String campaignId, long seq, String sha256) {}

  private record Key(PrivateKey privateKey, String id) {}

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private List<Head> writeCheckpoint(Tx tx, Key signer, List<String> due) {
    Optional<AuditRows.Next> next = AuditRows.nextCheckpoint(tx, store.claimLock());
    if (next.isEmpty()) {
      return List.of();
    }
    // What was uncovered before may be covered now by whoever had the lock.
    List<Head> heads =
        tx.sql()
            .sql(
                "select campaign_id, written_seq, written_sha256 from audit_file"
                    + " where campaign_id in (:ids) and written_seq > 0"
                    + " and exists (select 1 from audit_uncovered"
                    + " where audit_uncovered.campaign_id = audit_file.campaign_id)"
                    + " order by campaign_id")
            .param("ids", InList.of(due))
            .query((row, i) -> new Head(row.getString(1), row.getLong(2), row.getString(3)))
            .list();
    if (heads.isEmpty()) {
      return heads;
    }
    tx.jdbc()
        .batchUpdate(
            "delete from audit_uncovered where campaign_id = ? and seq <= ?",
            heads.stream().map(head -> new Object[] {head.campaignId(), head.seq()}).toList());
    append(
        tx,
        next.get(),
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
    return heads;
  }

  private static void append(Tx tx, AuditRows.Next next, Key signer, Fields content) {
    var text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("seq", next.seq());
      json.writeStringField("timestamp", AuditText.time(tx.now()));
      content.write(json);
      json.writeStringField("keyId", signer.id());
      json.writeStringField("auditVersion", AuditLog.VERSION);
      json.writeStringField("prev", next.prev());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A checkpoint line cannot be made", e);
    }
    String signed = text.toString();
    String line =
        signed.substring(0, signed.length() - 1)
            + ",\"signature\":\""
            + Base64.getEncoder().encodeToString(sign(signer.privateKey(), signed))
            + "\"}";
    AuditRows.add(tx, AuditRows.CHECKPOINTS, next.seq(), line);
  }

  private static byte[] sign(PrivateKey key, String text) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A checkpoint cannot be signed: " + e.getMessage(), e);
    }
  }

  private Key key() {
    if (key == null) {
      String[] pair = secrets.get(KEY_NAME, AuditCheckpoints::freshPair).split(":");
      publicKey = Base64.getDecoder().decode(pair[1]);
      store.write(
          tx -> {
            AuditRows.prepare(tx, AuditRows.CHECKPOINTS);
            return null;
          });
      key = key(pair);
      publish();
      warnOfAnotherKey();
    }
    return key;
  }

  /** The key inside of a running transaction, which must not open another one. */
  private Key key(Tx tx) {
    return key(
        tx.sql()
            .sql("select value from secret where name = ?")
            .param(KEY_NAME)
            .query(String.class)
            .single()
            .split(":"));
  }

  private static Key key(String[] pair) {
    try {
      byte[] encoded = Base64.getDecoder().decode(pair[0]);
      PrivateKey privateKey =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return new Key(privateKey, CheckpointKey.id(Base64.getDecoder().decode(pair[1])));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalStateException(
          "The secret " + KEY_NAME + " in the store is not an Ed25519 key pair", e);
    }
  }

  /** Private (PKCS#8) and public key (X.509), base64 with a colon between. */
  private static String freshPair() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      Base64.Encoder base64 = Base64.getEncoder();
      return base64.encodeToString(pair.getPrivate().getEncoded())
          + ":"
          + base64.encodeToString(pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK from 15 on has Ed25519", e);
    }
  }

  /** The public key, in PEM form as {@code checkpoint.pub} has it. */
  private String pem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey)
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** Has {@code checkpoint.pub} beside the files; that it cannot holds up no checkpoint. */
  private void publish() {
    Path file = settings.dir().resolve(PUBLIC_KEY);
    if (Files.isRegularFile(file)) {
      unpublished.worked(); // whoever has written it
      return;
    }
    try {
      Files.createDirectories(settings.dir());
      Path fresh = Files.writeString(file.resolveSibling(PUBLIC_KEY + ".new"), pem());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      unpublished.worked();
    } catch (IOException e) {
      unpublished.failed(file + ": " + FileFaults.told(e));
    }
  }

  private void warnOfAnotherKey() {
    Path file = settings.dir().resolve(PUBLIC_KEY);
    try {
      if (Files.isRegularFile(file) && !Files.readString(file).strip().equals(pem().strip())) {
        LOG.warn(
            "{} is not the key in the store (id {}): checkpoints made from now on do not verify"
                + " with it. It is left as it is; move it away to have the store's key written.",
            file,
            CheckpointKey.id(publicKey));
      }
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be read, so it is not known whether it is the store's key: {}",
          file,
          FileFaults.told(e));
    }
  }
}
