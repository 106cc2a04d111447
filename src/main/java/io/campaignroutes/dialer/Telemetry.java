package io.campaignroutes.dialer;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A campaign's figures as an API tells them: of a window, late, now and then not at all, some of
 * them hidden.
 */
public final class Telemetry {

  /** How counts cover time. */
  public enum Window {
    /** The last stretch of the length. */
    ROLLING,
    /** From the last multiple of the length. */
    TUMBLING,
    /** From the start. */
    CUMULATIVE
  }

  /**
   * What the API is like.
   *
   * @param window how counts cover time
   * @param length seconds of a rolling or tumbling window
   * @param lag seconds that figures are old
   * @param dropOuts share of questions that are not answered
   * @param showsAttempted whether dialed calls are told
   * @param showsStaffed whether staffed agents are told
   * @param agentsAreStaffed whether the figure for idle agents tells all staffed ones instead
   */
  public record Manner(
      Window window,
      double length,
      double lag,
      double dropOuts,
      boolean showsAttempted,
      boolean showsStaffed,
      boolean agentsAreStaffed) {

    /** CXone's v2 contract: rolling five minutes, no lag, only connected, abandoned and idle. */
    public static Manner v2() {
      return new Manner(Window.ROLLING, 300, 0, 0, false, false, false);
    }

    /** The same with figures this many seconds old. */
    public Manner withLag(double seconds) {
      return new Manner(
          window, length, seconds, dropOuts, showsAttempted, showsStaffed, agentsAreStaffed);
    }

    /** The same with this share of questions not answered. */
    public Manner withDropOuts(double share) {
      return new Manner(window, length, lag, share, showsAttempted, showsStaffed, agentsAreStaffed);
    }

    /** The same with other windows. */
    public Manner withWindow(Window other) {
      return new Manner(
          other, length, lag, dropOuts, showsAttempted, showsStaffed, agentsAreStaffed);
    }

    /** The same with staffed agents told where idle ones are expected. */
    public Manner withStaffedAgents() {
      return new Manner(window, length, lag, dropOuts, showsAttempted, showsStaffed, true);
    }
  }

  /**
   * One answer.
   *
   * @param connected calls connected in the window
   * @param abandoned calls abandoned in the window
   * @param attempted calls dialed in the window; null when hidden
   * @param handleTime mean seconds of the calls that ended in the window; null when none did
   * @param agents idle agents (or staffed ones, by the manner)
   * @param staffed staffed agents; null when hidden
   */
  public record Figures(
      double connected,
      double abandoned,
      Double attempted,
      Double handleTime,
      double agents,
      Double staffed) {}

  /**
   * What came back.
   *
   * @param figures null when there are none
   * @param notYet there are none because nothing was dialed in the window
   */
  public record Answer(Figures figures, boolean notYet) {}

  private final Dialer world;
  private final DialedCampaign campaign;
  private final Manner manner;
  private final RandomGenerator dropOuts;

  /** The figures of a campaign. */
  public Telemetry(Dialer world, DialedCampaign campaign, Manner manner, long seed) {
    this.world = world;
    this.campaign = campaign;
    this.manner = manner;
    this.dropOuts = new SplittableRandom(seed);
  }

  /** Asks for the figures. */
  public Answer read() {
    if (dropOuts.nextDouble() < manner.dropOuts()) {
      return new Answer(null, false);
    }
    double end = world.now() - manner.lag();
    double start =
        switch (manner.window()) {
          case ROLLING -> end - manner.length();
          case TUMBLING -> Math.floor(end / manner.length()) * manner.length();
          case CUMULATIVE -> -1;
        };
    CallPeriod period = campaign.between(start, end);
    if (period.attempted() + period.connected() + period.abandoned() + period.handled() == 0) {
      return new Answer(null, true);
    }
    AgentPool pool = campaign.pool();
    double staffed = pool.staffedAt(end);
    return new Answer(
        new Figures(
            period.connected(),
            period.abandoned(),
            manner.showsAttempted() ? Double.valueOf(period.attempted()) : null,
            period.handleTime(),
            manner.agentsAreStaffed() ? staffed : pool.idleAt(end),
            manner.showsStaffed() ? staffed : null),
        false);
  }
}
