package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.access.By;
import io.campaignroutes.http.ApiRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.FileSystemResource;

/**
 * The real files of {@code routes/} in a Camel context of their own, once for a test class: with
 * the values of {@code config/application.yaml}, every bean replaced by one that records its calls
 * ({@link FakeBeans}), every way out recorded as well, and every way in by {@link #send}. A test
 * says what whoever is called answers, sends a message to a route and compares what happened:
 *
 * <pre>
 *   "launchSteps.created(cmp_1, {"id":"r-1"})"         a call of a bean
 *   "cxoneRequest.process({Accept=x} the body)"        a processor: headers, if any, and body
 *   "direct:platform-create <- the body"               an endpoint of somebody else
 *   "on launchWorkers"                                 work given to threads, done at once
 *   "WARN it failed"                                   a line of the log
 * </pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RouteTest extends CamelTestSupport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> OUTSIDE =
      List.of("http", "https", "file", "scheduler", "rest", "platform-http");

  static {
    level("org.apache.camel", Level.WARN);
    level("org.apache.camel.test", Level.ERROR);
    level("org.apache.camel.processor", Level.OFF);
  }

  private final Recorder recorder = new Recorder();
  private final List<Path> files;
  private final Set<String> served = new HashSet<>();

  /**
   * @param files of {@code routes/}, without their ending {@code .camel.yaml}; that of the error
   *     configurations is read along
   */
  RouteTest(String... files) {
    this.files =
        Stream.concat(Stream.of("errors"), Stream.of(files))
            .map(name -> Path.of(System.getProperty("routes.dir", "routes"), name + ".camel.yaml"))
            .toList();
    testConfiguration().withUseAdviceWith(true).withUseRouteBuilder(false);
  }

  @Override
  protected Registry createCamelRegistry() {
    return new DefaultRegistry(new FakeBeans(recorder));
  }

  @Override
  protected CamelContext createCamelContext() throws Exception {
    DefaultCamelContext camel = new DefaultCamelContext(createCamelRegistry());
    camel.setAutowiredEnabled(false);
    camel.getPropertiesComponent().addPropertiesSource(values());
    OUTSIDE.forEach(name -> camel.addComponent(name, Outside.component(recorder)));
    var extension = camel.getCamelContextExtension();
    extension.registerEndpointCallback(
        (uri, endpoint) -> {
          String name = uri.replace("://", ":");
          return name.startsWith("direct:")
              ? Outside.route(name, endpoint, served.contains(name), recorder)
              : endpoint;
        });
    extension.addLogListener(
        (exchange, logger, message) -> {
          recorder.add(logger.getLevel() + " " + message);
          return message;
        });
    return camel;
  }

  /** Values for this test; all others are those of {@code config/application.yaml}. */
  Map<String, Object> settings() {
    return Map.of("cxone.base-url", "http://cxone.test");
  }

  /** No variable of the environment is seen. */
  private PropertiesSource values() throws IOException {
    var sources = new MutablePropertySources();
    sources.addLast(new MapPropertySource("test", settings()));
    var file = new FileSystemResource("config/application.yaml");
    sources.addLast(new YamlPropertySourceLoader().load("config", file).get(0));
    var values = new PropertySourcesPropertyResolver(sources);
    return new PropertiesSource() {
      @Override
      public String getName() {
        return "settings";
      }

      @Override
      public String getProperty(String name) {
        return values.getProperty(name);
      }
    };
  }

  @Override
  protected void doPostSetup() throws Exception {
    if (!served.isEmpty()) {
      return;
    }
    List<Resource> resources = new ArrayList<>();
    for (Path file : files) {
      resources.add(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
    }
    PluginHelper.getRoutesLoader(context).loadRoutes(resources);
    for (RouteDefinition route : context.getRouteDefinitions()) {
      served.add(route.getInput().getEndpointUri());
      if (route.getRouteId() != null) { // that of a rest verb gets its id later
        level(route.getRouteId(), Level.DEBUG);
        ((Logger) LoggerFactory.getLogger(route.getRouteId())).setAdditive(false);
      }
    }
    context.start();
  }

  private static void level(String logger, Level level) {
    ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
  }

  @BeforeEach
  void forget() {
    recorder.forget();
  }

  /** Or a stop of the service would wait for as long as there is work. */
  @Test
  void everyLoopEndsWhenTheServiceStops() {
    for (RouteDefinition route : context.getRouteDefinitions()) {
      assertThat(
              ProcessorDefinitionHelper.filterTypeInOutputs(
                  route.getOutputs(), LoopDefinition.class))
          .as(route.getRouteId())
          .allMatch(loop -> "true".equals(loop.getBreakOnShutdown()));
    }
  }

  /** What somebody who is called answers, one after the other; the last answer stays. */
  void given(String name, Object... answers) {
    Iterator<Object> all = Arrays.asList(answers).iterator();
    Object[] now = new Object[1];
    recorder.given(
        name,
        arguments -> {
          now[0] = all.hasNext() ? all.next() : now[0];
          if (now[0] instanceof Throwable failure) {
            throw failure;
          }
          return now[0];
        });
  }

  /** What somebody does who is called; a processor and an endpoint get the exchange. */
  void does(String name, Recorder.Deed deed) {
    recorder.given(name, deed);
  }

  /** Who sends what {@link #request} says. */
  static final By DESK = new By("desk", "key");

  /** The variable "http" that a request's reader leaves, and what it says besides who sent it. */
  void request(Map<String, ?> besides) {
    Map<String, Object> says = new HashMap<>(besides);
    says.put("by", DESK);
    does(
        "httpRequest.process",
        arguments -> {
          ((Exchange) arguments[0]).setVariable("http", value(ApiRequest.class, "http", says));
          return null;
        });
  }

  /**
   * Sends a message to a route and waits until it has ended.
   *
   * @param variables of the exchange, by name and value in turn
   */
  Exchange send(String route, Object body, Object... variables) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(body);
    for (int i = 0; i < variables.length; i += 2) {
      exchange.setVariable((String) variables[i], variables[i + 1]);
    }
    return deliver(route, exchange);
  }

  /** The same with a message that is made already. */
  Exchange deliver(String route, Exchange exchange) {
    var consumer = (DefaultConsumer) context.getRoute(route).getConsumer();
    try {
      consumer.getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    return exchange;
  }

  /**
   * A failure leaves the route as it came, and with no mark of an error handler that has dealt with
   * it: the handlers and catches of whoever called the route still do.
   */
  static void assertLeftToTheCaller(Exchange end, Throwable failure) {
    assertThat(end.getException()).isSameAs(failure);
    assertThat(end.getExchangeExtension().isRedeliveryExhausted()).isFalse();
  }

  /** What lets messages into a route, its options in the order of their names. */
  String from(String route) {
    return context.getRoute(route).getEndpoint().getEndpointUri().replace("://", ":");
  }

  /** All that has happened since the test began. */
  List<String> calls() {
    return recorder.lines();
  }

  /** A value of the service that is shown by a name and says what it is told to. */
  static <T> T value(Class<T> type, String name, Map<String, ?> says) {
    return FakeBeans.value(type, name, says);
  }

  /** A failure with a message. */
  static <T extends Throwable> T failure(Class<T> type, String message) {
    return FakeBeans.value(
        type, type.getSimpleName(), Map.of("getMessage", message, "getLocalizedMessage", message));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
