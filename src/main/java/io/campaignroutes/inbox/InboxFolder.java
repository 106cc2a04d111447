package io.campaignroutes.inbox;

import io.campaignroutes.store.DueTime;
import io.campaignroutes.store.Outage;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The inbox as a folder: which files are whole and may be taken, which stay there and why. A {@code
 * .json} file that is one complete document is whole whoever is still holding it open; anything
 * else, and every {@code .ndjson} file, is whole once it has not changed for the settle time.
 */
@Component
public class InboxFolder {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int MAX_AT_ONCE = 100;

  /** So many files that stay are told of one by one. */
  private static final int MAX_TOLD = 100;

  /** A folder of very many files is looked at so seldom that it costs a small part of the time. */
  private static final int REST = 10;

  /** Between two looks at what grows after it was put away. */
  private static final long GROWN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * A file that may be taken.
   *
   * @param stamp what it is now
   * @param taken the file when all of it is taken and only its filing is left; null before
   */
  public record Waiting(Path path, InboxName name, InboxStamp stamp, InboxFile taken) {}

  /**
   * What is waiting.
   *
   * @param files that the inbox is to take
   * @param oldestMillis when the oldest of them was last changed, since the epoch; 0 for none
   */
  record Backlog(long files, long oldestMillis) {}

  /** Between two looks at a folder in which nothing waits and which is watched. */
  private static final long WATCHED_MILLIS = 1_000;

  private final Path dir;
  private final InboxShelf shelf;
  private final long settleNanos;
  private final InboxListing candidates;
  private final Outage outage =
      new Outage(LOG, "The inbox cannot be looked into", "The inbox can be looked into again");
  private final Outage crowd =
      new Outage(LOG, "Many files stay in the inbox", "Few files stay in the inbox");
  private final Outage unfiled =
      new Outage(
          LOG,
          "The inbox cannot put away what it has taken",
          "The inbox puts away again what it has taken");
  private long lookedForGrown = System.nanoTime();
  private long restUntil = System.nanoTime();
  private volatile Path inHand;
  private Path largeInHand;
  private volatile String unusable;
  private volatile Map<String, String> staying = Map.of();
  private volatile Map<String, String> notFiled = Map.of();
  private volatile boolean stopping;
  private volatile InboxWatch watch; // null while nobody looks by a timer
  private volatile DueTime due = new DueTime();
  private volatile DueTime dueLarge = new DueTime();

  public InboxFolder(InboxProperties properties, InboxShelf shelf) {
    this.dir = properties.dir();
    this.shelf = shelf;
    this.settleNanos = properties.settle().toNanos();
    this.candidates = new InboxListing(dir, settleNanos);
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      LOG.debug("{} cannot be made: {}", dir, e.toString()); // told when it is looked into
    }
  }

  /** Whose timers look into the folder, and so need not look often. */
  @Autowired
  void lookedIntoBy(Store store) {
    due = store.due("campaign-inbox");
    dueLarge = store.due("campaign-inbox-large");
    watch = new InboxWatch(dir, due::announce);
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
    if (watch != null) {
      watch.close();
    }
  }

  /**
   * The files that may be taken now and do not take long, the one first that has not changed for
   * the longest.
   */
  public Iterator<Waiting> whole() {
    List<Waiting> whole = look();
    Iterator<Waiting> each = whole.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !stopping && each.hasNext();
      }

      @Override
      public Waiting next() {
        Waiting next = each.next();
        inHand = next.path();
        return next;
      }
    };
  }

  /**
   * One of the files that take long, as the last look has found them; others do not wait for it.
   */
  public synchronized List<Waiting> wholeLarge() {
    largeInHand = null;
    if (stopping) {
      return List.of();
    }
    if (candidates.all().stream().noneMatch(InboxCandidate::isLarge)) {
      dueLarge.quiet();
    }
    List<Waiting> first = ready(true, System.nanoTime()).limit(1).toList();
    first.forEach(waiting -> largeInHand = waiting.path());
    return first;
  }

  private Stream<Waiting> ready(boolean large, long now) {
    return candidates
        .ready(now)
        .filter(candidate -> candidate.isLarge() == large && !isInHand(candidate))
        .map(InboxCandidate::waiting);
  }

  private boolean isInHand(InboxCandidate candidate) {
    return candidate.path().equals(inHand) || candidate.path().equals(largeInHand);
  }

  private synchronized List<Waiting> look() {
    inHand = null;
    long now = System.nanoTime();
    if (now - restUntil < 0) {
      return List.of();
    }
    boolean watched = watch != null && watch.watches();
    if (now - lookedForGrown > GROWN_NANOS) {
      lookedForGrown = now;
      shelf.lookForGrown();
    }
    try {
      candidates.look(now, this::isInHand);
    } catch (IOException e) {
      cannotLook(e);
      return List.of();
    }
    unusable = null;
    outage.worked();
    tell();
    List<Waiting> whole = ready(false, now).limit(MAX_AT_ONCE).toList();
    long end = System.nanoTime();
    if (watched && candidates.all().stream().allMatch(InboxCandidate::isStaying)) {
      due.quietFor(WATCHED_MILLIS);
    }
    if (candidates.all().stream().anyMatch(InboxCandidate::isLarge)) {
      dueLarge.announce();
    }
    restUntil = whole.size() == MAX_AT_ONCE ? end : end + REST * (end - now);
    return whole;
  }

  private void cannotLook(IOException e) {
    unusable =
        e instanceof NoSuchFileException
            ? "The folder %s is gone. Make it again, or mount it.".formatted(dir)
            : e instanceof NotDirectoryException
                ? "%s is a file, not a folder. Move it away.".formatted(dir)
                : "%s: %s.".formatted(dir, InboxShelf.why(e));
    outage.failed(unusable);
  }

  /** Tells the log of the files that stay; when they are very many, not of each. */
  private void tell() {
    List<InboxCandidate> stay =
        candidates.all().stream().filter(InboxCandidate::isStaying).toList();
    stay.stream().limit(MAX_TOLD).forEach(InboxCandidate::tell);
    if (stay.size() > MAX_TOLD) {
      crowd.lasts(stay.size() + " are not taken. The log names some of them.");
    } else {
      crowd.worked();
    }
    staying = candidates.why(InboxCandidate::isStaying);
    notFiled = candidates.why(InboxCandidate::isNotFiled);
    if (notFiled.isEmpty()) {
      unfiled.worked();
    }
  }

  /** Forgets a file that has been taken and put away. */
  public synchronized void forget(Waiting waiting) {
    candidates.forget(waiting.path());
    release(waiting);
  }

  private void release(Waiting waiting) {
    if (waiting.path().equals(largeInHand)) {
      largeInHand = null;
    } else {
      inHand = null;
    }
  }

  /**
   * Leaves a file alone for a while after its taking broke, the longer the more often it did.
   *
   * @param file what was read of it; null when it could not be opened
   */
  public synchronized void putBack(Waiting waiting, InboxFile file, Exception e) {
    if (file != null) {
      file.close();
    }
    release(waiting);
    InboxCandidate candidate = candidates.get(waiting.path());
    if (candidate == null || e instanceof NoSuchFileException) {
      return;
    }
    if (e instanceof StoreUnavailableException) {
      candidate.putOff(settleNanos); // the store itself tells of it
    } else if (e instanceof InboxElsewhereException) {
      candidate.elsewhere(settleNanos);
    } else if (e instanceof InboxNotFiledException) {
      candidate.notFiled(file, e.getMessage(), settleNanos);
      unfiled.failed(e.getMessage());
    } else if (e instanceof InboxChangedException) {
      candidate.changed(settleNanos, "it changes while it is read.");
    } else if (e instanceof IOException io) {
      candidate.broke("it cannot be read: " + InboxShelf.why(io) + ".", settleNanos);
    } else {
      candidate.broke("its taking breaks: " + e.getMessage(), settleNanos);
      LOG.debug("{} could not be taken", waiting.name(), e);
    }
  }

  /** Why the folder cannot be looked into; null when it can. */
  String unusable() {
    return unusable;
  }

  /** The files that stay in the inbox, with the reason. */
  Map<String, String> staying() {
    return staying;
  }

  /** The files that are taken but cannot be put away, with the reason. */
  Map<String, String> notFiled() {
    return notFiled;
  }

  /** What waits in the folder at this moment. */
  Backlog backlog() throws IOException {
    long files = 0;
    long oldest = Long.MAX_VALUE;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(dir)) {
      for (Path path : all) {
        boolean hidden = path.getFileName().toString().startsWith(".");
        boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        if (!hidden && file && InboxName.of(path).forInbox()) {
          InboxStamp stamp = InboxStamp.of(path);
          if (stamp != null) {
            files++;
            oldest = Math.min(oldest, stamp.modified().toMillis());
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new Backlog(files, files == 0 ? 0 : oldest);
  }
}
