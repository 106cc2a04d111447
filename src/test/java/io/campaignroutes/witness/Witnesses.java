package io.campaignroutes.witness;

import io.campaignroutes.benchmark.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Sees everything that the services under test give people to read: each answer on its way to the
 * test, and after each test their logs, reports and audit files. Tests know nothing of it, so none
 * can forget it; what it finds fails the test after which it is found.
 */
public final class Witnesses implements ServiceProcess.Witness {
  private static final Set<String> READ_BY_PROGRAMS =
      Set.of("/openapi.json", "/actuator/prometheus");
  private static final List<ServiceRecords> SERVICES = new CopyOnWriteArrayList<>();
  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();
  private static final Set<String> KINDS = ConcurrentHashMap.newKeySet();
  private static final Set<Integer> SEEN = ConcurrentHashMap.newKeySet();
  private static final ExecutorService READER =
      Executors.newSingleThreadExecutor(
          work -> {
            var thread = new Thread(work, "witness");
            thread.setDaemon(true);
            return thread;
          });

  private final boolean hostile;

  /** Sees services whose callers say what callers say. */
  public Witnesses() {
    this(false);
  }

  private Witnesses(boolean hostile) {
    this.hostile = hostile;
  }

  /**
   * Sees services whose callers send the oddest words: where one of them may be told back in an
   * answer or a log, only what must be the program's own counts.
   */
  public static Witnesses ofHostileCallers() {
    return new Witnesses(true);
  }

  /** Read when it is needed: most unit tests start no service. */
  private static final class Description {
    private static final ApiDescription API = new ApiDescription();
  }

  @Override
  public ServiceProcess.Door stand(int port, Path dataDir, Path log) throws IOException {
    SERVICES.add(new ServiceRecords(dataDir, log, fault -> !hostile || !isEcho(fault)));
    return new Tap(port, exchange -> READER.execute(() -> read(exchange)));
  }

  private static boolean isEcho(String fault) {
    return TextsPeopleRead.mayBeAnEcho(fault.lines().findFirst().orElse(""));
  }

  private void read(Exchange exchange) {
    try {
      if (isFileOfTheConsole(exchange) || !SEEN.add(key(exchange))) {
        return;
      }
      Stream.concat(
              exchange.path().startsWith("/sandbox/")
                  ? Stream.empty() // CXone's part, not the service's
                  : Description.API.faults(exchange).stream(),
              READ_BY_PROGRAMS.contains(exchange.path())
                  ? Stream.empty()
                  : texts(exchange).stream().filter(fault -> !hostile || !isEcho(fault)))
          .forEach(fault -> found(fault + "\n    in the answer " + exchange));
    } catch (RuntimeException e) {
      found("the answer %s could not be looked at: %s".formatted(exchange, e));
    }
  }

  private static boolean isFileOfTheConsole(Exchange exchange) {
    return (exchange.status() == 200 || exchange.status() == 304)
        && (exchange.path().equals("/") || exchange.path().matches("/.*\\.(?!json)\\w+"));
  }

  private static int key(Exchange exchange) {
    return (exchange.method()
            + exchange.path()
            + exchange.status()
            + exchange.headers().keySet()
            + new String(exchange.body(), StandardCharsets.ISO_8859_1))
        .hashCode();
  }

  /** Of a document that was cut off nobody can say which of its texts are somebody else's. */
  private static List<String> texts(Exchange exchange) {
    boolean document =
        exchange.contentType().endsWith("json") && !exchange.contentType().endsWith("ndjson");
    if (document && !exchange.whole()) {
      return List.of();
    }
    return document
        ? TextsPeopleRead.faultsOfDocument(exchange.text())
        : wholeLines(exchange)
            .map(line -> line.replaceFirst("^data: ?", ""))
            .filter(line -> !line.matches("(?:event|id|retry): ?.*|:.*|"))
            .flatMap(line -> TextsPeopleRead.faultsOfDocument(line).stream())
            .toList();
  }

  private static Stream<String> wholeLines(Exchange exchange) {
    List<String> lines = exchange.text().lines().toList();
    return lines.stream().limit(exchange.whole() ? lines.size() : Math.max(0, lines.size() - 1));
  }

  /**
   * What a page shows.
   *
   * @param where its address
   * @param text all of it that can be seen
   */
  public static void page(String where, String text) {
    READER.execute(
        () ->
            text.lines()
                .flatMap(line -> TextsPeopleRead.faults(line).stream())
                .forEach(fault -> found(fault + "\n    on the page " + where)));
  }

  /** Something that nobody should read was found; each kind of it is told once. */
  static void found(String fault) {
    String kind =
        fault.replaceAll("(?:cmp|dlv|evt|req)_\\w+|\\d+", "").lines().findFirst().orElse("");
    if (KINDS.add(kind)) {
      FOUND.add(fault);
    }
  }

  /** What was found since this was asked last, once all is read that is there to be read. */
  static List<String> found() {
    try {
      READER.submit(() -> SERVICES.forEach(one -> one.read(Witnesses::found))).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("what services have written cannot be looked at", e);
    }
    List<String> found = new ArrayList<>();
    for (String one = FOUND.poll(); one != null; one = FOUND.poll()) {
      found.add(one);
    }
    return found;
  }
}
