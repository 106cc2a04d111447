package io.campaignroutes.witness;

import io.campaignroutes.benchmark.ServiceProcess.Door;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A port in front of a service's. Bytes go through as they come, and so do ends and resets; what
 * the service answered is told.
 */
final class Tap implements Door {
  /** Bytes; small, so that a caller who reads nothing is felt at the other end. */
  private static final int BUFFER = 1 << 15;

  private static final int BACKLOG = 1_000;

  private final ServerSocket server;
  private final int to;
  private final Consumer<Exchange> told;

  /**
   * @param to the service's port
   * @param told of every answer, before its end has gone on to the client
   */
  Tap(int to, Consumer<Exchange> told) throws IOException {
    this.to = to;
    this.told = told;
    this.server = new ServerSocket();
    server.setReceiveBufferSize(BUFFER);
    server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
    thread(this::accept);
  }

  @Override
  public int port() {
    return server.getLocalPort();
  }

  /** No more connections; those that are there end with the service. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void thread(Runnable work) {
    var thread = new Thread(work, "tap");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        thread(() -> connect(client));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    Socket service = new Socket();
    try {
      client.setTcpNoDelay(true);
      client.setSendBufferSize(BUFFER);
      service.setTcpNoDelay(true);
      service.setReceiveBufferSize(BUFFER);
      service.connect(new InetSocketAddress("127.0.0.1", to));
    } catch (IOException e) {
      reset(client); // it does not listen: it is starting, or it is gone
      reset(service);
      return;
    }
    var conversation = new Conversation(told);
    var directions = new AtomicInteger(2);
    thread(() -> pump(client, service, conversation.requests, directions));
    pump(service, client, conversation.answers, directions);
  }

  private static void pump(
      Socket from, Socket to, HttpMessages messages, AtomicInteger directions) {
    byte[] some = new byte[BUFFER];
    boolean taken = true;
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        messages.read(some, n);
        taken = taken && write(to, some, n);
        if (!taken && messages.answers()) {
          reset(from); // nobody reads on
        }
      }
      messages.close();
      shutdown(to);
    } catch (IOException e) {
      messages.close();
      reset(to);
    }
    if (directions.decrementAndGet() == 0) {
      reset(from);
      reset(to);
    }
  }

  /** Whether it could be written: the other end may be gone, and still have something to say. */
  private static boolean write(Socket to, byte[] bytes, int length) {
    try {
      to.getOutputStream().write(bytes, 0, length);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void shutdown(Socket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // it is closed
    }
  }

  /** Closes a connection, by a reset where something is still on its way. */
  private static void reset(Socket socket) {
    try {
      if (!socket.isOutputShutdown()) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  /** Both directions of a connection, each read by a thread of its own. */
  private static final class Conversation {
    private record Request(String method, String target) {}

    private final Queue<Request> open = new ConcurrentLinkedQueue<>();
    private final HttpMessages requests =
        new HttpMessages(
            false,
            new HttpMessages.Listener() {
              @Override
              public boolean head(String first, Map<String, List<String>> headers) {
                String[] words = first.split(" ");
                open.add(new Request(words[0], words.length > 1 ? words[1] : ""));
                return true;
              }

              @Override
              public void end(byte[] body, boolean whole) {
                // what the service makes of it is what counts
              }
            });
    private final HttpMessages answers;

    private Conversation(Consumer<Exchange> told) {
      answers =
          new HttpMessages(
              true,
              new HttpMessages.Listener() {
                private int status;
                private Map<String, List<String>> headers;
                private Request request;

                @Override
                public boolean head(String first, Map<String, List<String>> all) {
                  status = Integer.parseInt(first.split(" ")[1]);
                  headers = all;
                  if (status < 200) {
                    return false;
                  }
                  Request answered = open.poll();
                  request = answered == null ? new Request(null, null) : answered;
                  return !"HEAD".equals(request.method) && status != 204 && status != 304;
                }

                @Override
                public void end(byte[] body, boolean whole) {
                  if (status >= 200) {
                    told.accept(
                        new Exchange(request.method, request.target, status, headers, body, whole));
                  }
                }
              });
    }
  }
}
