package io.campaignroutes.http;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.LaunchWaiters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The step in which an HTTP caller waits: for the end of a launch, or of a command. The campaign is
 * the body before and after; no thread waits with the caller.
 */
@Configuration(proxyBeanMethods = false)
class AwaitLaunch {
  private static final long LAUNCH_WAIT_MS = 60_000;
  private static final long COMMAND_WAIT_MS = 10_000;

  /** Until the launch has ended, 60 s unless the caller prefers otherwise. */
  @Bean
  Await launchEnd(LaunchWaiters waiters, ExecutorService answerers) {
    // a scheduled launch does not end while anybody waits
    return new Await(
        waiters, answerers, c -> c.stage().launched() || c.waitsForItsTime(), LAUNCH_WAIT_MS);
  }

  /** Until a command has been carried out, 10 s unless the caller prefers otherwise. */
  @Bean
  Await commandEnd(LaunchWaiters waiters, ExecutorService answerers) {
    return new Await(
        waiters,
        answerers,
        c ->
            c.pendingIsRefused()
                || c.pending() == null && (c.stage().launched() || c.waitsForItsTime()),
        COMMAND_WAIT_MS);
  }

  /** Answers are written by threads of their own: a slow caller must not hold up a launch. */
  @Bean
  ExecutorService answerers() {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory threads = run -> new Thread(run, "answer-" + number.incrementAndGet());
    return Executors.newFixedThreadPool(8, threads);
  }

  static final class Await extends AsyncProcessorSupport {
    private final LaunchWaiters waiters;
    private final ExecutorService answerers;
    private final Predicate<Campaign> until;
    private final long otherwise;

    Await(
        LaunchWaiters waiters,
        ExecutorService answerers,
        Predicate<Campaign> until,
        long otherwise) {
      this.waiters = waiters;
      this.answerers = answerers;
      this.until = until;
      this.otherwise = otherwise;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      CompletableFuture<Campaign> end;
      try {
        Campaign campaign = exchange.getMessage().getMandatoryBody(Campaign.class);
        long wait = exchange.getVariable("http", ApiRequest.class).waitMillis(otherwise);
        end = waiters.await(campaign.id(), until, wait);
      } catch (Exception e) { // thrown from here, it would end neither the route nor the request
        exchange.setException(e);
        callback.done(true);
        return true;
      }
      end.whenCompleteAsync(
          (after, e) -> {
            if (e == null) {
              exchange.getMessage().setBody(after);
            } else {
              exchange.setException(e);
            }
            callback.done(false);
          },
          answerers);
      return false;
    }
  }
}
