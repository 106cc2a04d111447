package io.campaignroutes.sandbox;

import io.campaignroutes.shared.Threads;
import io.campaignroutes.text.Causes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts lifecycle events to the registered endpoints, off the callers' threads. Events of one
 * campaign go one after the other; three tries each, then the event is given up, as CXone does.
 */
final class EventPoster implements Consumer<LifecycleEvent>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventPoster.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int TRIES = 3;
  private static final int LANES = 8;

  private final Webhooks webhooks;
  private final Duration pause;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final List<ExecutorService> lanes =
      IntStream.range(0, LANES).mapToObj(EventPoster::lane).toList();

  /**
   * A poster that is ready at once.
   *
   * @param pause before the second try, twice as long before the third
   */
  EventPoster(Webhooks webhooks, Duration pause) {
    this.webhooks = webhooks;
    this.pause = pause;
  }

  @Override
  public void accept(LifecycleEvent event) {
    byte[] body = SandboxJson.bytes(event);
    ExecutorService lane = lanes.get(Math.floorMod(event.campaignId().hashCode(), LANES));
    for (Webhooks.Webhook webhook : webhooks.of(event)) {
      try {
        lane.execute(() -> post(event, webhook, body));
      } catch (RejectedExecutionException e) {
        LOG.warn(
            "sandbox: {} of {} not posted: the sandbox stops",
            event.eventType(),
            event.campaignId());
      }
    }
  }

  /** One post whose answer the caller wants to see. */
  HttpResponse<String> post(Webhooks.Webhook webhook, byte[] body)
      throws IOException, InterruptedException {
    return http.send(webhook.request(body, TIMEOUT), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    lanes.forEach(ExecutorService::shutdownNow);
  }

  private void post(LifecycleEvent event, Webhooks.Webhook webhook, byte[] body) {
    String outcome = "";
    try {
      for (int attempt = 1; attempt <= TRIES; attempt++) {
        if (attempt > 1) {
          Thread.sleep(pause.toMillis() * (attempt - 1));
        }
        outcome = attempt(webhook, body);
        if (outcome.startsWith("2")) {
          LOG.info(
              "sandbox: event {} of {} posted: {}", event.eventType(), event.campaignId(), outcome);
          return;
        }
      }
      LOG.warn(
          "sandbox: event {} of {} given up after {} tries to {}: {}",
          event.eventType(),
          event.campaignId(),
          TRIES,
          webhook.endpoint(),
          outcome);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String attempt(Webhooks.Webhook webhook, byte[] body) throws InterruptedException {
    try {
      return String.valueOf(post(webhook, body).statusCode());
    } catch (IOException e) {
      return "no answer (" + Causes.told(e) + ")";
    }
  }

  private static ExecutorService lane(int number) {
    ThreadPoolExecutor lane =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.daemon("sandbox-events-" + number));
    lane.allowCoreThreadTimeOut(true);
    return lane;
  }
}
