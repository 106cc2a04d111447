package io.campaignroutes.webhook;

import io.campaignroutes.shared.Threads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Takes posts as bytes, and answers each with bytes; then it closes the connection. */
final class RawReceiver implements AutoCloseable {
  final List<String> heads = new CopyOnWriteArrayList<>();
  private final ServerSocket socket;
  private final UnaryOperator<String> answer;

  /**
   * @param answer to a request that begins so, a character for each byte
   */
  RawReceiver(UnaryOperator<String> answer) throws IOException {
    this.answer = answer;
    this.socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Threads.daemon("raw-receiver").newThread(this::serve).start();
  }

  RawReceiver(String answer) throws IOException {
    this(head -> answer);
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
      try {
        Socket caller = socket.accept();
        Threads.daemon("raw-receiver").newThread(() -> serve(caller)).start();
      } catch (IOException e) {
        return; // the test is over
      }
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      String head = head(caller.getInputStream());
      heads.add(head);
      caller.getInputStream().readNBytes(length(head));
      caller.getOutputStream().write(answer.apply(head).getBytes(StandardCharsets.ISO_8859_1));
      caller.getOutputStream().flush();
      caller.shutdownOutput();
      caller.getInputStream().readAllBytes();
    } catch (IOException e) {
      return; // the caller has gone
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
