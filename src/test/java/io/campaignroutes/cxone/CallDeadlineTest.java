package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Camel's HTTP component makes of packed answers with the deadline in its client. */
class CallDeadlineTest {
  private static final byte[] PLAIN = "{\"id\":\"c-1\"}".getBytes(StandardCharsets.UTF_8);

  private final CallDeadline deadline =
      new CallDeadline(Duration.ofSeconds(10), TimeValue.ofMilliseconds(200));
  private HttpServer cxone;
  private DefaultCamelContext camel;
  private volatile byte[] answer;
  private volatile String encoding = "gzip";

  @BeforeEach
  void start() throws Exception {
    cxone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cxone.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", encoding);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    cxone.start();
    camel = new DefaultCamelContext();
    camel.getRegistry().bind("callDeadline", deadline);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:call")
                .to(
                    "http://127.0.0.1:%d?httpClientConfigurer=#callDeadline"
                        .formatted(cxone.getAddress().getPort()));
          }
        });
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
    cxone.stop(0);
    deadline.close();
  }

  private String call() {
    return camel.createProducerTemplate().requestBody("direct:call", null, String.class);
  }

  /** Kept, it would be one descriptor less for everything else, as long as the process lives. */
  @Test
  void aConnectionThatNobodyUsesIsClosed() throws Exception {
    try (var server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      var read =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes());
                  return socket.getInputStream().readAllBytes(); // until it is closed
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      camel
          .createProducerTemplate()
          .requestBody(
              "http://127.0.0.1:%d?httpClientConfigurer=#callDeadline"
                  .formatted(server.getLocalPort()),
              null,
              String.class);
      assertThat(read.get(30, TimeUnit.SECONDS)).isNotEmpty();
    }
  }

  @Test
  void aPackedAnswerIsUnpacked() throws IOException {
    answer = packed();
    assertThat(call()).isEqualTo(new String(PLAIN, StandardCharsets.UTF_8));
  }

  @Test
  void anAnswerThatIsNotPackedAsItSaysIsNone() throws IOException {
    for (byte[] broken : new byte[][] {PLAIN, Arrays.copyOf(packed(), packed().length - 9)}) {
      answer = broken;
      assertThatThrownBy(this::call)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage("an answer that is not compressed as it says");
    }
  }

  @Test
  void anAnswerInACodingThatNobodyKnowsIsNone() {
    answer = PLAIN;
    encoding = "gzip-of-ours";
    assertThatThrownBy(this::call)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("Unsupported Content-Encoding: gzip-of-ours");
  }

  private static byte[] packed() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(PLAIN);
    }
    return packed.toByteArray();
  }
}
