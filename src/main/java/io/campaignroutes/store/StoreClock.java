package io.campaignroutes.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The wall clock by which rows fall due, watched by the monotonic clock of this process. Where the
 * two part by more than a clock that is corrected little by little would, it was set: then rows
 * that wait for a length of time are shifted by as much ({@code db/clock-step.sql}), before
 * anything else is written by the new time. Of replicas on one PostgreSQL one does it.
 */
final class StoreClock {
  private static final Logger LOG = LoggerFactory.getLogger(StoreClock.class);

  private static final long MAX_DRIFT_MS = 1_000;

  /** How often the time is noted in the store. */
  private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final List<String> SHIFTS = statements("/db/clock-step.sql");

  /** A store that has one. */
  interface Kept {
    StoreClock clock();
  }

  /**
   * The wall clock's time, asked for between two moments of the monotonic clock.
   *
   * @param wall milliseconds since the epoch
   */
  record Reading(long before, long wall, long after) {}

  /**
   * What {@link #settle} has done, once its transaction is on disk.
   *
   * @param step by how much the clock was set; 0 when it was not
   * @param since the last reading that it is reckoned from
   */
  record Settled(Reading reading, long step, long shifted, Reading since) {}

  private record Known(Reading last, long shifted) {}

  private record Noted(long seenAt, long shifted) {}

  private final String name;
  private final LongSupplier wall;
  private final String rowLock;
  private final LongSupplier nanoTime;

  private Reading last; // guarded by this, as are those below
  private long shifted;
  private long notedAt;
  private Runnable whenSet = () -> {};
  private ClockStep step;
  private long steps;

  /**
   * @param name whose clock it is, as operators call it: "The clock of this machine"
   * @param wall milliseconds since the epoch
   * @param rowLock see {@link Store#rowLock}
   */
  StoreClock(String name, LongSupplier wall, String rowLock) {
    this(name, wall, rowLock, System::nanoTime);
  }

  StoreClock(String name, LongSupplier wall, String rowLock, LongSupplier nanoTime) {
    this.name = name;
    this.wall = wall;
    this.rowLock = rowLock;
    this.nanoTime = nanoTime;
  }

  /** Has something done each time that the clock was set. */
  synchronized void whenSet(Runnable whenSet) {
    this.whenSet = whenSet;
  }

  Reading read() {
    long before = nanoTime.getAsLong();
    long now = wall.getAsLong();
    return new Reading(before, now, nanoTime.getAsLong());
  }

  /** Whether rows have to be settled before anything is written by this time. */
  synchronized boolean unsettled(Reading now) {
    if (last == null || step(now) != 0) {
      return true;
    }
    last = now;
    return false;
  }

  /** Whether the clock was set since the store was written last; false before it was. */
  synchronized boolean stepped(Reading now) {
    return last != null && unsettled(now);
  }

  /** Whether it is time to note in the store how late it is; true for one of those who ask. */
  synchronized boolean toNote() {
    long now = nanoTime.getAsLong();
    if (last != null && now - notedAt <= NOTE_NANOS) {
      return false;
    }
    notedAt = now;
    return true;
  }

  /**
   * What it shows now if nobody has set it since it was read last; empty when that is too long ago
   * to go by it, or has not been.
   */
  synchronized OptionalLong expected() {
    long age = last == null ? Long.MAX_VALUE : nanoTime.getAsLong() - last.before;
    return age > DueTime.MAX_SLEEP.toNanos()
        ? OptionalLong.empty()
        : OptionalLong.of(last.wall + millis(age));
  }

  private synchronized Known known() {
    return new Known(last, shifted);
  }

  private long step(Reading now) {
    return step(last, now);
  }

  /** By how much the clock was set since the last reading; 0 when it was not. */
  private static long step(Reading last, Reading now) {
    long earliest = last.wall + millis(now.before - last.after);
    long latest = last.wall + millis(now.after - last.before);
    if (now.wall < earliest - MAX_DRIFT_MS) {
      return now.wall - earliest;
    }
    return now.wall > latest + MAX_DRIFT_MS ? now.wall - latest : 0;
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /**
   * Notes the time in the store, and shifts rows where the clock was set and no other replica has
   * seen to it. To be followed by {@link #settled} when the transaction is on disk.
   *
   * <p>Nobody waits here for the database but the caller: of two who settle the same step, the
   * second finds in the store that it is done.
   *
   * @param sql of a transaction that has not locked anything yet
   */
  Settled settle(JdbcClient sql) {
    return settle(sql, rowLock).orElseThrow();
  }

  /**
   * The same where the clock was not set and only the time is to be noted: whoever has the row
   * locked, as a replica that was frozen, keeps nobody from writing.
   */
  Optional<Settled> note(JdbcClient sql) {
    return settle(sql, rowLock.isEmpty() ? "" : rowLock + " skip locked");
  }

  private Optional<Settled> settle(JdbcClient sql, String lock) {
    Noted noted = noted(sql, lock).or(() -> begun(sql, lock)).orElse(null);
    if (noted == null) {
      return Optional.empty();
    }
    Reading now = read();
    Known known = known();
    // while nobody ran time has passed, but never backwards
    long found =
        known.last != null
            ? step(known.last, now)
            : now.wall < noted.seenAt - MAX_DRIFT_MS ? now.wall - noted.seenAt : 0;
    long mine = known.last == null || found == 0 ? found : found - (noted.shifted - known.shifted);
    if (mine > 0 && now.wall - noted.seenAt < mine - MAX_DRIFT_MS) {
      // others have seen the time pass: this process stood still, as on a machine that was asleep
      mine = 0;
      found = 0;
    }
    if (Math.abs(mine) <= MAX_DRIFT_MS) {
      mine = 0;
    }
    if (mine != 0) {
      for (String shift : SHIFTS) {
        sql.sql(shift).params(Map.of("step", mine, "now", now.wall)).update();
      }
    }
    sql.sql("update store_clock set seen_at = ?, shifted = ? where id = 1")
        .params(now.wall, noted.shifted + mine)
        .update();
    return Optional.of(new Settled(now, found, noted.shifted + mine, known.last));
  }

  private static Optional<Noted> noted(JdbcClient sql, String lock) {
    return sql.sql("select seen_at, shifted from store_clock where id = 1" + lock)
        .query((row, n) -> new Noted(row.getLong(1), row.getLong(2)))
        .optional();
  }

  /** The same where the row may not be there yet, rather than be locked. */
  private Optional<Noted> begun(JdbcClient sql, String lock) {
    sql.sql(
            "insert into store_clock (id, seen_at, shifted) values (1, ?, 0) on conflict do"
                + " nothing")
        .param(read().wall)
        .update();
    return noted(sql, lock);
  }

  /** What {@link #settle} has done is on disk. */
  synchronized void settled(Settled done) {
    boolean news = done.step != 0 && last == done.since; // of two who saw it, one tells
    if (last == null || done.reading.before - last.before >= 0) {
      last = done.reading;
      shifted = done.shifted;
      notedAt = done.reading.after;
    }
    if (news) {
      step = new ClockStep(done.step, System.nanoTime());
      steps++;
      whenSet.run();
      LOG.warn(
          "{} was {}. What waits for a length of time waits neither longer nor shorter for it;"
              + " calling hours, activateAt and stopAt go by the clock as it is now.",
          name,
          step);
    }
  }

  /** The last time that it was set since the start; null for never. */
  synchronized ClockStep lastStep() {
    return step;
  }

  /** How often it was set since the start. */
  synchronized long steps() {
    return steps;
  }

  private static List<String> statements(String file) {
    try (InputStream in = StoreClock.class.getResourceAsStream(file)) {
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("--"))
              .collect(Collectors.joining("\n"));
      return Arrays.stream(text.split(";")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
