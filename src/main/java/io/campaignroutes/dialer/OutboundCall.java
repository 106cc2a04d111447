package io.campaignroutes.dialer;

/** One call that a {@link SkillDialing} placed, from its first ring to the end of its wrap-up. */
public final class OutboundCall {

  /** What became of a call. */
  public enum Outcome {
    /** It rings, waits for an agent or is talked. */
    OPEN,
    /** Nobody answered in time. */
    NO_ANSWER,
    /** The line was busy. */
    BUSY,
    /** No such number. */
    BAD_NUMBER,
    /** A machine answered, was told from a person and hung up on. */
    MACHINE,
    /** A person answered and met no agent in time. */
    ABANDONED,
    /** An agent had it. */
    CONNECTED,
    /** It was cut before anybody answered. */
    CUT
  }

  private final long id;
  private final SkillDialing skill;
  private final CallingRecords records;
  private final CallingRecords.Entry entry;
  private final double dialedAt;
  private final boolean person;
  private final double handle;
  private final Operator madeFor;
  private Operator agent;
  private Outcome outcome = Outcome.OPEN;
  private double answeredAt = Double.NaN;
  private double connectedAt = Double.NaN;
  private double endedAt = Double.NaN;
  private double wrapUpEndedAt = Double.NaN;

  OutboundCall(
      long id,
      SkillDialing skill,
      CallingRecords records,
      CallingRecords.Entry entry,
      Operator madeFor,
      double dialedAt,
      boolean person,
      double handle) {
    this.id = id;
    this.skill = skill;
    this.records = records;
    this.entry = entry;
    this.madeFor = madeFor;
    this.dialedAt = dialedAt;
    this.person = person;
    this.handle = handle;
  }

  /** Unique in its world. */
  public long id() {
    return id;
  }

  /** The skill that placed it. */
  public SkillDialing skill() {
    return skill;
  }

  /** The list that its number is of. */
  public CallingRecords records() {
    return records;
  }

  /** Which record of the list. */
  public long record() {
    return entry.id();
  }

  /** Second of the world. */
  public double dialedAt() {
    return dialedAt;
  }

  /** Who talks or talked; null for nobody. */
  public Operator agent() {
    return agent;
  }

  /** What has become of it. */
  public Outcome outcome() {
    return outcome;
  }

  /** Second in which it was answered; NaN when it was not. */
  public double answeredAt() {
    return answeredAt;
  }

  /** Second in which it met its agent; NaN when it did not. */
  public double connectedAt() {
    return connectedAt;
  }

  /** Second in which it ended; NaN before. */
  public double endedAt() {
    return endedAt;
  }

  /** Second in which its agent was through with it; NaN before, and where there was none. */
  public double wrapUpEndedAt() {
    return wrapUpEndedAt;
  }

  /** Whether it waits for an agent. */
  boolean queued() {
    return outcome == Outcome.OPEN && !Double.isNaN(answeredAt) && agent == null;
  }

  boolean open() {
    return outcome == Outcome.OPEN;
  }

  boolean person() {
    return person;
  }

  /** Seconds, wrap-up included, for which it keeps an agent. */
  double handle() {
    return handle;
  }

  CallingRecords.Entry entry() {
    return entry;
  }

  /** The agent for whom it was placed. */
  Operator madeFor() {
    return madeFor;
  }

  void answered(double now) {
    answeredAt = now;
  }

  void connected(Operator who, double now) {
    agent = who;
    connectedAt = now;
  }

  void ended(Outcome how, double now) {
    outcome = how;
    endedAt = now;
  }

  void wrappedUp(double now) {
    wrapUpEndedAt = now;
  }
}
