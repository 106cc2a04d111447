package io.campaignroutes.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes posts as bytes, and answers each with the same bytes; then it closes the connection. */
final class RawReceiver implements AutoCloseable {
  final List<String> heads = new CopyOnWriteArrayList<>();
  private final ServerSocket socket;
  private final byte[] answer;

  RawReceiver(byte[] answer) throws IOException {
    this.answer = answer;
    this.socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "raw-receiver");
    thread.setDaemon(true);
    thread.start();
  }

  RawReceiver(String answer) throws IOException {
    this(answer.getBytes(StandardCharsets.ISO_8859_1));
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What was asked for, line by line of the requests. */
  List<String> asked() {
    return heads.stream().map(head -> head.substring(0, head.indexOf("\r\n"))).toList();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket caller = socket.accept()) {
        String head = head(caller.getInputStream());
        heads.add(head);
        caller.getInputStream().readNBytes(length(head));
        caller.getOutputStream().write(answer);
        caller.getOutputStream().flush();
        caller.shutdownOutput();
        caller.getInputStream().readAllBytes();
      } catch (IOException e) {
        continue; // the caller has gone, or the test is over
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("cut");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static int length(String head) {
    return head.lines()
        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
