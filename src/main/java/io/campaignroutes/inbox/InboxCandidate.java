package io.campaignroutes.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.campaignroutes.store.Outage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of one file in the inbox. Guarded by the folder. */
final class InboxCandidate {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long MAX_FILING_WAIT_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** So often in a row a file may have changed while it was read before that is told. */
  private static final int MAX_CHANGES = 5;

  /**
   * A document that is not whole yet is read again so seldom that it costs a small part of time.
   */
  private static final int PARSE_SHARE = 20;

  /** A larger file may take long, so that others do not wait for it. */
  private static final long LARGE = 1 << 20;

  /** Changes within so short a time may bear the same time. */
  private static final long SAME_TIME_MILLIS = 20;

  private final Path path;
  private final InboxName name;
  private InboxStamp stamp;
  private long since; // all times are System.nanoTime
  private boolean seen;
  private Boolean hollow; // null until looked at
  private boolean parsed;
  private boolean whole;
  private long parseAt;
  private long heldUntil;
  private long wait;
  private int changes;
  private String staying; // why it is not for the inbox as it is now
  private String broken; // why its taking broke
  private String notFiled; // why it cannot be put away
  private InboxFile taken;
  private Outage trouble;

  InboxCandidate(Path path, long now) {
    this.path = path;
    this.name = InboxName.of(path);
    this.since = now;
    this.parseAt = now;
    this.heldUntil = now;
  }

  Path path() {
    return path;
  }

  InboxName name() {
    return name;
  }

  InboxStamp stamp() {
    return stamp;
  }

  void notSeen() {
    seen = false;
  }

  void seen() {
    seen = true;
  }

  boolean isGone() {
    return !seen;
  }

  boolean isLarge() {
    return stamp != null && stamp.size() > LARGE;
  }

  /** Takes in what the file is now. */
  void look(InboxStamp is, long now) {
    if (!is.equals(stamp)) {
      stamp = is;
      since = now;
      heldUntil = now;
      hollow = null;
      parsed = false;
      whole = false;
      broken = null;
      notFiled = null;
      taken = null;
    }
  }

  /**
   * Notes whether the file is one for the inbox.
   *
   * @param why it is not, a sentence about it; null when it is
   */
  void stays(String why) {
    staying = why;
  }

  boolean isStaying() {
    return staying != null || broken != null;
  }

  boolean isNotFiled() {
    return notFiled != null;
  }

  /** Why it stays in the inbox. */
  String why() {
    return staying != null ? staying : broken != null ? broken : notFiled;
  }

  /** Tells the log that it stays: once, and then now and then. */
  void tell() {
    if (trouble == null) {
      trouble = new Outage(LOG, name + " stays in the inbox", name + " is taken");
    }
    trouble.lasts(why());
  }

  /**
   * Reads a {@code .json} file to its end, if that does not take long and unless that was done
   * since it was changed.
   */
  void lookWhetherWhole(long now) {
    if (parsed || !name.document() || stamp.size() == 0 || isLarge() || now - parseAt < 0) {
      return;
    }
    try {
      whole = InboxEntries.wholeJson(path, stamp.size());
    } catch (JsonProcessingException e) {
      whole = false; // perhaps not all of it is there yet; refused with its reason once settled
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      stays("it cannot be read: " + InboxShelf.why(e) + ".");
      return;
    }
    parsed = true;
    parseAt = now + PARSE_SHARE * (System.nanoTime() - now);
  }

  /**
   * Whether it ends in zeros: room that was made for an upload, all of which has not arrived yet.
   */
  boolean isHollow() {
    if (hollow == null) {
      try {
        hollow = InboxContent.endsInZeros(path, stamp.size());
      } catch (IOException e) {
        return false; // told when it is read
      }
    }
    return hollow;
  }

  boolean settled(long now, long settleNanos) {
    return now - since >= settleNanos;
  }

  /** Whether it may be taken now. */
  boolean isReady(long now, long settleNanos) {
    if (staying != null || now - heldUntil < 0 || !name.forInbox()) {
      return false;
    }
    return settled(now, settleNanos) || whole && !justChanged(now);
  }

  private boolean justChanged(long now) {
    return now - since < TimeUnit.MILLISECONDS.toNanos(SAME_TIME_MILLIS)
        && System.currentTimeMillis() - stamp.modified().toMillis() < SAME_TIME_MILLIS;
  }

  InboxFolder.Waiting waiting() {
    return new InboxFolder.Waiting(path, name, stamp, taken);
  }

  /** Its taking was put off through no fault of its own. */
  void putOff(long nanos) {
    heldUntil = System.nanoTime() + nanos;
  }

  /** Another process has it in hand. */
  void elsewhere(long nanos) {
    taken = null;
    putOff(nanos);
  }

  /** It was written to while it was read. */
  void changed(long settleNanos, String why) {
    changes++;
    putOff(longer(settleNanos, MAX_WAIT_NANOS));
    if (changes > MAX_CHANGES) {
      broken = why;
    }
  }

  /** It was read, but cannot be put away. */
  void notFiled(InboxFile file, String why, long settleNanos) {
    taken = file;
    notFiled = why;
    putOff(longer(settleNanos, MAX_FILING_WAIT_NANOS));
  }

  /** Its taking broke. */
  void broke(String why, long settleNanos) {
    broken = why;
    putOff(longer(settleNanos, MAX_WAIT_NANOS));
  }

  private long longer(long first, long longest) {
    wait = Math.max(first, Math.min(2 * wait, longest));
    return wait;
  }
}
