package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.webhook.WebhookEvents;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class WebhookDoorTest {
  private static final String BODY = "{\"status\":\"x\"}";

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final AsyncPlatformHttp routes = new AsyncPlatformHttp(0);
  private final WebhookEvents events = mock();
  private WebhookDoor door;

  @BeforeEach
  void start() throws Exception {
    ObjectProvider<WebhookEvents> provider = mock();
    when(provider.getObject()).thenReturn(events);
    when(events.authentic(any())).thenAnswer(call -> "secret".equals(call.getArgument(0)));
    door = new WebhookDoor(routes, provider, new Bodies(), TestCxone.events());
    camel.getRegistry().bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, routes);
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private void route(boolean waits) throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            var route =
                from("platform-http:" + WebhookDoor.PATH + "?httpMethodRestrict=POST")
                    .routeId("receive");
            if (waits) {
              route.delay(20).asyncDelayed();
            }
            route
                .process(new HttpRequestReader(TestCxone.events()))
                .process(
                    exchange ->
                        exchange
                            .getMessage()
                            .setBody(
                                new ApiAnswer(
                                    200,
                                    "text/plain",
                                    Map.of(),
                                    "taken " + exchange.getMessage().getBody(String.class))));
          }
        });
  }

  @Test
  void theRouteThatStandsInRoutesIsReached() throws Exception {
    Set<String> beans = Set.of("httpRequest", "keepEvent", "httpAnswer");
    beans.forEach(name -> camel.getRegistry().bind(name, (Processor) exchange -> {}));
    camel.getRegistry().bind("authenticSender", (Predicate) exchange -> false);
    camel.getRegistry().bind("webhookAnswers", new WebhookAnswers(mock(), TestCxone.events()));
    camel.getRegistry().bind("webhookEvents", mock(WebhookEvents.class));
    camel.addRoutesConfigurations(
        new RouteConfigurationBuilder() {
          @Override
          public void configuration() {
            routeConfiguration("api-errors");
          }
        });
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(
            ResourceHelper.fromBytes(
                "webhook-receive.camel.yaml",
                Files.readAllBytes(Path.of("routes/webhook-receive.camel.yaml"))));
    assertThat(routes.consumer(WebhookDoor.PATH)).isNotNull();
  }

  private static MockHttpServletRequest event(Consumer<MockHttpServletRequest> different) {
    var request = new MockHttpServletRequest("POST", WebhookDoor.PATH);
    request.setAsyncSupported(true);
    request.setContentType("application/json");
    request.addHeader("X-Webhook-Token", "secret");
    request.setContent(BODY.getBytes(StandardCharsets.UTF_8));
    different.accept(request);
    return request;
  }

  /** Whether the request went the way of all others. */
  private boolean passedOn(MockHttpServletRequest request) throws Exception {
    var chain = new MockFilterChain();
    door.doFilter(request, new MockHttpServletResponse(), chain);
    return chain.getRequest() == request;
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON; charset=UTF-8"})
  void aPlainEventGoesStraightToItsRoute(String type) throws Exception {
    route(false);
    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();
    door.doFilter(event(e -> e.setContentType(type)), response, chain);
    assertThat(chain.getRequest()).isNull();
    assertThat(response.getContentAsString()).isEqualTo("taken " + BODY);
  }

  @Test
  void aRouteThatWaitsHoldsNoThread() throws Exception {
    route(true);
    var request = event(e -> {});
    var response = new MockHttpServletResponse();
    door.doFilter(request, response, new MockFilterChain());
    assertThat(request.isAsyncStarted()).isTrue();
    await().until(() -> !request.isAsyncStarted());
    // the container would have it written; this one has no streams that wait
    assertThat(response.getContentLength()).isEqualTo(("taken " + BODY).length());
  }

  @Test
  void strangersGetNoFurtherAndTheirBodyIsNotRead() throws Exception {
    route(false);
    var request = event(e -> e.removeHeader("X-Webhook-Token"));
    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();
    door.doFilter(request, response, chain);
    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getHeader("Connection")).isEqualTo("close");
    assertThat(request.getInputStream().readAllBytes()).hasSize(BODY.length());
    assertThat(chain.getRequest()).isNull();
  }

  @Test
  void whatIsNotPlainGoesTheWayOfAllRequests() throws Exception {
    route(false);
    assertThat(passedOn(event(e -> e.setMethod("PUT")))).isTrue();
    assertThat(passedOn(event(e -> e.setRequestURI("/webhooks/%63xone")))).isTrue();
    assertThat(passedOn(event(e -> e.setRequestURI("/webhooks/cxone/")))).isTrue();
    assertThat(passedOn(event(e -> e.setContentType("text/plain")))).isTrue();
    assertThat(passedOn(event(e -> e.addHeader("Content-Encoding", "gzip")))).isTrue();
    assertThat(passedOn(event(e -> e.setContentType("application/json; charset=x")))).isTrue();
    assertThat(passedOn(event(e -> e.setContentType(null)))).isTrue();
    assertThat(passedOn(event(e -> e.setContent(null)))).isTrue(); // of no declared length
    assertThat(passedOn(event(e -> e.setContent(new byte[Bodies.MAX_BYTES + 1])))).isTrue();
  }

  @Test
  void aPlatformThatPostsNothingHasNoReceiver() throws Exception {
    route(false);
    ObjectProvider<WebhookEvents> never = mock();
    door = new WebhookDoor(routes, never, new Bodies(), PlatformEvents.NONE);
    var request = event(e -> {});
    assertThat(passedOn(request)).isTrue();

    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();
    new ApiSecurity.SenderFilter(never, PlatformEvents.NONE).doFilter(request, response, chain);
    assertThat(response.getStatus()).isEqualTo(404);
    assertThat(response.getContentType()).isEqualTo(ApiAnswer.PROBLEM);
    assertThat(response.getContentAsString()).contains("posts no events");
    assertThat(chain.getRequest()).isNull();
    verifyNoInteractions(never);
  }

  @Test
  void theSecretComesInTheHeaderThatThePlatformNames() throws Exception {
    route(false);
    PlatformEvents own =
        PlatformEvents.of(
            "X-Other",
            "{\"remoteId\": .a, \"status\": .b, \"occurredAt\": .c, \"type\": .d, \"id\": null,"
                + " \"failureCode\": null}");
    ObjectProvider<WebhookEvents> provider = mock();
    when(provider.getObject()).thenReturn(events);
    door = new WebhookDoor(routes, provider, new Bodies(), own);
    var refused = new MockHttpServletResponse();
    door.doFilter(event(e -> {}), refused, new MockFilterChain());
    assertThat(refused.getStatus()).isEqualTo(401);
    assertThat(refused.getContentAsString()).contains("X-Other is missing");
    var taken = new MockHttpServletResponse();
    door.doFilter(event(e -> e.addHeader("X-Other", "secret")), taken, new MockFilterChain());
    assertThat(taken.getContentAsString()).isEqualTo("taken " + BODY);

    var twice = new MockHttpServletResponse();
    var request = event(e -> e.addHeader("X-Other", "secret"));
    request.addHeader("X-Other", "secret");
    new SingleHeaders(own).doFilter(request, twice, new MockFilterChain());
    assertThat(twice.getContentAsString()).contains("X-Other stands in the request more than once");
  }

  @Test
  void aRouteThatHasStoppedMeanwhileAsksToComeAgain() throws Exception {
    route(false);
    AsyncPlatformHttp.Consumer consumer = routes.consumer(WebhookDoor.PATH);
    camel.getRouteController().stopRoute("receive");
    var response = new MockHttpServletResponse();
    consumer.service(event(e -> {}), response);
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getHeader("Retry-After")).isNotBlank();
    assertThat(response.getContentType()).isEqualTo(ApiAnswer.PROBLEM);
  }

  @Test
  void aRouteThatIsNotThereOrStoppedIsNoneOfTheDoors() throws Exception {
    assertThat(passedOn(event(e -> {}))).isTrue();
    route(false);
    assertThat(passedOn(event(e -> {}))).isFalse();
    camel.getRouteController().stopRoute("receive");
    assertThat(passedOn(event(e -> {}))).isTrue();
  }
}
