package io.campaignroutes.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Something that goes wrong at {@link StubCxone}: what, in which operations, how likely, and how
 * often at the most. Made by the factory methods and narrowed by {@link #in}, {@link #likely} and
 * {@link #times}.
 */
public final class StubFault {

  /** What goes wrong. */
  public enum Kind {
    /** The connection is cut and nothing was done. */
    CUT_BEFORE,
    /** The work is done, then the connection is cut: the caller cannot know. */
    CUT_AFTER,
    /** An error status and nothing was done. */
    ERROR_BEFORE,
    /** The work is done and answered with an error status. */
    ERROR_AFTER,
    /** 429 with {@code Retry-After}; nothing was done. */
    THROTTLED,
    /** 401, and the token that was used is dead from then on; nothing was done. */
    TOKEN_REVOKED,
    /** The work is done and the answer comes late. */
    SLOW,
    /** The work is done and the answer's body comes a byte at a time. */
    DRIP,
    /** An answer of its own, and nothing was done. */
    SAYS_BEFORE,
    /** The work is done, and the answer is another one. */
    SAYS_AFTER,
    /** Nothing is done for a while; then the work is, unless another status was wished since. */
    LATE,
    /** Nothing is done and nothing answered. */
    LOST,
    /** The work is done, and what is answered is made of the right answer. */
    ALTERED
  }

  /**
   * An answer.
   *
   * @param type its content type, null for none
   */
  public record Said(int status, String type, byte[] body) {}

  private final Kind kind;
  private final int status;
  private final Supplier<String> retryAfter;
  private final Duration pause;
  private String type;
  private String body;
  private UnaryOperator<Said> change;
  private Set<StubCxone.Call> calls = EnumSet.allOf(StubCxone.Call.class);
  private double probability = 1;
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

  private StubFault(Kind kind, int status, Supplier<String> retryAfter, Duration pause) {
    this.kind = kind;
    this.status = status;
    this.retryAfter = retryAfter;
    this.pause = pause;
  }

  /** The connection is cut before anything is done. */
  public static StubFault cutBefore() {
    return new StubFault(Kind.CUT_BEFORE, 0, null, null);
  }

  /** The connection is cut after the work is done. */
  public static StubFault cutAfter() {
    return new StubFault(Kind.CUT_AFTER, 0, null, null);
  }

  /** An error status before anything is done, such as 503. */
  public static StubFault errorBefore(int status) {
    return new StubFault(Kind.ERROR_BEFORE, status, null, null);
  }

  /** An error status although the work is done. */
  public static StubFault errorAfter(int status) {
    return new StubFault(Kind.ERROR_AFTER, status, null, null);
  }

  /** 429 with {@code Retry-After} in seconds. */
  public static StubFault throttled(int seconds) {
    return new StubFault(Kind.THROTTLED, 429, () -> Integer.toString(seconds), null);
  }

  /** 429 with {@code Retry-After} as an HTTP date, so long from then on, cut to whole seconds. */
  public static StubFault throttledUntil(Duration fromThen) {
    return new StubFault(
        Kind.THROTTLED,
        429,
        () ->
            ZonedDateTime.ofInstant(
                    Instant.now().plus(fromThen).truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC)
                .format(DateTimeFormatter.RFC_1123_DATE_TIME),
        null);
  }

  /** 401 that ends the token used. */
  public static StubFault tokenRevoked() {
    return new StubFault(Kind.TOKEN_REVOKED, 401, null, null);
  }

  /** The answer comes so much later. */
  public static StubFault slow(Duration by) {
    return new StubFault(Kind.SLOW, 0, null, by);
  }

  /** The answer's body comes a byte at a time with this pause between two. */
  public static StubFault drip(Duration pause) {
    return new StubFault(Kind.DRIP, 0, null, pause);
  }

  /**
   * An answer of its own.
   *
   * @param type its content type
   * @param done whether the work is done all the same
   */
  public static StubFault says(int status, String type, String body, boolean done) {
    StubFault fault = new StubFault(done ? Kind.SAYS_AFTER : Kind.SAYS_BEFORE, status, null, null);
    fault.type = type;
    fault.body = body;
    return fault;
  }

  /** The work is done, and answered, so much later. */
  public static StubFault late(Duration by) {
    return new StubFault(Kind.LATE, 0, null, by);
  }

  /** Nothing is done and nothing answered. */
  public static StubFault lost() {
    return new StubFault(Kind.LOST, 0, null, null);
  }

  /** The work is done, and the answer is what this makes of the right one. */
  public static StubFault altered(UnaryOperator<Said> change) {
    StubFault fault = new StubFault(Kind.ALTERED, 0, null, null);
    fault.change = change;
    return fault;
  }

  /** Only in these calls; in all when never said. */
  public StubFault in(StubCxone.Call first, StubCxone.Call... more) {
    this.calls = EnumSet.of(first, more);
    return this;
  }

  /** In this share of the calls, from 0 to 1; in each when never said. */
  public StubFault likely(double share) {
    this.probability = share;
    return this;
  }

  /** So often and never again. */
  public StubFault times(int most) {
    this.left.set(most);
    return this;
  }

  /** What goes wrong. */
  public Kind kind() {
    return kind;
  }

  /** The status that it answers with, 0 for none of its own. */
  public int status() {
    return status;
  }

  /** The {@code Retry-After} that it gives, null for none. */
  public String retryAfter() {
    return retryAfter == null ? null : retryAfter.get();
  }

  String type() {
    return type;
  }

  String body() {
    return body;
  }

  Said alter(Said right) {
    return change.apply(right);
  }

  /** For a record of what was done wrong. */
  @Override
  public String toString() {
    return kind
        + (status == 0 ? "" : " " + status)
        + (body == null ? "" : " " + body)
        + (pause == null ? "" : " " + pause.toMillis() + " ms")
        + (retryAfter == null ? "" : " Retry-After " + retryAfter.get());
  }

  Duration pause() {
    return pause;
  }

  /**
   * Whether it strikes now.
   *
   * @param dice from 0 to 1
   */
  boolean strikes(StubCxone.Call call, double dice) {
    return calls.contains(call)
        && dice < probability
        && left.getAndUpdate(n -> n == 0 || n == Integer.MAX_VALUE ? n : n - 1) > 0;
  }
}
