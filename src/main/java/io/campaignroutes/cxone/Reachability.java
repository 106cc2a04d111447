package io.campaignroutes.cxone;

import io.campaignroutes.store.Outage;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** Tells the log when CXone no longer answers, and when it does again. */
final class Reachability {
  /** So many failures in a row are told. */
  private static final int A_FEW = 3;

  private final Outage outage =
      new Outage(
          LoggerFactory.getLogger(Reachability.class), "CXone is away", "CXone answers again");
  private final AtomicInteger failures = new AtomicInteger();

  /** A call was not answered, or not by what is meant to answer it. */
  void failed(String why) {
    if (failures.incrementAndGet() >= A_FEW) {
      outage.failed(why);
    }
  }

  /** CXone answered, whatever it said. */
  void answered() {
    failures.set(0);
    outage.worked();
  }

  /** Why it is taken to be away; null when it answers, or has failed once or twice only. */
  String trouble() {
    return outage.cause();
  }
}
