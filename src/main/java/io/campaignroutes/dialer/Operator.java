package io.campaignroutes.dialer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An agent who is known by a number, and takes the calls of the skills they are assigned to. Who is
 * to go does so after the call in hand.
 */
public final class Operator {

  /** What an agent does. */
  public enum State {
    LOGGED_OUT,
    UNAVAILABLE,
    /** Waits for a call. */
    WAITING,
    TALKING,
    /** Writes up the call that ended. */
    WRAP_UP
  }

  private final Dialer world;
  private final int id;
  private final List<SkillDialing> skills = new ArrayList<>();
  private State state = State.LOGGED_OUT;
  private State wanted = State.LOGGED_OUT;
  private double since;
  private OutboundCall call;
  private int lines;
  private int turn;
  private Runnable changed = () -> {};

  Operator(Dialer world, int id) {
    this.world = world;
    this.id = id;
  }

  /** The agent's number. */
  public int id() {
    return id;
  }

  /** What the agent does. */
  public State state() {
    return state;
  }

  /** Since which second of the world. */
  public double since() {
    return since;
  }

  /** The call in hand or being written up; null for none. */
  public OutboundCall call() {
    return call;
  }

  /** Has them log out, be unavailable or wait for calls: now, or after the call in hand. */
  public void wants(State presence) {
    if (presence == State.TALKING || presence == State.WRAP_UP) {
      throw new IllegalArgumentException("Only calls make agents talk");
    }
    wanted = presence;
    if (call == null && state != presence) {
      becomes(presence);
      if (presence == State.WAITING) {
        waits();
      }
    }
  }

  void assigned(SkillDialing skill) {
    skills.add(skill);
    skill.counts(this, 1);
    feed();
  }

  void unassigned(SkillDialing skill) {
    skills.remove(skill);
    skill.counts(this, -1);
  }

  boolean waiting() {
    return state == State.WAITING;
  }

  /** Whether the agent takes calls, or has one. */
  boolean atWork() {
    return state != State.LOGGED_OUT && state != State.UNAVAILABLE;
  }

  /** A line was placed for this agent. */
  void lineUp() {
    lines++;
  }

  /** A line that was placed for this agent rings no more. */
  void lineDown() {
    lines--;
    feed();
  }

  /** Lines that ring for this agent. */
  int lines() {
    return lines;
  }

  /** Lets the agent's skills place the lines that are missing, one of them after the other. */
  void feed() {
    int none = 0;
    while (none < skills.size()) {
      turn = (turn + 1) % skills.size();
      none = skills.get(turn).dialsOne() ? 0 : none + 1;
    }
  }

  void talks(OutboundCall taken) {
    call = taken;
    becomes(State.TALKING);
  }

  void wrapsUp() {
    becomes(State.WRAP_UP);
  }

  /** The call is done with: the next one, or what the agent wanted in the meantime. */
  void free() {
    call = null;
    becomes(wanted);
    if (wanted == State.WAITING) {
      waits();
    }
  }

  private void waits() {
    Optional<OutboundCall> longest =
        skills.stream()
            .flatMap(skill -> skill.longestWaiting().stream())
            .min(Comparator.comparingDouble(OutboundCall::answeredAt));
    if (longest.isPresent()) {
      longest.get().skill().connect(longest.get(), this);
    } else {
      feed();
    }
  }

  /** Somebody is to know of whatever this agent does. */
  void watchedBy(Runnable watcher) {
    changed = watcher;
  }

  private void becomes(State next) {
    skills.forEach(skill -> skill.counts(this, -1));
    state = next;
    skills.forEach(skill -> skill.counts(this, 1));
    since = world.now();
    changed.run();
  }
}
