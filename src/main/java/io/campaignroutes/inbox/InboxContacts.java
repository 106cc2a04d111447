package io.campaignroutes.inbox;

import io.campaignroutes.access.By;
import io.campaignroutes.contacts.ContactFiles;
import io.campaignroutes.store.Store;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Files of contacts that lie in the inbox beside a file of campaigns that names them. Each is read
 * into the store before a campaign is taken that needs it, and goes where the file of campaigns
 * goes.
 */
@Component
public class InboxContacts {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int MAX_SEEN = 1_000;

  /** So many times as long waits a file that may lack its end. */
  private static final int CUT_OFF = 3;

  /** What is this much ahead of the clock, in ms, is of before it was set back. */
  private static final long SET_BACK = 60_000;

  private final Path dir;
  private final Duration settle;
  private final ContactFiles files;
  private final Store store;
  private final Map<Path, Seen> seen = new LinkedHashMap<>();

  /**
   * @param since {@link System#nanoTime} of the first look that found it so
   */
  private record Seen(InboxStamp stamp, long since) {}

  /** A file that lay there and was read into the store. */
  private record Known(String name, String sha256) {}

  InboxContacts(InboxProperties properties, ContactFiles files, Store store) {
    this.dir = properties.dir();
    this.settle = properties.settle();
    this.files = files;
    this.store = store;
  }

  /**
   * Reads a file of contacts into the store if it lies in the inbox. Where it does not, the one of
   * that name counts that was sent before, and one that went with another file only if both files
   * lay there with it: what lay in the inbox earlier is an old list.
   *
   * @param file the file of campaigns that names it
   * @throws InboxChangedException when not all of it has arrived yet
   */
  public void take(InboxFile file, String name) throws IOException {
    Path path = InboxName.named(name).in(dir);
    InboxStamp stamp = stamp(path);
    if (file.contacts().contains(name)) {
      return;
    }
    if (stamp == null) {
      if (wentBefore(file, name)) {
        file.gone().add(name);
      }
      return;
    }
    if (!settled(path, stamp) || InboxContent.endsInZeros(path, stamp.size())) {
      throw notWhole(name);
    }
    file.gone().remove(name);
    try (InboxContent content = InboxContent.open(path, stamp.size())) {
      String sha256 = content.sha256(stamp.size())[0];
      String id = files.store(content.raw());
      if (!stamp.equals(InboxStamp.of(path))) {
        throw notWhole(name);
      }
      files.named(id, name, By.inbox(file.name().text()));
      store.write(
          tx ->
              tx.sql()
                  .sql(
                      "insert into inbox_contacts (sha256, name, contacts_sha256) values (?, ?, ?)"
                          + " on conflict (sha256, name) do update set contacts_sha256 ="
                          + " excluded.contacts_sha256")
                  .params(file.sha256(), name, sha256)
                  .update());
    }
    file.contacts().add(name);
  }

  /**
   * Whether the one of that name was read for another file, and before this one lay there; of a
   * clock that was set back nobody knows. The same bytes again, as after a kill, keep theirs.
   */
  private boolean wentBefore(InboxFile file, String name) {
    return store
        .read()
        .sql(
            "select n.named_at from contact_file_name n join contact_file f on f.id = n.file_id"
                + " where n.name = ? and n.named_by like 'inbox %' and not exists (select 1 from"
                + " inbox_contacts i where i.sha256 = ? and i.name = n.name and"
                + " i.contacts_sha256 = f.sha256)")
        .params(name, file.sha256())
        .query(Long.class)
        .optional()
        .filter(read -> read < file.arrivedAt() || read > store.now() + SET_BACK)
        .isPresent();
  }

  private static InboxChangedException notWhole(String name) {
    return new InboxChangedException(
        "%s, which it names, has not arrived completely yet.".formatted(name));
  }

  /** Links are not followed. */
  private static InboxStamp stamp(Path path) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? InboxStamp.of(path) : null;
  }

  /**
   * Whether it has not changed for the settle time, by its own word or by our looks. A last line
   * without its end may be a number that was cut off in the middle: that one has to wait longer.
   */
  private boolean settled(Path path, InboxStamp stamp) throws IOException {
    boolean closed = InboxContent.endsWithLine(path, stamp.size());
    return settled(path, stamp, closed ? settle : settle.multipliedBy(CUT_OFF));
  }

  private synchronized boolean settled(Path path, InboxStamp stamp, Duration settle) {
    long now = System.nanoTime();
    Seen before = seen.get(path);
    if (before == null || !before.stamp().equals(stamp)) {
      before = new Seen(stamp, now);
      seen.put(path, before);
      seen.keySet().stream()
          .limit(Math.max(0, seen.size() - MAX_SEEN))
          .toList()
          .forEach(seen::remove);
    }
    long age = System.currentTimeMillis() - stamp.modified().toMillis();
    return age >= settle.toMillis() || now - before.since() >= settle.toNanos();
  }

  /** Moves the files of contacts of a file of campaigns that is wholly taken. */
  void move(InboxFile file, Path folder) throws IOException {
    List<Known> known =
        store
            .read()
            .sql("select name, contacts_sha256 from inbox_contacts where sha256 = ?")
            .param(file.sha256())
            .query((row, n) -> new Known(row.getString(1), row.getString(2)))
            .list();
    for (Known contacts : known) {
      InboxName name = InboxName.named(contacts.name());
      Path path = name.in(dir);
      InboxStamp stamp = stamp(path);
      if (stamp != null && isWhatWasRead(path, stamp, contacts)) {
        move(path, free(folder, name));
      }
    }
  }

  private static boolean isWhatWasRead(Path path, InboxStamp stamp, Known contacts)
      throws IOException {
    try (InboxContent content = InboxContent.open(path, stamp.size())) {
      return content.sha256(stamp.size())[0].equals(contacts.sha256());
    }
  }

  private static Path free(Path folder, InboxName name) {
    int n = 1;
    while (Files.exists(name.filed(n).in(folder), LinkOption.NOFOLLOW_LINKS)) {
      n++;
    }
    return name.filed(n).in(folder);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to);
    }
    LOG.info("{} goes with it to {}/.", InboxName.of(to), to.getParent().getFileName());
  }
}
