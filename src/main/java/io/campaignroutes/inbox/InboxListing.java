package io.campaignroutes.inbox;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of a folder that people put files into, as they are looked at again and again: which
 * are whole, and which stay and why. Guarded by the folder.
 */
final class InboxListing {
  private final Path dir;
  private final long settleNanos;
  private final Map<Path, InboxCandidate> candidates = new LinkedHashMap<>();

  /**
   * @param settleNanos after this a file that has not changed is taken as it is, or refused
   */
  InboxListing(Path dir, long settleNanos) {
    this.dir = dir;
    this.settleNanos = settleNanos;
  }

  Collection<InboxCandidate> all() {
    return candidates.values();
  }

  /** What is known of a file; null for nothing. */
  InboxCandidate get(Path path) {
    return candidates.get(path);
  }

  void forget(Path path) {
    candidates.remove(path);
  }

  /** The files that may be taken now, the one first that has not changed for the longest. */
  Stream<InboxCandidate> ready(long now) {
    return candidates.values().stream()
        .filter(candidate -> candidate.isReady(now, settleNanos))
        .sorted(
            Comparator.comparing((InboxCandidate candidate) -> candidate.stamp().modified())
                .thenComparing(InboxCandidate::path));
  }

  /** The files of some kind, with what is said of each. */
  Map<String, String> why(Predicate<InboxCandidate> some) {
    Map<String, String> why = new TreeMap<>();
    candidates.values().stream()
        .filter(some)
        .forEach(candidate -> why.put(candidate.name().text(), candidate.why()));
    return why;
  }

  /**
   * Looks into the folder.
   *
   * @param kept files of which what is known is kept though they are gone
   * @throws IOException when it cannot be looked into
   */
  void look(long now, Predicate<InboxCandidate> kept) throws IOException {
    candidates.values().forEach(InboxCandidate::notSeen);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(dir)) {
      for (Path path : all) {
        if (!path.getFileName().toString().startsWith(".")) {
          look(path, now);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    candidates.values().removeIf(candidate -> candidate.isGone() && !kept.test(candidate));
  }

  private void look(Path path, long now) throws IOException {
    BasicFileAttributes is;
    try {
      is = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      candidate(path, now).stays("it cannot be looked at: " + InboxShelf.why(e) + ".");
      return;
    }
    boolean folder = is.isDirectory() || is.isSymbolicLink() && Files.isDirectory(path);
    if (folder && !candidates.containsKey(path) && !InboxName.of(path).forInbox()) {
      return; // done, failed and whatever folders people make
    }
    InboxCandidate candidate = candidate(path, now);
    candidate.look(InboxStamp.of(is), now);
    candidate.stays(whyNotTaken(candidate, is, now));
    if (!candidate.isStaying()) {
      candidate.lookWhetherWhole(now);
    }
  }

  private InboxCandidate candidate(Path path, long now) {
    InboxCandidate candidate = candidates.computeIfAbsent(path, p -> new InboxCandidate(p, now));
    candidate.seen();
    return candidate;
  }

  /** Why a file is not for the inbox, whatever it holds; null when it is. */
  private String whyNotTaken(InboxCandidate candidate, BasicFileAttributes is, long now) {
    InboxName name = candidate.name();
    if (is.isSymbolicLink()) {
      return Files.exists(candidate.path())
          ? "it is a link, which is not followed. Put the file itself there."
          : "it is a link to nothing. Remove it, and put the file itself there.";
    }
    if (!is.isRegularFile()) {
      return "it is no file. Remove it.";
    }
    if (name.report()) {
      return "it is called like a report of the inbox, which is never taken. Remove it; if it holds"
          + " campaigns, give it another name.";
    }
    if (name.endsWith(".jsonl")) {
      return "only .json and .ndjson files are taken. Call it .ndjson.";
    }
    if (name.endsWith(".csv")) { // one that names it waits until it has settled
      return candidate.settled(now, 2 * settleNanos)
          ? "no file of campaigns that is here names it as its contacts. Put that one beside it."
          : null;
    }
    if (!name.forInbox()) {
      return candidate.settled(now, settleNanos) ? "only .json and .ndjson files are taken." : null;
    }
    if (mayNotBeRead(candidate.path())) {
      return "the service may not read it. Give it the permission.";
    }
    return candidate.settled(now, settleNanos) && candidate.isHollow()
        ? "it ends in NUL characters, as a file does that has not arrived yet. If nothing more"
            + " comes, put it there again."
        : null;
  }

  /** Not of a file that is gone since it was listed, as one is that another process has taken. */
  private static boolean mayNotBeRead(Path path) {
    try {
      path.getFileSystem().provider().checkAccess(path, AccessMode.READ);
      return false;
    } catch (AccessDeniedException e) {
      return true;
    } catch (IOException e) {
      return false; // told when it is read
    }
  }
}
