package io.campaignroutes.cxone;

import java.time.Duration;

/** Whether the API is not any more where it was found out to be, by what becomes of calls. */
final class LostApi {
  /** So many calls in a row that find nobody, or nothing but 404, are no accident. */
  private static final int MAX_ASTRAY = 5;

  /**
   * No sooner than so long after it was found out it is lost by a call that is there everywhere.
   */
  private static final Duration SOON = Duration.ofSeconds(10);

  private int astray;

  /**
   * Takes in what became of a call.
   *
   * @param since how long ago the address was found out, in ms
   * @return whether the API is lost
   */
  boolean by(Call call, long since) {
    boolean nobody = call.status() == 0 && call.failure() != null && call.failure().maybeDone();
    boolean nothing = call.status() == 404;
    astray = nobody || nothing ? astray + 1 : 0;
    return astray >= MAX_ASTRAY && since >= TokenLives.ODD.toMillis()
        || nothing
            && call.operation().name().equals(CxoneApi.API_THERE)
            && since >= SOON.toMillis();
  }

  /** Another address is to be found out. */
  void forget() {
    astray = 0;
  }
}
