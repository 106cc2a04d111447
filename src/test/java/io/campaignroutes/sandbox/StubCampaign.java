package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A campaign at {@link StubCxone}, with what was done to it and when it was asked for. */
public final class StubCampaign {
  private final RecordedCampaigns owner;
  private final SandboxCampaign campaign;
  private final List<Long> polls = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private final List<Wish> wishes = new ArrayList<>();
  private final List<Moment> course = new ArrayList<>();
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

  StubCampaign(RecordedCampaigns owner, SandboxCampaign campaign) {
    this.owner = owner;
    this.campaign = campaign;
    changed();
  }

  public String id() {
    return campaign.id();
  }

  public String name() {
    return campaign.name();
  }

  /** Its pacing as it was written last, else as it was created with. */
  public JsonNode pacing() {
    synchronized (owner) {
      return campaign.payload().path("pacing");
    }
  }

  /** Every rate that was written to it, oldest first, in calls a second. */
  public List<Double> rates() {
    synchronized (owner) {
      return List.copyOf(rates);
    }
  }

  /** Changes a field of its pacing by CXone's own hand. */
  public void pacing(String field, int value) {
    synchronized (owner) {
      campaign.setPacing(((ObjectNode) pacing().deepCopy()).put(field, value));
    }
  }

  /** Its status as a caller would see it now. */
  public String status() {
    synchronized (owner) {
      owner.advance();
      return campaign.status().name();
    }
  }

  /** The code of its error, null for none. */
  public String errorCode() {
    synchronized (owner) {
      return campaign.errorCode();
    }
  }

  /** What it was at which time, oldest first. */
  public List<Moment> course() {
    synchronized (owner) {
      owner.advance();
      return List.copyOf(course);
    }
  }

  /** Every request for a status that arrived, oldest first. */
  public List<Wish> wishes() {
    synchronized (owner) {
      return List.copyOf(wishes);
    }
  }

  int wished(String wanted, StubFault fault) {
    synchronized (owner) {
      wishes.add(new Wish(System.nanoTime(), wanted, fault));
      return wishes.size();
    }
  }

  /** Whether somebody has asked for another status since a wish. */
  boolean overtaken(int wish) {
    synchronized (owner) {
      return wishes.size() > wish;
    }
  }

  /** Gives it a status by CXone's own hand, as an administrator there would. */
  public void status(String status) {
    turn(status, null);
  }

  /** Puts it in error by CXone's own hand. */
  public void error(String code) {
    turn("ERROR", code);
  }

  private void turn(String status, String error) {
    synchronized (owner) {
      if (!status().equals(status)) {
        owner.turn(campaign, CampaignStatus.valueOf(status), error);
      }
    }
  }

  /** The statuses that callers asked for, oldest first. */
  public List<String> asked() {
    synchronized (owner) {
      return List.copyOf(asked);
    }
  }

  /** When it was read by its id, by {@link System#nanoTime()}, oldest first. */
  public List<Long> polls() {
    synchronized (owner) {
      return List.copyOf(polls);
    }
  }

  void ask(String wanted) {
    synchronized (owner) {
      asked.add(wanted);
    }
  }

  /** A rate was written to it. */
  void paced() {
    synchronized (owner) {
      rates.add(campaign.callsPerSecond());
      changed();
    }
  }

  /** Notes what it is from now on. */
  void changed() {
    synchronized (owner) {
      course.add(
          new Moment(System.nanoTime(), campaign.status().name(), campaign.callsPerSecond()));
    }
  }

  /** Notes a poll and returns whether it is the first that sees the campaign active. */
  boolean polled() {
    synchronized (owner) {
      polls.add(System.nanoTime());
      boolean first = !seenActive && status().equals("ACTIVE");
      seenActive |= first;
      return first;
    }
  }
}
