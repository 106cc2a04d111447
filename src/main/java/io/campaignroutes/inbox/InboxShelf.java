package io.campaignroutes.inbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts what the inbox has taken into {@code done/} or {@code failed/}, with its reports beside it.
 * What is moved is what was read, and nothing else is; for an hour it is looked at whether it
 * grows, as an upload does that had only stalled.
 */
@Component
class InboxShelf {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final String RESULT = ".result.json";
  private static final String ERROR = ".error.json";
  private static final int MAX_WATCHED = 10_000;
  private static final long WATCH_NANOS = InboxUploads.MAX_STALL.toNanos();

  private final Path inbox;
  private final InboxReports reports;
  private final InboxUploads uploads;
  private final InboxContacts contacts;
  private final Deque<Filed> filed = new ArrayDeque<>();
  private final Set<Path> given = ConcurrentHashMap.newKeySet(); // places of files on their way
  private boolean restarted = true;

  /**
   * A file that was put away, and may grow yet.
   *
   * @param from where it lay in the inbox
   * @param stamp what it was when it was read
   * @param at {@link System#nanoTime} of its filing
   */
  private record Filed(
      Path place, Path from, InboxName name, InboxStamp stamp, String sha256, long at) {
    Path report(String ending) {
      return InboxName.of(place).in(place.getParent(), ending);
    }
  }

  InboxShelf(
      InboxProperties properties,
      InboxReports reports,
      InboxUploads uploads,
      InboxContacts contacts) {
    this.contacts = contacts;
    this.inbox = properties.dir();
    this.reports = reports;
    this.uploads = uploads;
  }

  /**
   * Writes the reports of a file and moves it.
   *
   * @throws InboxNotFiledException when that is not possible at the moment; nothing is changed
   * @throws InboxChangedException when the file has grown since it was opened
   */
  void put(InboxFile file) throws IOException {
    boolean refused = reports.anyRefused(file);
    Path folder = inbox.resolve(refused ? "failed" : "done");
    String draft = "." + file.sha256().substring(0, 32);
    Path errors = folder.resolve(draft + ERROR);
    Path results = folder.resolve(draft + RESULT);
    try {
      Files.createDirectories(folder);
      long launched = reports.launched(file);
      long refusals = refused ? reports.errors(file, errors) : 0;
      if (launched > 0) {
        reports.results(file, results);
      }
      contacts.move(file, folder); // before it: afterwards nobody would
      Path place = putInto(folder, file, errors, results);
      LOG.info(
          "{}: {} campaigns taken, {} entries refused; it goes to {}/{}.",
          file.name(),
          launched,
          refusals,
          folder.getFileName(),
          InboxName.of(place));
    } catch (IOException e) {
      throw new InboxNotFiledException(
          "%s is taken, but cannot be moved to %s/: %s. Nothing of it is launched twice."
              .formatted(file.name(), folder.getFileName(), why(e)),
          e);
    } finally {
      deleteQuietly(errors);
      deleteQuietly(results);
    }
  }

  private Path putInto(Path folder, InboxFile file, Path errors, Path results) throws IOException {
    Path from = whereItIs(file);
    InboxName name = freeName(folder, from == null ? file.name() : InboxName.of(from));
    try {
      return putAs(name, folder, file, from, errors, results);
    } finally {
      given.remove(name.in(folder));
    }
  }

  private Path putAs(
      InboxName name, Path folder, InboxFile file, Path from, Path errors, Path results)
      throws IOException {
    Path place = name.in(folder);
    Path error = name.in(folder, ERROR);
    Path result = name.in(folder, RESULT);
    boolean moved = false;
    try {
      moveIfThere(errors, error);
      moveIfThere(results, result);
      if (from == null) {
        file.claim().hold(); // or it is not gone: another process has moved it
        copy(file, place);
      } else {
        move(file, from, place);
      }
      moved = true;
    } finally {
      if (!moved) {
        deleteQuietly(error);
        deleteQuietly(result);
      }
    }
    if (from != null) {
      watch(new Filed(place, from, file.name(), file.stamp(), file.sha256(), System.nanoTime()));
    }
    return place;
  }

  /**
   * Where the file lies that was read, whatever it is called now.
   *
   * @return null when it is gone: deleted, or another one was moved over it
   * @throws InboxChangedException when it was written to since it was opened
   */
  private Path whereItIs(InboxFile file) throws IOException {
    Path path = file.path();
    InboxStamp now = InboxStamp.of(path);
    if (!file.stamp().sameFile(now)) {
      path = null;
      try (DirectoryStream<Path> all = Files.newDirectoryStream(inbox)) {
        for (Iterator<Path> each = all.iterator(); each.hasNext() && path == null; ) {
          Path other = each.next();
          now = InboxStamp.of(other);
          path = file.stamp().sameFile(now) && file.stamp().key() != null ? other : null;
        }
      }
      if (path == null) {
        return null;
      }
    }
    if (!file.stamp().equals(now) || !isWhatWasRead(file, path)) {
      throw new InboxChangedException("It changes while it is read.");
    }
    return path;
  }

  private static boolean isWhatWasRead(InboxFile file, Path path) throws IOException {
    try (InboxContent content = InboxContent.open(path, file.stamp().size())) {
      return content.sha256(file.stamp().size())[0].equals(file.sha256());
    }
  }

  /** A name that no earlier file has: {@code spring.json}, then {@code spring-2.json}. */
  private InboxName freeName(Path folder, InboxName name) {
    int n = 1;
    while (!isFree(name.filed(n).in(folder))) {
      n++;
    }
    return name.filed(n);
  }

  private boolean isFree(Path place) {
    if (!given.add(place)) {
      return false;
    }
    boolean free = !Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    if (!free) {
      given.remove(place);
    }
    return free;
  }

  static void moveIfThere(Path draft, Path report) throws IOException {
    if (Files.exists(draft)) {
      Files.move(
          draft, report, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Moves what was read.
   *
   * @throws InboxChangedException when it has grown, or another file was moved over it
   */
  static void move(InboxFile file, Path from, Path place) throws IOException {
    try {
      Files.move(from, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      moveToOtherDisk(file, from, place);
      return;
    }
    if (!file.stamp().sameFile(InboxStamp.of(place))) {
      bringBack(place, from); // another one was moved over it at this very moment
      throw new InboxChangedException("It was replaced while it was read.");
    }
  }

  /** Copies what was read and deletes it, but neither what was moved over it nor what has grown. */
  static void moveToOtherDisk(InboxFile file, Path from, Path place) throws IOException {
    boolean moved = false;
    try {
      copy(file, place);
      InboxStamp now = InboxStamp.of(from);
      if (file.stamp().equals(now)) {
        Files.delete(from);
      } else if (file.stamp().sameFile(now)) {
        throw new InboxChangedException("It changes while it is read.");
      }
      moved = true;
    } finally {
      if (!moved) {
        deleteQuietly(place);
      }
    }
  }

  /** What was read, from the handle that it was read through. */
  private static void copy(InboxFile file, Path place) throws IOException {
    Path draft = place.resolveSibling("." + file.sha256().substring(0, 32) + ".part");
    try (InputStream content = file.content().raw()) {
      Files.copy(content, draft, StandardCopyOption.REPLACE_EXISTING);
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteQuietly(draft);
    }
  }

  /** Moves a file without touching what may lie there. */
  private static void bringBack(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
      Files.delete(from);
    } catch (UnsupportedOperationException e) {
      Files.move(from, to);
    }
  }

  private synchronized void watch(Filed file) {
    if (filed.size() == MAX_WATCHED) {
      filed.removeFirst();
    }
    filed.addLast(file);
  }

  /** Brings files back into the inbox that have grown since they were put away. */
  synchronized void lookForGrown() {
    if (restarted) {
      watchOn("done");
      watchOn("failed");
      restarted = false;
    }
    for (Iterator<Filed> each = filed.iterator(); each.hasNext(); ) {
      Filed file = each.next();
      try {
        InboxStamp now = InboxStamp.of(file.place());
        boolean theSame = file.stamp().sameFile(now);
        boolean over = System.nanoTime() - file.at() > WATCH_NANOS;
        if (theSame && now.size() > file.stamp().size()) {
          over = !beginsAsRead(file) || takenBack(file);
        }
        if (over || !theSame) {
          each.remove();
        }
      } catch (IOException | InboxChangedException e) {
        LOG.debug("{} cannot be looked at: {}", file.name(), e.toString());
      }
    }
  }

  /** Goes on watching what was put away shortly before the process ended. */
  private void watchOn(String folder) {
    long since = System.currentTimeMillis() - InboxUploads.MAX_STALL.toMillis();
    Map<String, Long> recent = new HashMap<>();
    uploads.all().forEach(upload -> recent.put(upload.sha256(), upload.size()));
    if (recent.isEmpty()) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(inbox.resolve(folder))) {
      for (Path place : all) {
        InboxName name = InboxName.of(place);
        InboxStamp now = InboxStamp.of(place);
        if (name.forInbox() && now != null && now.modified().toMillis() > since) {
          watchOn(place, name, now, recent);
        }
      }
    } catch (NoSuchFileException e) {
      // nothing was put there yet
    } catch (IOException | DirectoryIteratorException | InboxChangedException e) {
      LOG.debug("{} cannot be looked into: {}", folder, e.toString());
    }
  }

  /** Only of a file that has grown, or was never read, all beginnings are looked at. */
  private void watchOn(Path place, InboxName name, InboxStamp now, Map<String, Long> recent)
      throws IOException {
    try (InboxContent content = InboxContent.open(place, now.size())) {
      long[] sizes = {now.size()};
      String[] sha256 = content.sha256(sizes);
      if (!recent.containsKey(sha256[0])) {
        sizes =
            recent.values().stream()
                .filter(size -> size > 0 && size < now.size())
                .mapToLong(Long::longValue)
                .distinct()
                .sorted()
                .toArray();
        sha256 = content.sha256(sizes);
      }
      for (int i = sizes.length - 1; i >= 0; i--) {
        if (recent.containsKey(sha256[i])) {
          var asRead = new InboxStamp(now.key(), sizes[i], now.modified());
          Path from = name.in(inbox);
          watch(new Filed(place, from, name, asRead, sha256[i], System.nanoTime()));
          return;
        }
      }
    }
  }

  private static boolean beginsAsRead(Filed file) throws IOException {
    try (InboxContent content = InboxContent.open(file.place(), file.stamp().size())) {
      return content.sha256(file.stamp().size())[0].equals(file.sha256());
    }
  }

  /** Whether it is back; not while another file of its name lies in the inbox. */
  private boolean takenBack(Filed file) throws IOException {
    uploads.read(InboxName.of(file.from()), file.stamp().size(), file.sha256());
    try {
      bringBack(file.place(), file.from());
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    Files.deleteIfExists(file.report(ERROR));
    Files.deleteIfExists(file.report(RESULT));
    LOG.warn(
        "{} has grown after it was taken, as its upload had not ended. It is read again; what is"
            + " launched already is not launched twice.",
        file.name());
    return true;
  }

  /** Why a file cannot be read or written, for people. */
  static String why(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "the service has no permission";
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return "there is a file where a folder belongs";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e instanceof FileSystemException ? "it is gone" : String.valueOf(e.getMessage());
  }

  static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} cannot be deleted: {}", file, e.toString());
    }
  }
}
