package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A campaign at {@link StubCxone}, with what was done to it and when it was asked for. */
public final class StubCampaign {
  private final String id;
  private final String name;
  private final JsonNode payload;
  private final long createdAt = System.nanoTime();
  private final List<Long> polls = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private final List<Wish> wishes = new ArrayList<>();
  private final List<Moment> course = new ArrayList<>();
  private final Consumer<StubCampaign> watcher;
  private String status = "DRAFT";
  private String errorCode;
  private JsonNode pacing;
  private StubCxone.Activation activation;
  private long activatesAt;
  private boolean seenActive;

  /**
   * A request for a status that arrived, whatever was done with it.
   *
   * @param at by {@link System#nanoTime()}
   * @param status what was asked for
   * @param fault what was done wrong with it, null for nothing
   */
  public record Wish(long at, String status, StubFault fault) {}

  /**
   * What it was from a time on.
   *
   * @param at by {@link System#nanoTime()}
   * @param rate calls a second, which count while it is ACTIVE
   */
  public record Moment(long at, String status, double rate) {
    /** Whether calls were made. */
    public boolean dialing() {
      return status.equals("ACTIVE") && rate > 0;
    }
  }

  /**
   * @param watcher told of each change of its status, with its lock held
   */
  StubCampaign(String id, JsonNode payload, Consumer<StubCampaign> watcher) {
    this.id = id;
    this.name = payload.path("name").asText();
    this.payload = payload;
    this.pacing = payload.path("pacing");
    this.watcher = watcher;
    course.add(new Moment(createdAt, status, rate()));
  }

  public String id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** What it was created from. */
  public JsonNode payload() {
    return payload;
  }

  /** Its pacing as it was written last, else as it was created with. */
  public synchronized JsonNode pacing() {
    return pacing;
  }

  /** Every rate that was written to it, oldest first, in calls a second. */
  public synchronized List<Double> rates() {
    return List.copyOf(rates);
  }

  /** Changes a field of its pacing by CXone's own hand. */
  public synchronized void pacing(String field, int value) {
    pacing = ((ObjectNode) pacing.deepCopy()).put(field, value);
  }

  /** When it was created, by {@link System#nanoTime()}. */
  public long createdAt() {
    return createdAt;
  }

  /** Its status as a caller would see it now. */
  public synchronized String status() {
    if (status.equals("PENDING")
        && activation.after() != null
        && System.nanoTime() - activatesAt >= 0) {
      errorCode = activation.errorCode();
      turn(activatesAt, activation.status());
    }
    return status;
  }

  /** The code of its error, null for none. */
  public synchronized String errorCode() {
    return errorCode;
  }

  private void turn(long at, String to) {
    if (!status.equals(to)) {
      status = to;
      course.add(new Moment(at, to, rate()));
      watcher.accept(this);
    }
  }

  private double rate() {
    return pacing.path("maxCallsPerSecond").asDouble();
  }

  /** What it was at which time, oldest first. */
  public synchronized List<Moment> course() {
    status();
    return List.copyOf(course);
  }

  /** Every request for a status that arrived, oldest first. */
  public synchronized List<Wish> wishes() {
    return List.copyOf(wishes);
  }

  synchronized int wished(String wanted, StubFault fault) {
    wishes.add(new Wish(System.nanoTime(), wanted, fault));
    return wishes.size();
  }

  /** Whether somebody has asked for another status since a wish. */
  synchronized boolean overtaken(int wish) {
    return wishes.size() > wish;
  }

  /** Gives it a status by CXone's own hand, as an administrator there would. */
  public synchronized void status(String status) {
    status();
    turn(System.nanoTime(), status);
  }

  /** Puts it in error by CXone's own hand. */
  public synchronized void error(String code) {
    errorCode = code;
    status("ERROR");
  }

  /** The statuses that callers asked for, oldest first. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** When it was read by its id, by {@link System#nanoTime()}, oldest first. */
  public synchronized List<Long> polls() {
    return List.copyOf(polls);
  }

  synchronized void ask(String wanted, StubCxone.Activation plan) {
    asked.add(wanted);
    if (!wanted.equals("ACTIVE")) {
      status(wanted);
    } else if (!status().equals("ACTIVE") && !status.equals("PENDING")) {
      activation = plan;
      activatesAt =
          System.nanoTime()
              + (plan.after() == null ? 0 : TimeUnit.MILLISECONDS.toNanos(plan.after().toMillis()));
      turn(System.nanoTime(), "PENDING");
    }
  }

  /** Replaces the pacing whole, as CXone does: what is not named is gone. */
  synchronized void pacing(JsonNode given) {
    status();
    pacing = given;
    rates.add(rate());
    course.add(new Moment(System.nanoTime(), status, rate()));
  }

  /** Notes a poll and returns whether it is the first that sees the campaign active. */
  synchronized boolean polled() {
    polls.add(System.nanoTime());
    boolean first = !seenActive && status().equals("ACTIVE");
    seenActive |= first;
    return first;
  }

  synchronized ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", id).put("name", name).put("status", status());
    if (errorCode != null) {
      json.put("errorCode", errorCode);
    }
    json.set("pacing", pacing);
    return json;
  }
}
