package io.campaignroutes.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A marketing endpoint for load and fault tests, on loopback and a free port. One thread does all
 * of it, and no request holds a thread while it waits for its answer. What it answers, and what it
 * does wrong, is the business of its {@link Manners}.
 */
public final class StubDestination implements AutoCloseable {

  /** How requests are treated. Called by the destination's own thread. */
  public interface Manners {
    /** Whether the connection is cut now, when the first bytes of a request have come. */
    default boolean cutsUnread() {
      return false;
    }

    /** What is answered to a request that was read whole. */
    Reply answer(Arrival arrival);
  }

  /** A request that arrived. */
  public static final class Arrival {
    private final long at;
    private final byte[] head;
    private final byte[] body;

    Arrival(long at, byte[] head, byte[] body) {
      this.at = at;
      this.head = head;
      this.body = body;
    }

    /** When it was read, by {@link System#nanoTime()}. */
    public long at() {
      return at;
    }

    /** Its verb and target, such as {@code POST /hook}. */
    public String request() {
      String all = head();
      return all.substring(0, all.indexOf(" HTTP/"));
    }

    /**
     * The first value of a header, null when it is not there.
     *
     * @param name in lower case
     */
    public String header(String name) {
      return HttpFrame.header(head, head.length, name);
    }

    /** First line and headers as they came. */
    public String head() {
      return new String(head, StandardCharsets.ISO_8859_1);
    }

    public byte[] body() {
      return body;
    }

    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * What is done with a request: an answer, or no answer.
   *
   * @param headers further header lines, each with its line end
   * @param delay how long it waits before
   * @param drip the pause between two bytes of the answer; null for all at once
   * @param cut whether the connection ends instead of an answer
   * @param never whether there is neither an answer nor an end
   */
  public record Reply(
      int status,
      String headers,
      String body,
      Duration delay,
      Duration drip,
      boolean cut,
      boolean never) {

    /** A status and no body. */
    public static Reply status(int status) {
      return new Reply(status, "", "", Duration.ZERO, null, false, false);
    }

    /** 429, or another status, with {@code Retry-After}. */
    public static Reply retryAfter(int status, String when) {
      return status(status).with("Retry-After", when);
    }

    /** The connection ends after the request was read. */
    public static Reply cutAfterReading() {
      return new Reply(0, "", "", Duration.ZERO, null, true, false);
    }

    /** Nothing at all. */
    public static Reply none() {
      return new Reply(0, "", "", Duration.ZERO, null, false, true);
    }

    /** The same with one more header. */
    public Reply with(String header, String value) {
      String more = headers + header + ": " + value + "\r\n";
      return new Reply(status, more, body, delay, drip, cut, never);
    }

    /** The same with this body. */
    public Reply saying(String text) {
      return new Reply(status, headers, text, delay, drip, cut, never);
    }

    /** The same so much later. */
    public Reply after(Duration later) {
      return new Reply(status, headers, body, later, drip, cut, never);
    }

    /** The same a byte at a time. */
    public Reply dripping(Duration pause) {
      return new Reply(status, headers, body, delay, pause, cut, never);
    }

    private byte[] bytes() {
      byte[] text = body.getBytes(StandardCharsets.UTF_8);
      String head =
          "HTTP/1.1 " + status + " -\r\n" + headers + "Content-Length: " + text.length + "\r\n\r\n";
      return (head + body).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final byte[] OK = Reply.status(204).bytes();

  private record Timer(long due, Runnable what) {}

  private final Manners manners;
  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::due));
  private final ByteBuffer read = ByteBuffer.allocateDirect(64 * 1_024);
  private final AtomicInteger arrivals = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final int port;
  private volatile long lastArrival;
  private volatile boolean open = true;
  private ServerSocketChannel server;

  /** Starts it. */
  public StubDestination(Manners manners) throws IOException {
    this.manners = manners;
    this.selector = Selector.open();
    listen(0);
    this.port = server.socket().getLocalPort();
    this.thread = new Thread(this::work, "stub-destination-" + port);
    thread.setDaemon(true);
    thread.start();
  }

  private void listen(int at) throws IOException {
    server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 1_024);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + port + "/hook";
  }

  /** Its port, which stays the same when it goes down and up. */
  public int port() {
    return port;
  }

  /** How many requests were read whole. */
  public int arrivals() {
    return arrivals.get();
  }

  /** How many connections were ever made. */
  public int connections() {
    return connections.get();
  }

  /** When the last request was read, by {@link System#nanoTime()}. */
  public long lastArrival() {
    return lastArrival;
  }

  /** Ends all connections and refuses new ones. */
  public void down() {
    order(
        () -> {
          for (SelectionKey key : new ArrayList<>(selector.keys())) {
            close(key);
          }
          selector.selectNow(); // else the port is held until the next turn
        });
  }

  /** Takes connections again. */
  public void up() {
    order(() -> listen(port));
  }

  private interface Order {
    void carryOut() throws IOException;
  }

  private void order(Order what) {
    var done = new CompletableFuture<Void>();
    orders.add(
        () -> {
          try {
            what.carryOut();
            done.complete(null);
          } catch (IOException e) {
            done.completeExceptionally(e);
          }
        });
    selector.wakeup();
    done.join();
  }

  private void work() {
    try {
      while (open) {
        long wait = timers.isEmpty() ? 1_000_000_000 : timers.peek().due() - System.nanoTime();
        if (wait <= 0) {
          selector.selectNow();
        } else {
          selector.select(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
        }
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
          order.run();
        }
        while (!timers.isEmpty() && timers.peek().due() - System.nanoTime() <= 0) {
          timers.poll().what().run();
        }
        List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
        selector.selectedKeys().clear();
        for (SelectionKey key : ready) {
          if (!key.isValid()) {
            continue;
          }
          if (key.isAcceptable()) {
            accept();
          } else {
            read(key);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = server.accept();
    while (channel != null) {
      connections.incrementAndGet();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new HttpFrame());
      channel = server.accept();
    }
  }

  private void read(SelectionKey key) {
    HttpFrame request = (HttpFrame) key.attachment();
    try {
      read.clear();
      if (((SocketChannel) key.channel()).read(read) < 0) {
        close(key);
        return;
      }
      boolean first = !request.begun();
      if (first && manners.cutsUnread()) {
        close(key);
        return;
      }
      request.feed(read.flip());
      while (request.whole()) {
        long now = System.nanoTime();
        Reply reply = manners.answer(new Arrival(now, request.head(), request.body()));
        lastArrival = now;
        arrivals.incrementAndGet();
        request.next();
        carryOut(key, reply);
      }
    } catch (IOException | IllegalStateException e) {
      close(key);
    }
  }

  private void carryOut(SelectionKey key, Reply reply) {
    if (reply.never()) {
      return;
    }
    if (!reply.delay().isZero()) {
      later(reply.delay(), () -> carryOut(key, reply.after(Duration.ZERO)));
    } else if (reply.cut()) {
      close(key);
    } else if (reply.drip() != null) {
      drip(key, reply.bytes(), 0, reply.drip());
    } else {
      write(key, reply.status() == 204 && reply.headers().isEmpty() ? OK : reply.bytes());
    }
  }

  private void drip(SelectionKey key, byte[] bytes, int from, Duration pause) {
    if (write(key, new byte[] {bytes[from]}) && from + 1 < bytes.length) {
      later(pause, () -> drip(key, bytes, from + 1, pause));
    }
  }

  private void later(Duration by, Runnable what) {
    timers.add(new Timer(System.nanoTime() + by.toNanos(), what));
  }

  private static boolean write(SelectionKey key, byte[] bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) { // so little that the socket takes it at once
        ((SocketChannel) key.channel()).write(buffer);
      }
      return true;
    } catch (IOException e) {
      close(key); // the caller has gone, by a kill or a deadline
      return false;
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (ClosedChannelException e) {
      // gone already
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it. */
  @Override
  public void close() throws IOException {
    open = false;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      close(key);
    }
    selector.close();
  }
}
