package io.campaignroutes.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.CallBudget;
import io.campaignroutes.cxone.TokenState;
import io.campaignroutes.store.Replicas;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.springframework.stereotype.Component;

/** How this process is, for people: nothing secret and nothing that only its makers understand. */
@Component
class SystemState {
  private final CxoneState cxone;
  private final Store store;
  private final Replicas replicas;
  private final Settings settings;
  private final EventPages pages;
  private final CamelContext camel;
  private final MeterRegistry meters;

  SystemState(
      CxoneState cxone,
      Store store,
      Replicas replicas,
      Settings settings,
      EventPages pages,
      CamelContext camel,
      MeterRegistry meters) {
    this.cxone = cxone;
    this.store = store;
    this.replicas = replicas;
    this.settings = settings;
    this.pages = pages;
    this.camel = camel;
    this.meters = meters;
  }

  /** All of it as {@code GET /system} answers it. */
  ObjectNode view() {
    ObjectNode view = Json.object();
    view.put("at", Times.iso(store.now()));
    view.set("process", process());
    view.set("token", token(cxone.token()));
    view.set("calls", calls(cxone.budget()));
    view.set("breakers", Json.tree(cxone.breakers()));
    view.set("store", store());
    ArrayNode others = view.putArray("replicas");
    for (Replicas.Replica one : replicas.all()) {
      others
          .addObject()
          .put("id", one.id())
          .put("host", one.host())
          .put("port", one.port())
          .put("startedAt", Times.iso(one.startedAt()))
          .put("seenAt", Times.iso(one.seenAt()))
          .put("alive", one.alive())
          .put("self", one.id().equals(replicas.self().id()));
    }
    view.set("routes", routes());
    view.set("settings", Json.tree(settings.inForce()));
    return view;
  }

  private ObjectNode process() {
    Runtime jvm = Runtime.getRuntime();
    return Json.object()
        .put("host", replicas.self().host())
        .put("port", replicas.self().port())
        .put("startedAt", Times.iso(replicas.self().startedAt()))
        .put("java", Runtime.version().toString())
        .put("camel", camel.getVersion())
        .put("heapUsedBytes", jvm.totalMemory() - jvm.freeMemory())
        .put("heapMaxBytes", jvm.maxMemory())
        .put("threads", ManagementFactory.getThreadMXBean().getThreadCount())
        .put("pages", pages.count());
  }

  private static ObjectNode token(TokenState state) {
    ObjectNode view = Json.object();
    view.put("usable", state.usable());
    view.put("expiresInSeconds", seconds(state.expiresIn()));
    view.put("refreshInSeconds", seconds(state.refreshIn()));
    view.put("failures", state.failures());
    view.put("retryInSeconds", seconds(state.retryIn()));
    view.put("trouble", state.trouble());
    return view;
  }

  private static ObjectNode calls(CallBudget.State state) {
    return Json.object()
        .put("rateLimit", state.rateLimit())
        .put("startedLastSecond", state.started())
        .put("waiting", state.waiting())
        .put("heldForSeconds", seconds(state.heldFor()));
  }

  private ObjectNode store() {
    long start = System.nanoTime();
    String version =
        store
            .read()
            .sql(
                "select version from flyway_schema_history where version is not null order by"
                    + " installed_rank desc limit 1")
            .query(String.class)
            .optional()
            .orElse(null);
    long took = System.nanoTime() - start;
    return Json.object()
        .put("kind", store.claimLock().isEmpty() ? "SQLite" : "PostgreSQL")
        .put("shared", !store.claimLock().isEmpty())
        .put("schemaVersion", version)
        .put("readMillis", Math.round(took / 1e4) / 1e2);
  }

  private ArrayNode routes() {
    ArrayNode routes = Json.array();
    for (Route route : camel.getRoutes()) {
      String id = route.getId();
      Timer timer = meters.find("camel.route.policy").tag("routeId", id).timer();
      routes
          .addObject()
          .put("id", id)
          .put("description", route.getDescription())
          .put("state", camel.getRouteController().getRouteStatus(id).name())
          .put("total", count("camel.exchanges.total", id))
          .put("failed", count("camel.exchanges.failed", id))
          .put("handled", count("camel.exchanges.failures.handled", id))
          .put("inflight", inflight(id))
          .put("meanMillis", timer == null ? 0 : millis(timer.mean(TimeUnit.MICROSECONDS)))
          .put("maxMillis", timer == null ? 0 : millis(timer.max(TimeUnit.MICROSECONDS)))
          .put("busySeconds", timer == null ? 0 : timer.totalTime(TimeUnit.MILLISECONDS) / 1e3);
    }
    return routes;
  }

  private long count(String name, String route) {
    Counter counter = meters.find(name).tag("routeId", route).counter();
    return counter == null ? 0 : (long) counter.count();
  }

  private long inflight(String route) {
    Gauge gauge = meters.find("camel.exchanges.inflight").tag("routeId", route).gauge();
    return gauge == null ? 0 : Math.max(0, (long) gauge.value());
  }

  private static double millis(double micros) {
    return Math.round(micros / 10) / 100.0;
  }

  private static Double seconds(Duration duration) {
    return duration == null ? null : Math.round(duration.toMillis() / 100.0) / 10.0;
  }
}
