package io.campaignroutes.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Sends requests over keep-alive connections, the next one of a connection when the one before has
 * been answered. One thread does all of it with next to nothing of its own, because it shares its
 * processor with what is measured.
 */
public final class LoadGenerator {

  /** What is sent. Called by one thread only. */
  public interface Source {
    /**
     * The next request of a connection, head and body.
     *
     * @return null when this connection has no more
     */
    byte[] next(int connection);

    /**
     * What became of the connection's last request.
     *
     * @param status 0 when the connection was lost before the answer was whole
     * @param nanos since it was sent, or since it was due when there is a rate
     */
    void answered(int connection, int status, long nanos);
  }

  private static final class Connection {
    private final int number;
    private SocketChannel channel;
    private HttpFrame answer = new HttpFrame();
    private boolean busy;
    private boolean done;
    private long since;

    private Connection(int number) {
      this.number = number;
    }
  }

  private final InetSocketAddress service;
  private final Source source;
  private final List<Connection> connections = new ArrayList<>();
  private final ByteBuffer read = ByteBuffer.allocateDirect(64 * 1_024);
  private final double rate;
  private final BooleanSupplier wanted;
  private Selector selector;
  private long start;
  private long sent;

  private LoadGenerator(
      InetSocketAddress service, int count, double rate, Source source, BooleanSupplier wanted) {
    this.service = service;
    this.source = source;
    this.rate = rate;
    this.wanted = wanted;
    for (int n = 0; n < count; n++) {
      connections.add(new Connection(n));
    }
  }

  /**
   * Sends until no connection has any more, and returns when all is answered.
   *
   * @param rate requests a second of all connections together; 0 for as many as are answered
   * @param wanted asked all the time; it ends when this is false, whatever is unanswered
   * @throws IOException when no connection can be made for ten seconds
   */
  public static void run(
      InetSocketAddress service, int count, double rate, Source source, BooleanSupplier wanted)
      throws IOException {
    new LoadGenerator(service, count, rate, source, wanted).run();
  }

  private void run() throws IOException {
    try (Selector opened = Selector.open()) {
      selector = opened;
      start = System.nanoTime();
      while (wanted.getAsBoolean()) {
        boolean open = false;
        for (Connection connection : connections) {
          if (!connection.busy && !connection.done && due() <= 0) {
            send(connection);
          }
          open |= connection.busy || !connection.done;
        }
        if (!open) {
          return;
        }
        long wait = rate == 0 ? 200 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(due()));
        if (wait == 0) {
          selector.selectNow(this::answer);
          if (rate > 0 && due() > 0) {
            LockSupport.parkNanos(Math.min(due(), 200_000));
          }
        } else {
          selector.select(this::answer, Math.min(wait, 200));
        }
      }
    } finally {
      for (Connection connection : connections) {
        if (connection.channel != null) {
          connection.channel.close();
        }
      }
    }
  }

  /** Nanoseconds until the next request may be sent. */
  private long due() {
    return rate == 0 ? 0 : start + (long) (sent * 1e9 / rate) - System.nanoTime();
  }

  private void send(Connection connection) throws IOException {
    byte[] request = source.next(connection.number);
    if (request == null) {
      connection.done = true;
      return;
    }
    long now = System.nanoTime();
    connection.since = rate == 0 ? now : now + due();
    sent++;
    connection.busy = true;
    if (connection.channel == null && !connect(connection)) {
      lost(connection);
      return;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(request);
      while (bytes.hasRemaining()) { // an idle connection takes it at once
        connection.channel.write(bytes);
      }
    } catch (IOException e) {
      lost(connection);
    }
  }

  private boolean connect(Connection connection) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (wanted.getAsBoolean()) {
      try {
        connection.channel = SocketChannel.open(service);
        connection.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.channel.configureBlocking(false);
        connection.channel.register(selector, SelectionKey.OP_READ, connection);
        connection.answer = new HttpFrame();
        return true;
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw new IOException("no connection to " + service + " for 10 s", e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
    return false;
  }

  private void answer(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      read.clear();
      int count = connection.channel.read(read);
      if (count < 0) {
        lost(connection);
        return;
      }
      connection.answer.feed(read.flip());
      if (!connection.answer.whole()) {
        return;
      }
      int status = connection.answer.status();
      boolean last = "close".equalsIgnoreCase(connection.answer.header("connection"));
      connection.answer.next();
      connection.busy = false;
      source.answered(connection.number, status, System.nanoTime() - connection.since);
      if (last) {
        drop(connection);
      }
    } catch (IOException e) {
      lost(connection);
    }
  }

  private void lost(Connection connection) {
    drop(connection);
    if (connection.busy) {
      connection.busy = false;
      source.answered(connection.number, 0, System.nanoTime() - connection.since);
    }
  }

  private static void drop(Connection connection) {
    if (connection.channel != null) {
      try {
        connection.channel.close();
      } catch (IOException e) {
        // it is gone either way
      }
      connection.channel = null;
    }
  }
}
