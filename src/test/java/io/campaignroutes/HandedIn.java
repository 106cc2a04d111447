package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Campaigns that a service is given over HTTP, each until it is answered 202, and in files, and
 * what is known of each.
 */
final class HandedIn {
  /** So many come in a file at a time, and so many are posted. */
  private static final int IN_FILES = 3;

  private static final int POSTED = 2;

  /** How many come at a time. */
  static final int EACH_TIME = IN_FILES + POSTED;

  private final FaultSide side;
  private final Path inbox;
  private final Random random;
  private final Map<String, Long> times = new ConcurrentHashMap<>();
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, String> files = new ConcurrentHashMap<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();
  private final Queue<ObjectNode> toPost = new ArrayDeque<>(); // guarded by itself
  private int campaigns;

  HandedIn(FaultSide side, Path inbox, Random random) {
    this.side = side;
    this.inbox = inbox;
    this.random = random;
  }

  private ObjectNode next() {
    int n = campaigns++;
    return side.request("campaign " + n, n);
  }

  /** Has more posted; none after the last one that the platform can run. */
  void toPost(int more) {
    for (int n = 0; n < more && campaigns < side.most(); n++) {
      synchronized (toPost) {
        toPost.add(next());
      }
    }
  }

  /** Some more, of both kinds. */
  void some() throws IOException {
    toPost(POSTED);
    List<ObjectNode> some = new ArrayList<>();
    for (int n = 0; n < IN_FILES && campaigns < side.most(); n++) {
      some.add(next());
    }
    if (!some.isEmpty()) {
      drop(some);
    }
  }

  private void drop(List<ObjectNode> some) throws IOException {
    boolean lines = random.nextBoolean();
    String file = "file-" + some.get(0).path("name").asText().replace(' ', '-');
    file += lines ? ".ndjson" : ".json";
    StringBuilder text = new StringBuilder();
    if (lines) {
      some.forEach(one -> text.append(one).append('\n'));
    } else {
      ArrayNode all = JSON.createArrayNode();
      some.forEach(all::add);
      text.append(all);
    }
    for (ObjectNode one : some) {
      files.put(one.path("name").asText(), file);
      times.put(one.path("name").asText(), System.nanoTime());
    }
    drop(file, text.toString());
  }

  /** Drops a file as a whole. */
  void drop(String file, String text) throws IOException {
    Path draft = Files.writeString(inbox.resolve(file + ".tmp"), text);
    Files.move(draft, inbox.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Posts the next one, where one waits.
   *
   * @param client null for nobody
   */
  void postOne(ServiceClient client) {
    ObjectNode one;
    synchronized (toPost) {
      one = toPost.peek();
    }
    if (one == null || client == null) {
      return;
    }
    String name = one.path("name").asText();
    times.putIfAbsent(name, System.nanoTime());
    try {
      ServiceClient.Answer answer = client.post("/campaigns", one);
      if (answer.status() >= 500) {
        return; // not now: the same key once more
      } else if (answer.status() == 202) {
        acknowledged.put(name, answer.body().path("campaignId").asText());
      } else {
        refused.put(name, answer.status() + " " + answer.body());
      }
      synchronized (toPost) {
        toPost.remove();
      }
    } catch (UncheckedIOException e) {
      // away: the same key once more
    }
  }

  /** Whether nothing waits to be posted. */
  boolean done() {
    synchronized (toPost) {
      return toPost.isEmpty();
    }
  }

  /** When each was handed in for the first time, by its name and {@link System#nanoTime()}. */
  Map<String, Long> times() {
    return times;
  }

  /** Our ids by name, as a 202 has told them. */
  Map<String, String> acknowledged() {
    return acknowledged;
  }

  /** The files of those that came in one, by name. */
  Map<String, String> files() {
    return files;
  }

  /** What was refused, with the answer. */
  Map<String, String> refused() {
    return refused;
  }
}
