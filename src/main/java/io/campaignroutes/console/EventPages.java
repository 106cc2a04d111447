package io.campaignroutes.console;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** The pages that listen for changes. */
@Component
public class EventPages implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(EventPages.class);
  private static final int MAX_PAGES = 256;
  private static final byte[] ALIVE = ": alive\n\n".getBytes(StandardCharsets.UTF_8);
  private static final long ALIVE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final Set<EventPage> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private long spokeAt = System.nanoTime();

  EventPages(MeterRegistry meters) {
    meters.gauge("console.pages", open, Set::size);
  }

  /**
   * Lets a page listen.
   *
   * @return false when there are too many already, or the service is ending
   */
  boolean add(EventPage page) {
    if (!running || open.size() >= MAX_PAGES) {
      return false;
    }
    open.add(page);
    page.onClose(() -> open.remove(page));
    if (!running) { // ended meanwhile
      page.close();
    }
    return true;
  }

  /** Whether any page listens. */
  public boolean watched() {
    return !open.isEmpty();
  }

  /** How many pages listen. */
  int count() {
    return open.size();
  }

  /**
   * Ends the streams of those whose key, token or session counts no longer. Of whom that cannot be
   * told, because the store cannot be read, it is asked again the next time.
   */
  public void closeUnadmitted() {
    try {
      open.stream().filter(page -> !page.isAdmitted()).forEach(EventPage::close);
    } catch (DataAccessException e) {
      LOG.debug("It cannot be told who may listen on: {}", e.toString());
    }
  }

  /**
   * Tells all pages; from time to time also when there is nothing to tell, so that a page that has
   * gone away is noticed.
   *
   * @param message in the format of server-sent events; null when nothing has changed
   */
  public void tell(String message) {
    long now = System.nanoTime();
    if (message == null && now - spokeAt < ALIVE_EVERY_NANOS) {
      return;
    }
    spokeAt = now;
    byte[] bytes = message == null ? ALIVE : message.getBytes(StandardCharsets.UTF_8);
    open.forEach(page -> page.offer(bytes));
  }

  @Override
  public void start() {
    running = true;
  }

  /** Pages would hold up the end of the server, which waits for its requests. */
  @Override
  public void stop() {
    running = false;
    open.forEach(EventPage::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
