package io.campaignroutes.campaign;

import io.campaignroutes.cxone.CxoneApi;
import io.campaignroutes.cxone.RemoteStatus;
import org.springframework.stereotype.Component;

/** What is said and learned of a campaign when CXone tells what it does with it. */
@Component
class StatusResults {
  private final CxoneApi api;

  StatusResults(CxoneApi api) {
    this.api = api;
  }

  /** What CXone's word for how a campaign stands means. */
  RemoteStatus status(String word) {
    return api.status(word);
  }

  /** Whether CXone can be told to end calls under way with a stop. */
  boolean forcesStops() {
    return api.forcesStops();
  }

  /** CXone's word for it; null when it has none. */
  String word(RemoteStatus status) {
    return api.word(status);
  }

  /**
   * The outcome of a step in which CXone was seen to dial for a campaign, to have paused it, to be
   * through with it or to have it in error.
   *
   * @param c the campaign as it is
   * @param code the code of an error; null for none
   * @param now in milliseconds since the epoch
   */
  StepResult seen(Campaign c, RemoteStatus status, String code, long now) {
    return switch (status) {
      case DIALING -> dials(c, now);
      case PAUSED -> StepResult.of(Outcome.PAUSED, "Paused at CXone.");
      case STOPPED -> StepResult.of(Outcome.STOPPED, "Stopped at CXone.");
      case COMPLETED -> StepResult.of(Outcome.COMPLETED, "Completed at CXone.");
      case ERROR -> failed(code);
      case CREATED, STARTING, UNKNOWN ->
          throw new IllegalArgumentException(status + " is no news of campaign " + c.id());
    };
  }

  private static StepResult dials(Campaign c, long now) {
    boolean first = c.activeAt() == null;
    long latencyMs = now - c.acceptedAt();
    String reason =
        c.stage().ended()
            ? "CXone dials although it had ended here; it is watched and paced again."
            : first
                ? "CXone dials, " + latencyMs + " ms after it was accepted."
                : "CXone dials again.";
    return StepResult.of(Outcome.ACTIVE, reason)
        .with(
            d -> {
              d.activatingAt = null;
              if (first) {
                d.activeAt = now;
                d.latencyMs = latencyMs;
              }
            });
  }

  /**
   * The outcome of a step that would have had CXone dial at a time at which a campaign may not
   * call.
   *
   * @param why in words that end a sentence
   * @param now in milliseconds since the epoch
   */
  static StepResult held(Campaign c, String why, long now) {
    return StepResult.of(
            Outcome.HELD, "Nobody is called yet: " + why + ". It dials by itself once it may.")
        .with(d -> d.activatingAt = null)
        .with(d -> d.activeAt = c.activeAt() == null ? (Long) now : c.activeAt())
        .with(
            d ->
                d.latencyMs = c.activeAt() == null ? (Long) (now - c.acceptedAt()) : c.latencyMs());
  }

  private StepResult failed(String code) {
    String message =
        code == null
            ? "CXone reports it in error and gives no code."
            : "CXone reports it in error: " + api.message(code) + " [" + code + "]";
    Failure failure = new Failure(Failure.Kind.REFUSED, null, code, message);
    return StepResult.of(Outcome.ERROR, message).with(d -> d.failure = failure);
  }
}
