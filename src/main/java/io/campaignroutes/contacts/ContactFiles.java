package io.campaignroutes.contacts;

import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Masked;
import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The bytes of contact files in the store, so that every replica can work on them and a kill loses
 * none. A file arrives in parts, is whole once it has its SHA-256, and is known by a name from then
 * on; the same bytes are stored once.
 */
@Component
public class ContactFiles {
  /** Bytes of a part. */
  public static final int PART = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(ContactFiles.class);

  private final Store store;
  private final AuditLog audit;

  public ContactFiles(Store store, AuditLog audit) {
    this.store = store;
    this.audit = audit;
  }

  /** A file that arrives. Parts come one after the other, from one thread at a time. */
  public final class Arrival {
    private final String id;
    private final MessageDigest digest = Hashes.sha256();
    private int parts;
    private long size;

    private Arrival(String id) {
      this.id = id;
    }

    /**
     * Stores what has arrived next; not more than {@link #PART} bytes.
     *
     * @throws UnknownUploadException when it came so slowly that what was there has been removed
     */
    public void part(byte[] bytes) {
      digest.update(bytes);
      size += bytes.length;
      int part = parts++;
      store.write(
          tx -> {
            int known =
                tx.sql()
                    .sql(
                        "update contact_file set size = ?, used_at = ? where id = ? and used_at >"
                            + " 0")
                    .params(size, tx.now(), id)
                    .update();
            if (known == 0) {
              throw new UnknownUploadException();
            }
            return tx.sql()
                .sql("insert into contact_file_part (file_id, part, bytes) values (?, ?, ?)")
                .params(id, part, bytes)
                .update();
          });
    }

    /**
     * Nothing more comes.
     *
     * @return the id of the file, which {@link #named} gives its name
     */
    public String whole() {
      String sha256 = Hashes.hex(digest);
      return store.write(
          tx -> {
            store.lock(tx, "contacts:" + sha256); // or two that are alike would both be the first
            Optional<String> same =
                tx.sql()
                    .sql("select id from contact_file where sha256 = ?" + store.rowLock())
                    .param(sha256)
                    .query(String.class)
                    .optional();
            if (same.isPresent()) {
              touch(tx, same.get());
              remove(tx, id);
              return same.get();
            }
            tx.sql()
                .sql("update contact_file set sha256 = ?, used_at = ? where id = ?")
                .params(sha256, tx.now(), id)
                .update();
            return id;
          });
    }

    /** It was cut off: nothing of it stays. */
    public void abandon() {
      store.run(tx -> remove(tx, id));
      LOG.info("An upload of contacts was cut off after {} bytes; nothing of it is kept.", size);
    }
  }

  /** Begins a file, of which nothing is known to anybody until it is whole and named. */
  public Arrival begin() {
    return store.write(
        tx -> {
          String id = Ids.next("cfl", tx.now());
          tx.sql()
              .sql("insert into contact_file (id, size, begun_at, used_at) values (?, 0, ?, ?)")
              .params(id, tx.now(), tx.now())
              .update();
          return new Arrival(id);
        });
  }

  /**
   * Stores all that a stream has.
   *
   * @return the id of the file
   * @throws IOException when it cannot be read to its end; nothing of it is kept then
   */
  public String store(InputStream in) throws IOException {
    Arrival arrival = begin();
    boolean whole = false;
    try {
      byte[] bytes;
      while ((bytes = in.readNBytes(PART)).length > 0) {
        arrival.part(bytes);
      }
      String id = arrival.whole();
      whole = true;
      return id;
    } finally {
      if (!whole) {
        arrival.abandon();
      }
    }
  }

  /**
   * Gives a whole file a name. Campaigns that were taken with an earlier file of that name keep
   * that one.
   *
   * @param by who gave it in
   * @throws UnknownUploadException when it has been removed meanwhile
   */
  public ContactFile named(String id, String name, By by) {
    ContactFile file =
        store.write(
            tx -> {
              if (touch(tx, id) == 0) {
                throw new UnknownUploadException();
              }
              tx.sql()
                  .sql(
                      "insert into contact_file_name (name, file_id, named_at, named_by, named_by_at)"
                          + " values (?, ?, ?, ?, ?) on conflict (name) do update set file_id ="
                          + " excluded.file_id, named_at = excluded.named_at, named_by ="
                          + " excluded.named_by, named_by_at = excluded.named_by_at")
                  .params(name, id, tx.now(), by.stored(), tx.now())
                  .update();
              ContactFile named = find(tx.sql(), name).orElseThrow();
              tell(tx, "CONTACTS_STORED", name, named.sha256(), by);
              return named;
            });
    LOG.info(
        "Contacts {} are stored by {}: {} bytes, SHA-256 {}.",
        file.name(),
        by,
        file.size(),
        file.sha256());
    return file;
  }

  /** The SHA-256 says which file it is: what looks like a number is left out of its name. */
  private void tell(Tx tx, String event, String name, String sha256, By by) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("file", Masked.numbers(name));
    details.put("fileSha256", sha256);
    details.put("by", By.json(by));
    audit.appendService(tx, event, details);
  }

  /**
   * A file by one of its names.
   *
   * @param namedAt when it was given in under that name, in milliseconds since the epoch
   * @param namedBy who gave it in; null when that is not known
   * @param campaigns that were taken with its bytes, and whose contacts are not removed yet
   */
  public record Named(
      String name, String sha256, long size, long namedAt, By namedBy, long campaigns) {}

  private static final String NAMED =
      "select n.name, f.sha256, f.size, n.named_at, n.named_by, n.named_by_at, (select count(*) from contact_import i where"
          + " i.file_id = f.id and i.state <> 'REMOVED') as campaigns from contact_file_name n join"
          + " contact_file f on f.id = n.file_id where n.name ";

  /**
   * Files that campaigns can name, by name.
   *
   * @param after the name after which the page begins; null for the first page
   */
  public List<Named> list(String after, int limit) {
    return store
        .read()
        .sql(NAMED + "> ? order by n.name limit ?")
        .params(after == null ? "" : after, limit)
        .query(ContactFiles::read)
        .list();
  }

  /**
   * Takes a file its name. Its bytes are removed as soon as nothing else needs them: another name,
   * or a campaign that was taken with it.
   *
   * @param by who wants that
   * @return as it was
   * @throws NotFoundException when there is none of that name
   */
  public Named delete(String name, By by) {
    Named named =
        store.write(
            tx -> {
              Named known =
                  tx.sql()
                      .sql(NAMED + "= ?")
                      .param(name)
                      .query(ContactFiles::read)
                      .optional()
                      .orElseThrow(
                          () ->
                              new NotFoundException(
                                  "Unknown file",
                                  "There is no file \"" + Plain.escaped(name) + "\" of contacts."));
              tx.sql().sql("delete from contact_file_name where name = ?").param(name).update();
              tx.sql()
                  .sql(
                      "update contact_file set used_at = 0 where sha256 = ? and not exists (select 1"
                          + " from contact_file_name n where n.file_id = contact_file.id)")
                  .param(known.sha256())
                  .update();
              tell(tx, "CONTACTS_DELETED", name, known.sha256(), by);
              return known;
            });
    LOG.info(
        "Contacts {} are deleted by {}; {} campaigns have them.",
        named.name(),
        by,
        named.campaigns());
    return named;
  }

  private static Named read(ResultSet row, int n) throws SQLException {
    long by = row.getLong("named_by_at");
    long at = row.getLong("named_at");
    return new Named(
        row.getString("name"),
        row.getString("sha256"),
        row.getLong("size"),
        at,
        By.stored(row.getString("named_by"), by, at),
        row.getLong("campaigns"));
  }

  /** The whole file that a name stands for now. */
  public Optional<ContactFile> find(String name) {
    return find(store.read(), name);
  }

  /** The same within a transaction. */
  public static Optional<ContactFile> find(JdbcClient sql, String name) {
    return sql.sql(
            "select f.id, n.name, f.sha256, f.size from contact_file_name n join contact_file f on"
                + " f.id = n.file_id where n.name = ?")
        .param(name)
        .query(ContactFile.class)
        .optional();
  }

  /** Keeps a file from being removed soon; 0 when there is none. */
  static int touch(Tx tx, String id) {
    return tx.sql()
        .sql("update contact_file set used_at = ? where id = ? and sha256 is not null")
        .params(tx.now(), id)
        .update();
  }

  private static void remove(Tx tx, String id) {
    tx.sql().sql("delete from contact_file_part where file_id = ?").param(id).update();
    tx.sql().sql("delete from contact_file where id = ?").param(id).update();
  }

  /** The bytes of a file, a part at a time in memory. */
  InputStream open(String id) {
    return new Parts(id);
  }

  private final class Parts extends InputStream {
    private final String id;
    private byte[] bytes = {};
    private int at;
    private int part;

    Parts(String id) {
      this.id = id;
    }

    @Override
    public int read() {
      return next() ? bytes[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (!next()) {
        return -1;
      }
      int some = Math.min(length, bytes.length - at);
      System.arraycopy(bytes, at, into, offset, some);
      at += some;
      return some;
    }

    /** Whether there is another byte. */
    private boolean next() {
      while (at == bytes.length && part >= 0) {
        List<byte[]> found =
            store
                .read()
                .sql("select bytes from contact_file_part where file_id = ? and part = ?")
                .params(id, part)
                .query((row, n) -> row.getBytes(1))
                .list();
        part = found.isEmpty() ? -1 : part + 1;
        bytes = found.isEmpty() ? Arrays.copyOf(bytes, 0) : found.get(0);
        at = 0;
      }
      return at < bytes.length;
    }
  }
}
