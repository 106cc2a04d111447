package io.campaignroutes.dialer;

/**
 * The calls of a calendar day by which the platform's abandon control judges: of all skills of an
 * account, or of one that has a rate of its own.
 */
public final class AbandonDay {
  private final Dialer world;
  private long connected;
  private long machines;
  private long abandoned;
  private double share;
  private double judgedAt = Double.NEGATIVE_INFINITY;

  /** A day on which nobody has called yet. */
  public AbandonDay(Dialer world) {
    this.world = world;
  }

  /** A new day begins. */
  public void begins() {
    connected = 0;
    machines = 0;
    abandoned = 0;
    share = 0;
    judgedAt = world.now();
  }

  /** Abandoned calls of those that were answered, now; 0 where none was. */
  public double share() {
    long base = connected - machines + abandoned;
    return base == 0 ? 0 : (double) abandoned / base;
  }

  /** Lines for each agent as the control last judged it. */
  double lines(AbandonControl control) {
    if (world.now() - judgedAt >= control.refresh()) {
      judgedAt = world.now();
      share = share();
    }
    return control.linesPerIdleAgent(share);
  }

  void connected(boolean machine) {
    connected++;
    if (machine) {
      machines++;
    }
  }

  void abandoned() {
    abandoned++;
  }
}
