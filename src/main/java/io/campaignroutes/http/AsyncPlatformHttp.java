package io.campaignroutes.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpBinding;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.http.base.HttpHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Camel's platform-http on Spring Boot, with requests that may wait. The engine that Camel 4.18.0
 * brings keeps a thread for every request until its route has ended; this one hands the request
 * over to the route's asynchronous processing, so that a caller who waits for a launch costs no
 * thread.
 */
@Component("platform-http-engine")
public class AsyncPlatformHttp implements PlatformHttpEngine {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncPlatformHttp.class);

  private final int port;
  private final Map<String, Consumer> consumers = new ConcurrentHashMap<>();

  public AsyncPlatformHttp(@Value("${server.port:8080}") int port) {
    this.port = port;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new Consumer(endpoint, processor);
  }

  /**
   * The route that takes POST requests at a path without placeholders.
   *
   * @return null when there is none, or when it does not run
   */
  Consumer consumer(String path) {
    Consumer consumer = consumers.get(path);
    return consumer != null && consumer.isRunAllowed() && !consumer.isSuspended() ? consumer : null;
  }

  @Override
  public int getServerPort() {
    return port;
  }

  final class Consumer extends SpringBootPlatformHttpConsumer {
    private final SpringBootPlatformHttpBinding binding = new SpringBootPlatformHttpBinding();

    Consumer(PlatformHttpEndpoint endpoint, Processor processor) {
      super(endpoint, processor, Runnable::run);
      binding.setHeaderFilterStrategy(endpoint.getHeaderFilterStrategy());
      binding.setMuteException(true);
    }

    @Override
    protected void doStart() throws Exception {
      super.doStart();
      if ("POST".equals(getEndpoint().getHttpMethodRestrict())) {
        consumers.put(getEndpoint().getPath(), this);
      }
    }

    @Override
    protected void doStop() throws Exception {
      consumers.remove(getEndpoint().getPath(), this);
      super.doStop();
    }

    @Override
    public CompletableFuture<Void> service(
        HttpServletRequest request, HttpServletResponse response) {
      CompletableFuture<Void> answered = new CompletableFuture<>();
      Exchange exchange = createExchange(false);
      try {
        exchange.setPattern(ExchangePattern.InOut);
        HttpHelper.setCharsetFromContentType(request.getContentType(), exchange);
        exchange.setIn(new PlatformHttpMessage(exchange, binding, request, response));
        createUoW(exchange);
      } catch (Exception e) {
        LOG.error("A request could not be read.", e);
        releaseExchange(exchange, false);
        response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        answered.complete(null);
        return answered;
      }
      getAsyncProcessor()
          .process(
              exchange,
              doneSync -> {
                try {
                  afterProcess(response, exchange);
                } catch (Exception e) {
                  LOG.warn("An answer could not be written: {}", e.toString());
                }
                answered.complete(null);
              });
      // Spring takes null for "answered"; a future, even a completed one, would send the request
      // through all filters a second time, at half of what it costs altogether
      return answered.isDone() ? null : answered;
    }
  }
}
