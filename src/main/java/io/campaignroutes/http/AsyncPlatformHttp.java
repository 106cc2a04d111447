package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import io.campaignroutes.text.Causes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Camel's platform-http on Spring Boot, with requests that may wait. The engine that Camel 4.18.0
 * brings keeps a thread for every request until its route has ended; this one hands the request
 * over to the route's asynchronous processing, so that a caller who waits for a launch costs no
 * thread. A route gets the request itself as its body, for {@link HttpRequestReader}: no header and
 * no field of a form becomes one of the route's.
 */
@Component("platform-http-engine")
public class AsyncPlatformHttp implements PlatformHttpEngine {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncPlatformHttp.class);

  /** Bytes of an answer that a thread writes; a longer one is written as it is read. */
  private static final int SHORT = 1 << 15;

  /** Bytes of all answers together that have been made and not been read. */
  private static final long MAX_UNSENT = 24L << 20;

  private static final Problem TOO_MANY =
      Problem.of(
              503,
              "Too many at once",
              "Too many long answers are being sent to slow clients. Try again in a moment.")
          .again(1L);
  private static final Problem BROKEN =
      Problem.of(
          500, "Internal error", "The service could not handle this request. Its log says why.");

  /** Headers of W3C trace contexts. */
  private static final List<String> TRACED = List.of("traceparent", "tracestate");

  private final int port;
  private final AtomicLong unsent = new AtomicLong();
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
    return consumer != null && consumer.takes() ? consumer : null;
  }

  @Override
  public int getServerPort() {
    return port;
  }

  final class Consumer extends SpringBootPlatformHttpConsumer {
    Consumer(PlatformHttpEndpoint endpoint, Processor processor) {
      super(endpoint, processor, Runnable::run);
    }

    private boolean takes() {
      return isRunAllowed() && !isSuspended();
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

    /**
     * Has the route handle a request. When this returns the request has been answered, or its
     * asynchronous processing is started.
     */
    @Override
    public CompletableFuture<Void> service(
        HttpServletRequest request, HttpServletResponse response) {
      if (!takes()) {
        return refuse(request, response, StartGate.STOPPING);
      }
      Exchange exchange = createExchange(false);
      try {
        exchange.setPattern(ExchangePattern.InOut);
        exchange.getIn().setBody(request);
        trace(request, exchange.getIn());
        createUoW(exchange);
      } catch (Exception e) {
        LOG.error("A request could not be read.", e);
        releaseExchange(exchange, false);
        return refuse(request, response, BROKEN);
      }
      CompletableFuture<Void> routed = new CompletableFuture<>();
      getAsyncProcessor().process(exchange, doneSync -> routed.complete(null));
      if (!routed.isDone() && !request.isAsyncStarted()) {
        request.startAsync();
      }
      if (request.isAsyncStarted()) {
        // Tomcat would end it by the wall clock, which may be set; who waits is answered in time
        request.getAsyncContext().setTimeout(0);
      }
      routed.thenRun(() -> answer(request, response, exchange));
      // Spring takes null for "answered"; a future, even a completed one, would send the request
      // through all filters a second time, at half of what it costs altogether
      return null;
    }

    /** What a trace of the route begins with; the first step drops it like all headers. */
    private static void trace(HttpServletRequest request, Message message) {
      message.setHeader(Exchange.HTTP_METHOD, request.getMethod());
      for (String name : TRACED) {
        String value = request.getHeader(name);
        if (value != null) {
          message.setHeader(name, value);
        }
      }
    }

    private CompletableFuture<Void> refuse(
        HttpServletRequest request, HttpServletResponse response, Problem problem) {
      try {
        ApiSecurity.write(request, response, problem);
      } catch (IOException e) {
        LOG.debug("Whoever was to be told has gone: {}", e.toString());
      }
      return ended(request);
    }

    private CompletableFuture<Void> ended(HttpServletRequest request) {
      if (request.isAsyncStarted()) {
        request.getAsyncContext().complete();
      }
      return null;
    }

    private void answer(
        HttpServletRequest request, HttpServletResponse response, Exchange exchange) {
      try {
        if (exchange.getException() != null) {
          LOG.error(
              "A request broke because of an error in this service.", exchange.getException());
          ApiSecurity.write(request, response, BROKEN);
        } else {
          send(request, response, exchange.getMessage().getMandatoryBody(ApiAnswer.class));
          return;
        }
      } catch (IOException e) {
        LOG.debug("Whoever was to be told has gone: {}", e.toString());
      } catch (InvalidPayloadException | RuntimeException e) {
        LOG.warn("An answer could not be written: {}", Causes.told(e));
      } finally {
        doneUoW(exchange);
        releaseExchange(exchange, false);
      }
      ended(request);
    }

    /** A thread writes what is sure to fit into the connection's buffer, and nothing else. */
    private void send(HttpServletRequest request, HttpServletResponse response, ApiAnswer answer)
        throws IOException {
      boolean streamed = answer.body() instanceof Iterator;
      byte[] bytes =
          streamed ? new byte[0] : ((String) answer.body()).getBytes(StandardCharsets.UTF_8);
      if (unsent.addAndGet(bytes.length) > MAX_UNSENT && bytes.length > SHORT) {
        unsent.addAndGet(-bytes.length);
        ApiSecurity.write(request, response, TOO_MANY);
        ended(request);
        return;
      }
      AtomicBoolean counts = new AtomicBoolean(true);
      Runnable sent =
          () -> {
            if (counts.getAndSet(false)) {
              unsent.addAndGet(-bytes.length);
            }
          };
      try {
        send(request, response, answer, bytes, sent);
      } catch (IOException | RuntimeException e) {
        sent.run(); // the caller has gone
        throw e;
      }
    }

    @SuppressWarnings("unchecked")
    private void send(
        HttpServletRequest request,
        HttpServletResponse response,
        ApiAnswer answer,
        byte[] bytes,
        Runnable sent)
        throws IOException {
      boolean streamed = answer.body() instanceof Iterator;
      response.setStatus(answer.status());
      response.setContentType(answer.type());
      answer
          .headers()
          .forEach(
              (name, value) ->
                  response.setHeader(
                      name, name.equals("Location") ? request.getContextPath() + value : value));
      if (!streamed) {
        response.setContentLength(bytes.length);
      }
      if (!request.isAsyncStarted() && (streamed || bytes.length > SHORT)) {
        request.startAsync();
      }
      if (request.isAsyncStarted()) {
        Iterator<String> parts =
            streamed ? (Iterator<String>) answer.body() : Collections.emptyIterator();
        ServletOutputStream out = response.getOutputStream();
        AsyncContext context = request.getAsyncContext();
        AnswerStream stream = new AnswerStream(context, out, bytes, parts, sent);
        context.setTimeout(0); // what makes no progress ends, however long the whole takes
        context.addListener(stream);
        out.setWriteListener(stream);
      } else {
        response.getOutputStream().write(bytes);
        sent.run();
      }
    }
  }
}
