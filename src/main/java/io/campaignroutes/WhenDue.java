package io.campaignroutes;

import io.campaignroutes.store.DueTime;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.component.scheduler.SchedulerEndpoint;
import org.apache.camel.spi.ScheduledPollConsumerScheduler;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceSupport;

/**
 * What a timer of {@code routes/} names with {@code scheduler: "#whenDue"}: it sleeps until there
 * is work in the queue that has the timer's name, by its {@link DueTime}. {@code delay} is the
 * shortest time between two looks, and the time between all of them while there is always something
 * to do. Each timer has one of its own.
 */
public final class WhenDue extends ServiceSupport implements ScheduledPollConsumerScheduler {
  private final Store store;
  private CamelContext context;
  private ScheduledPollConsumer consumer;
  private Runnable task;
  private ExecutorService thread;
  private volatile boolean running;

  public WhenDue(Store store) {
    this.store = store;
  }

  @Override
  public void onInit(Consumer consumer) {
    this.consumer = (ScheduledPollConsumer) consumer;
  }

  @Override
  public void scheduleTask(Runnable task) {
    this.task = task;
  }

  @Override
  public void startScheduler() {
    if (!running) {
      running = true;
      thread.execute(this::look);
    }
  }

  private void look() {
    DueTime due = store.due(((SchedulerEndpoint) consumer.getEndpoint()).getName());
    Duration gap = Duration.of(consumer.getDelay(), consumer.getTimeUnit().toChronoUnit());
    try {
      consumer.getTimeUnit().sleep(consumer.getInitialDelay());
      while (running) {
        due.beginLook();
        task.run();
        due.await(gap);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the route is stopping
    }
  }

  @Override
  public void unscheduleTask() {
    running = false;
  }

  @Override
  public boolean isSchedulerStarted() {
    return running;
  }

  @Override
  protected void doStart() {
    thread =
        context
            .getExecutorServiceManager()
            .newSingleThreadExecutor(consumer, consumer.getEndpoint().getEndpointUri());
  }

  @Override
  protected void doStop() {
    running = false;
    context.getExecutorServiceManager().shutdownNow(thread);
  }

  @Override
  public void setCamelContext(CamelContext context) {
    this.context = context;
  }

  @Override
  public CamelContext getCamelContext() {
    return context;
  }
}
