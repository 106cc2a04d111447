package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.sandbox.StubCxone;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures what open pages of the console cost: the time until the list of very many campaigns is
 * there, and the processor time of the service for each page while campaigns are paced.
 */
final class ConsoleBenchmark extends Benchmark {
  private static final Duration LIST_AGAIN = Duration.ofSeconds(10); // as the page does
  private static final List<String> FILES =
      List.of(
          "/",
          "/console/app.css",
          "/console/js/main.js",
          "/console/js/api.js",
          "/console/js/dom.js",
          "/console/js/format.js",
          "/console/js/stream.js",
          "/console/js/stages.js",
          "/console/js/grid.js",
          "/console/js/dialog.js",
          "/console/js/views/campaigns.js",
          "/overview?limit=1",
          "/overview?limit=100&sort=-taken");

  private final int campaigns;
  private final int pages;
  private final int changes;

  /** Seconds between two ticks of a campaign, and those measured: each has one tick in them. */
  private final int period;

  ConsoleBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.campaigns = options.number("--campaigns");
    this.pages = options.number("--pages");
    this.changes = options.number("--changes");
    this.period = Math.max(5, campaigns / Math.max(1, changes));
  }

  @Override
  void run() throws IOException, InterruptedException {
    try (StubCxone cxone = new StubCxone();
        ServiceProcess service =
            service(
                cxone.environment(), "--inbox.settle=300ms", "--pacing.period=" + period + "s")) {
      cxone.figures(campaign -> figures());
      launch();
      long start = System.nanoTime();
      await(Duration.ofSeconds(600), () -> cxone.seenActive() >= campaigns);
      err.printf("%d campaigns run after %.0f s%n", campaigns, (System.nanoTime() - start) / 1e9);
      TimeUnit.SECONDS.sleep(period); // until each has been paced once
      firstView(service);
      lists(service);
      double before = share(service, 0);
      double one = share(service, 1);
      double between = share(service, 0);
      double all = share(service, pages);
      double after = share(service, 0);
      row(
          "no page open, three times",
          "%.1f, %.1f, %.1f %% of a core",
          100 * before,
          100 * between,
          100 * after);
      figures.add(Figures.Kind.PROCESSOR_TIME, pages + " pages open, % of a core", 100 * all);
      row("1 page open", more(1, one, before, between));
      row(pages + " pages open", more(pages, all, between, after));
    }
    tell();
  }

  /** Told beside the times before and after, because the service needs less and less as it runs. */
  private static String more(int pages, double share, double before, double after) {
    double more = 100 * (share - (before + after) / 2);
    return "%.1f %%%% of a core, %.1f more than without, %.2f for each page"
        .formatted(100 * share, more, more / pages);
  }

  /** What a browser asks for until the list is drawn, one after the other on one connection. */
  private void firstView(ServiceProcess service) throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int n = 0; n < 21; n++) {
      HttpClient browser = client();
      long start = System.nanoTime();
      for (String file : FILES) {
        get(browser, service, file);
      }
      millis.add((System.nanoTime() - start) / 1e6);
    }
    figures.add(Figures.Kind.TIME, "first view, median ms", quantile(millis.subList(1, 21), 0.5));
    row(
        "first view of " + campaigns + " campaigns, page and list over one connection",
        "first %.0f ms, then median %.0f ms, slowest %.0f ms of 20",
        millis.get(0),
        quantile(millis.subList(1, 21), 0.5),
        quantile(millis.subList(1, 21), 1));
  }

  private void lists(ServiceProcess service) throws IOException, InterruptedException {
    HttpClient browser = client();
    for (String query :
        List.of(
            "sort=-taken",
            "sort=name&offset=" + campaigns / 2,
            "sort=-rate",
            "status=ACTIVE&q=paced+12")) {
      List<Double> millis = new ArrayList<>();
      for (int n = 0; n < 20; n++) {
        long start = System.nanoTime();
        get(browser, service, "/overview?limit=100&" + query);
        millis.add((System.nanoTime() - start) / 1e6);
      }
      row("a page of the list, " + query, "median %.0f ms of 20", quantile(millis, 0.5));
    }
  }

  /** The share of a core that the service uses while so many pages are open. */
  private double share(ServiceProcess service, int open) throws IOException, InterruptedException {
    List<Thread> readers = new ArrayList<>();
    AtomicLong bytes = new AtomicLong();
    AtomicInteger rows = new AtomicInteger();
    for (int n = 0; n < open; n++) {
      Thread reader = new Thread(() -> read(service, bytes, rows), "page-" + n);
      reader.setDaemon(true);
      reader.start();
      readers.add(reader);
      Thread lists = new Thread(() -> list(service), "list-" + n);
      lists.setDaemon(true);
      lists.start();
      readers.add(lists);
    }
    TimeUnit.SECONDS.sleep(5);
    rows.set(0);
    bytes.set(0);
    double cpu = service.figures().cpuSeconds();
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(period);
    double took = (System.nanoTime() - start) / 1e9;
    double share = (service.figures().cpuSeconds() - cpu) / took;
    if (open > 0) {
      row(
          "told to each of " + open,
          "%.0f changed rows/s, %.0f KB/s",
          rows.get() / took / open,
          bytes.get() / took / open / 1024);
      if (rows.get() == 0) {
        throw new IOException("no page was told anything");
      }
    }
    readers.forEach(Thread::interrupt);
    TimeUnit.SECONDS.sleep(1);
    return share;
  }

  private static void read(ServiceProcess service, AtomicLong bytes, AtomicInteger rows) {
    HttpRequest request = HttpRequest.newBuilder(service.uri("/events")).build();
    try (var in = client().send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        bytes.addAndGet(line.length() + 1);
        if (line.startsWith("data: ")) {
          rows.addAndGet(JSON.readTree(line.substring(6)).path("rows").size());
        }
      }
    } catch (IOException e) {
      return; // the service has ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void list(ServiceProcess service) {
    HttpClient browser = client();
    try {
      while (true) {
        get(browser, service, "/overview?limit=100&sort=-taken");
        Thread.sleep(LIST_AGAIN.toMillis());
      }
    } catch (IOException e) {
      return; // the service has ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static void get(HttpClient browser, ServiceProcess service, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(service.uri(path)).header("Accept-Encoding", "gzip").build();
    HttpResponse<byte[]> answer = browser.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException("200 expected of " + path + ", not " + answer.statusCode());
    }
  }

  /** Idle agents come and go, so that most decisions change the rate. */
  private static JsonNode figures() {
    var random = ThreadLocalRandom.current();
    return JSON.createObjectNode()
        .put("connectedCalls", 75 + random.nextInt(10))
        .put("abandonedCalls", random.nextInt(3))
        .put("avgHandleTime", 180)
        .put("availableAgents", random.nextInt(12));
  }

  private void launch() throws IOException {
    Path inbox = serviceDir().resolve("data/inbox");
    try (BufferedWriter file = Files.newBufferedWriter(inbox.resolve("all.tmp"))) {
      for (int n = 0; n < campaigns; n++) {
        file.write(JSON.writeValueAsString(PacingBenchmark.request("paced " + n)));
        file.write('\n');
      }
    }
    Files.move(
        inbox.resolve("all.tmp"), inbox.resolve("all.ndjson"), StandardCopyOption.ATOMIC_MOVE);
  }
}
