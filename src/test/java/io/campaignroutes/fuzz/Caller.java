package io.campaignroutes.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A caller with one connection, which sends bytes as they are. */
public final class Caller implements AutoCloseable {
  /** Twice what the service gives a request to arrive. */
  private static final Duration HANGS = Duration.ofSeconds(45);

  /**
   * Of what it has not asked for, the service reads no more bytes: the answer is on its way when
   * the connection is closed, and may be lost with it (RFC 9112, section 9.6).
   */
  private static final int LEFT_UNREAD = 1 << 16;

  private final InetSocketAddress service;
  private Socket socket;
  private InputStream in;

  /** Somebody who has not called yet. */
  public Caller(InetSocketAddress service) {
    this.service = service;
  }

  /**
   * What came of a request.
   *
   * @param status 0 for a connection that was closed without an answer, -1 for nothing at all
   */
  public record Answer(int status, String head, byte[] body) {
    /** The status, or a word. */
    public String outcome() {
      return status == 0 ? "closed" : status < 0 ? "hangs" : "" + status;
    }
  }

  /** Sends a request and reads the answer. */
  public Answer send(FuzzInput input) throws IOException {
    boolean fresh = socket == null;
    Answer answer = once(input);
    boolean idleForTooLong = !fresh && !input.closes();
    if (answer.status() == 0 && (idleForTooLong || input.bytes().length > LEFT_UNREAD)) {
      return once(input);
    }
    return answer;
  }

  private Answer once(FuzzInput input) throws IOException {
    if (socket == null) {
      connect();
    }
    Answer answer;
    try {
      write(input);
      answer =
          read(
              new String(
                  input.bytes(),
                  0,
                  Math.min(5, input.bytes().length),
                  StandardCharsets.ISO_8859_1));
    } catch (SocketTimeoutException e) {
      answer = new Answer(-1, "", new byte[0]);
    } catch (IOException e) {
      answer = new Answer(0, "", new byte[0]);
    }
    if (input.closes()
        || answer.status() <= 0
        || answer.head().contains("connection: close")
        || answer.head().contains("text/event-stream")) {
      close();
    }
    return answer;
  }

  private void write(FuzzInput input) {
    try {
      socket.getOutputStream().write(input.bytes());
      if (input.kind().matches("framing: .*(?:cut off|none|no HTTP|no number|longer).*")) {
        socket.shutdownOutput();
      }
    } catch (IOException e) {
      // it has answered without reading all; the answer is what counts
    }
  }

  private void connect() throws IOException {
    for (int trial = 0; ; trial++) {
      try {
        socket = new Socket();
        socket.connect(service, 10_000);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) HANGS.toMillis());
        in = new BufferedInputStream(socket.getInputStream(), 16_384);
        return;
      } catch (IOException e) {
        close();
        if (trial == 3) {
          throw e;
        }
      }
    }
  }

  private Answer read(String method) throws IOException {
    String head = line();
    while (true) {
      for (String line = line(); !line.isEmpty(); line = line()) {
        head += "\n" + line.toLowerCase(Locale.ROOT);
      }
      if (!head.startsWith("HTTP/1.1 1")) {
        break;
      }
      head = line();
    }
    if (!head.startsWith("HTTP/1.1 ")) {
      throw new IOException("no HTTP: " + head);
    }
    int status = Integer.parseInt(head.substring(9, 12));
    boolean empty =
        method.equals("HEAD ")
            || status == 204
            || status == 304
            || head.contains("text/event-stream");
    return new Answer(status, head, empty ? new byte[0] : body(head));
  }

  private byte[] body(String head) throws IOException {
    if (head.contains("\ntransfer-encoding: chunked")) {
      var body = new ByteArrayOutputStream();
      while (true) {
        int length = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
        body.writeBytes(in.readNBytes(length));
        line();
        if (length == 0) {
          return body.toByteArray();
        }
      }
    }
    int at = head.indexOf("\ncontent-length: ");
    return at < 0
        ? in.readAllBytes()
        : in.readNBytes(
            Integer.parseInt(head.substring(at + 17).lines().findFirst().orElseThrow().strip()));
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
