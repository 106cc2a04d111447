package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.campaignroutes.benchmark.ServiceProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged service makes of settings that come as variables of the environment. */
class SettingsInForceIT {
  @TempDir private Path temp;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private HttpServer cxone;
  private HttpServer other;

  @BeforeEach
  void listen() throws Exception {
    cxone = server("meant");
    other = server("other");
  }

  @AfterEach
  void stop() {
    cxone.stop(0);
    other.stop(0);
  }

  private HttpServer server(String name) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.add(
              "%s %s %s"
                  .formatted(
                      name,
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String address(HttpServer server) {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void routesCallCxoneByTheSettingsInForceNotByTheVariableAsItWasWritten() throws Exception {
    Path log = temp.resolve("log");
    try (ServiceProcess service =
        ServiceProcess.start(
            PackagedService.command(),
            temp.resolve("data"),
            Map.of(
                "CXONE_BASE_URL", "http://" + address(other),
                "CXONE_CLIENT_ID", "id",
                "CXONE_CLIENT_SECRET", "secret\n",
                "CXONE_TOKEN_CREDENTIALS", " Basic\n"),
            Files.createFile(log),
            "--cxone.base-url=HTTP://" + address(cxone) + "/tenant/")) {
      await().atMost(Duration.ofSeconds(120)).until(() -> !calls.isEmpty() || !service.isAlive());
    }
    String basic = Base64.getEncoder().encodeToString("id:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(calls)
        .as(Files.readString(log))
        .isNotEmpty()
        .containsOnly("meant /tenant/oauth/token Basic " + basic);
  }
}
