package io.campaignroutes;

import static org.awaitility.Awaitility.await;

import io.campaignroutes.benchmark.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The nginx of this machine, in front of a service and below {@code /dialer/}. */
final class Nginx implements AutoCloseable {
  private final Process process;
  private final int port;
  private final Thread hook;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
    this.hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Where it is installed. */
  static Optional<Path> program() {
    return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it, with the configuration that the README shows.
   *
   * @param folder of its own, for all that it writes
   */
  static Nginx start(Path program, InetSocketAddress service, Path folder) throws IOException {
    int port = FreePort.any();
    Files.createDirectories(folder);
    Path file =
        Files.writeString(
            folder.resolve("nginx.conf"),
            """
            daemon off;
            worker_processes 1;
            pid FOLDER/pid;
            error_log FOLDER/error.log;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path FOLDER/body;
              proxy_temp_path FOLDER/proxy;
              fastcgi_temp_path FOLDER/fastcgi;
              uwsgi_temp_path FOLDER/uwsgi;
              scgi_temp_path FOLDER/scgi;
              server {
                listen 127.0.0.1:PORT;
                location /dialer/ {
                  proxy_pass http://127.0.0.1:SERVICE/;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $http_host;
                  proxy_set_header X-Forwarded-For $remote_addr;
                  proxy_set_header X-Forwarded-Host $http_host;
                  proxy_set_header X-Forwarded-Proto $scheme;
                  proxy_set_header X-Forwarded-Prefix /dialer;
                  proxy_set_header Forwarded "";
                  proxy_read_timeout 330s;
                }
              }
            }
            """
                .replace("FOLDER", folder.toString())
                .replace("SERVICE", Integer.toString(service.getPort()))
                .replace("PORT", Integer.toString(port)));
    Process process =
        new ProcessBuilder(program.toString(), "-p", folder.toString(), "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.log").toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    await("nginx to listen").atMost(Duration.ofSeconds(20)).until(nginx::listens);
    return nginx;
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException("nginx has ended with " + process.exitValue());
    }
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The address of a path at it. */
  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    process.destroy(); // ends its worker too
    process.onExit().join();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
