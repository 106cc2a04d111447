package io.campaignroutes.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.DueTime;
import io.campaignroutes.store.Outage;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Files that are only checked: they are dropped into {@code check/} of the inbox and end in {@code
 * checked/}, with what was found beside them. Nothing that happens here can launch a campaign, and
 * no file comes back into the inbox from there.
 */
@Component
public class CheckFolder {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int MAX_AT_ONCE = 100;
  private static final String CHECK = "check";
  private static final String CHECKED = "checked";
  private static final String REPORT = ".check.json";

  /** Between two looks at a folder in which nothing waits and which is watched. */
  private static final long WATCHED_MILLIS = 1_000;

  private final Path dir;
  private final Path checked;
  private final long settleNanos;
  private final InboxClaims claims;
  private final InboxListing candidates;
  private final Outage outage =
      new Outage(
          LOG,
          "Files that are only to be checked cannot be looked for",
          "Files that are only to be checked can be looked for again");
  private volatile Map<String, String> staying = Map.of();
  private volatile InboxWatch watch; // null while nobody looks by a timer
  private volatile DueTime due = new DueTime();

  CheckFolder(InboxProperties properties, InboxClaims claims) {
    this.claims = claims;
    this.dir = properties.dir().resolve(CHECK);
    this.checked = properties.dir().resolve(CHECKED);
    this.settleNanos = properties.settle().toNanos();
    this.candidates = new InboxListing(dir, settleNanos);
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      LOG.debug("{} cannot be made: {}", dir, e.toString()); // the inbox tells of its folder
    }
  }

  /** Whose timer looks into the folder, and so need not look often. */
  @Autowired
  void lookedIntoBy(Store store) {
    due = store.due("campaign-inbox-check");
    watch = new InboxWatch(dir, due::announce);
  }

  @EventListener(ContextClosedEvent.class)
  void stop() {
    if (watch != null) {
      watch.close();
    }
  }

  /** The files that may be checked now, the one first that has not changed for the longest. */
  public synchronized List<InboxFolder.Waiting> whole() {
    boolean watched = watch != null && watch.watches();
    long now = System.nanoTime();
    try {
      candidates.look(now, candidate -> false);
    } catch (NoSuchFileException e) { // who has removed it wants nothing checked
      due.quietFor(WATCHED_MILLIS);
      return List.of();
    } catch (IOException e) {
      outage.failed(dir + ": " + InboxShelf.why(e) + ".");
      return List.of();
    }
    outage.worked();
    candidates.all().stream().filter(InboxCandidate::isStaying).forEach(InboxCandidate::tell);
    staying = candidates.why(candidate -> candidate.isStaying() || candidate.isNotFiled());
    if (watched && candidates.all().stream().allMatch(InboxCandidate::isStaying)) {
      due.quietFor(WATCHED_MILLIS);
    }
    return candidates.ready(now).limit(MAX_AT_ONCE).map(InboxCandidate::waiting).toList();
  }

  /**
   * Opens a file.
   *
   * @throws IOException when it cannot be read
   * @throws InboxChangedException when it is not what it was in the folder's listing
   * @throws InboxElsewhereException when another process has it in hand
   */
  public InboxFile open(InboxFolder.Waiting waiting) throws IOException {
    InboxClaims.Claim claim = claims.take(CHECK + "/" + waiting.name().text());
    try {
      return open(waiting, claim);
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  private static InboxFile open(InboxFolder.Waiting waiting, InboxClaims.Claim claim)
      throws IOException {
    requireUnchanged(waiting.path(), waiting.stamp()); // else a pipe moved over it would not open
    InboxContent content = InboxContent.open(waiting.path(), waiting.stamp().size());
    try {
      String sha256 = content.sha256(waiting.stamp().size())[0];
      return new InboxFile(
          waiting.path(), waiting.name(), waiting.stamp(), content, sha256, claim, 0, 0, false);
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private static void requireUnchanged(Path path, InboxStamp stamp) throws IOException {
    if (!stamp.equals(InboxStamp.of(path))) {
      throw new InboxChangedException("It changes while it is read.");
    }
  }

  /**
   * Writes down what was found in a file, and moves it. A kill in between leads to another check.
   *
   * @param told what is told of it; the file's name and SHA-256 are added
   * @throws InboxChangedException when it was written to, moved or removed since it was opened
   * @throws InboxElsewhereException when another process has taken it over
   */
  public synchronized void file(InboxFile file, ObjectNode told) throws IOException {
    file.claim().hold();
    requireUnchanged(file.path(), file.stamp());
    Files.createDirectories(checked);
    ObjectNode report = Json.object();
    report.put("file", file.name().text()).put("sha256", file.sha256());
    report.setAll(told);
    Path draft = checked.resolve("." + file.sha256().substring(0, 32) + REPORT);
    InboxName name = freeName(file.name());
    Path place = name.in(checked);
    try {
      InboxReports.write(draft, json -> Json.STRICT.writeTree(json, report));
      InboxShelf.moveIfThere(draft, name.in(checked, REPORT));
      InboxShelf.move(file, file.path(), place);
    } finally {
      InboxShelf.deleteQuietly(draft);
      if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        InboxShelf.deleteQuietly(name.in(checked, REPORT));
      }
      file.close();
    }
    candidates.forget(file.path());
    LOG.info(
        "{}/{}: {} entries checked, {} would be refused, {} warnings; see {}/{}{}.",
        CHECK,
        file.name(),
        told.path("entries").asLong(),
        told.path("refused").asLong(),
        told.path("warnings").size(),
        CHECKED,
        name,
        REPORT);
  }

  private InboxName freeName(InboxName name) {
    int n = 1;
    while (Files.exists(name.filed(n).in(checked), LinkOption.NOFOLLOW_LINKS)) {
      n++;
    }
    return name.filed(n);
  }

  /**
   * Leaves a file alone for a while after its check broke, the longer the more often it did.
   *
   * @param file what was read of it; null when it could not be opened
   */
  public synchronized void putBack(InboxFolder.Waiting waiting, InboxFile file, Exception e) {
    if (file != null) {
      file.close();
    }
    InboxCandidate candidate = candidates.get(waiting.path());
    if (candidate == null || e instanceof NoSuchFileException) {
      return; // it is gone, and with it the wish
    }
    if (e instanceof StoreUnavailableException || e instanceof InboxElsewhereException) {
      candidate.putOff(settleNanos); // the store itself tells of it
    } else if (e instanceof InboxChangedException) {
      candidate.changed(settleNanos, "it changes while it is read.");
    } else if (e instanceof IOException io) {
      candidate.broke("it cannot be checked: " + InboxShelf.why(io) + ".", settleNanos);
    } else {
      candidate.broke("its check breaks: " + e.getMessage(), settleNanos);
      LOG.debug("{} could not be checked", waiting.name(), e);
    }
  }

  /** The files that stay unchecked, with the reason. */
  Map<String, String> staying() {
    return staying;
  }
}
