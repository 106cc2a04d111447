package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the calls that a platform's routes make are made from what they are asked with, and tell
 * what they have to. A request that leaves out the new rate, say, would be sent and answered, and
 * change nothing.
 */
public final class UnreadArguments {
  private static final String OPERATION = "direct:platform-";
  private static final Pattern CALL = Pattern.compile("^call\\('(\\w+)'");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

  /** What templates may use as {@code $name}. */
  private static final Map<String, JsonNode> VARIABLES =
      Map.of(
          "publicUrl",
          TextNode.valueOf(""),
          "webhookToken",
          TextNode.valueOf(""),
          "settings",
          JsonNodeFactory.instance.objectNode());

  /** What requests of the port have in them; whatever else a call uses is the platform's own. */
  private static final Set<String> OF_THE_PORT =
      Stream.concat(
              PlatformRequests.arguments().values().stream().flatMap(List::stream),
              Stream.of("id", "name", "poolId", "remoteId", "payload", "pacing"))
          .collect(Collectors.toUnmodifiableSet());

  private final JsonNode calls;

  /** What each route of the platform calls, by the endpoint that it begins with. */
  private final Map<String, Route> routes = new TreeMap<>();

  private static final class Route {
    private final Set<String> calls = new LinkedHashSet<>();
    private final Set<String> directs = new LinkedHashSet<>();
  }

  /**
   * A call that is not made from what it has to be made from, or does not tell what it has to.
   *
   * @param call its name under {@code operations:} of the platform's file
   * @param answer whether that is in its answer, not in what it is made from
   * @param problem what is wrong, a sentence that goes on from the name of the file
   * @param remedy what to do about it
   */
  public record Unread(String call, boolean answer, String problem, String remedy) {
    private static Unread argument(String call, String argument, String operation) {
      return new Unread(
          call,
          false,
          "operations.%s uses no '%s', which %s%s asks it with."
              .formatted(call, argument, OPERATION, operation),
          "Write .%s into its request, or {%s} into its path or query."
              .formatted(argument, argument));
    }

    private static Unread answer(String call, String field, String operation) {
      return new Unread(
          call,
          true,
          "operations.%s makes no '%s', which %s%s answers with."
              .formatted(call, field, OPERATION, operation),
          "Make it in its answer, with null where the platform tells none.");
    }
  }

  private UnreadArguments(JsonNode calls) {
    this.calls = calls;
  }

  /**
   * The calls that leave something out. A call that several operations make is told of once for
   * each.
   *
   * @param routeFiles the platform's, each a list of routes
   * @param calls what stands under {@code operations:} of its file; what is not there, or has a
   *     template that does not compile, is told elsewhere
   */
  public static List<Unread> find(Iterable<JsonNode> routeFiles, JsonNode calls) {
    UnreadArguments arguments = new UnreadArguments(calls);
    for (JsonNode file : routeFiles) {
      file.forEach(element -> arguments.route(element.path("route")));
    }
    List<Unread> unread = new ArrayList<>();
    PlatformRequests.arguments()
        .forEach((operation, needed) -> arguments.look(operation, needed, unread));
    return unread;
  }

  private void route(JsonNode route) {
    Route found = routes.computeIfAbsent(route.at("/from/uri").asText(), uri -> new Route());
    route.at("/from/steps").findValues("method").forEach(method -> call(method, found));
    route.at("/from/steps").findValues("uri").forEach(uri -> found.directs.add(uri.asText()));
  }

  private void call(JsonNode method, Route found) {
    Matcher call = CALL.matcher(method.asText());
    if (call.find() && calls.path(call.group(1)).isObject()) {
      found.calls.add(call.group(1));
    }
  }

  /**
   * Each call tells whom it is about, and all of them together use everything. What the steps of a
   * platform have made of that themselves is theirs to answer for.
   */
  private void look(String operation, List<String> needed, List<Unread> unread) {
    Set<String> made = new LinkedHashSet<>();
    reach(OPERATION + operation, made, new TreeSet<>());
    Set<String> left = new LinkedHashSet<>(needed.subList(1, needed.size()));
    String last = null;
    for (String call : made) {
      Set<String> used = used(calls.get(call));
      boolean own =
          calls.get(call).path("tenant-wide").asBoolean()
              || !OF_THE_PORT.containsAll(placed(calls.get(call)));
      if (own) {
        left.clear();
      }
      left.removeAll(used);
      if (!own && !used.contains(needed.get(0))) {
        unread.add(Unread.argument(call, needed.get(0), operation));
      }
      if (last == null || !calls.get(call).path("kind").asText().equals("READ")) {
        last = call; // that which writes has to say what
      }
    }
    if (last != null) {
      for (String argument : left) {
        unread.add(Unread.argument(last, argument, operation));
      }
      String told = PlatformRequests.answers().get(operation);
      String answer = calls.get(last).path("answer").asText().strip();
      if (told != null && answer.startsWith("{") && !answer.contains('"' + told + '"')) {
        unread.add(Unread.answer(last, told, operation));
      }
    }
  }

  private void reach(String uri, Set<String> made, Set<String> seen) {
    Route route = routes.get(uri);
    if (route != null && seen.add(uri)) {
      made.addAll(route.calls);
      route.directs.forEach(next -> reach(next, made, seen));
    }
  }

  /** What its address is made from; pages are counted by whoever makes the call. */
  private static Set<String> placed(JsonNode call) {
    Set<String> placed = new TreeSet<>();
    for (String text : List.of(call.path("path").asText(), call.path("query").asText())) {
      PLACEHOLDER.matcher(text).results().forEach(field -> placed.add(field.group(1)));
    }
    placed.removeAll(Set.of("top", "skip"));
    return placed;
  }

  private static Set<String> used(JsonNode call) {
    Set<String> used = placed(call);
    if (call.path("request").isTextual()) {
      Watched arguments = new Watched(used);
      try {
        Expression request = Parser.compileString(call.path("request").asText());
        if (request.apply(VARIABLES, arguments) == arguments) {
          arguments.all();
        }
      } catch (JsltException e) {
        arguments.all(); // nothing is known of it; whether it compiles is told elsewhere
      }
    }
    return used;
  }

  /** Arguments that note which of them are read. */
  private static final class Watched extends ObjectNode {
    private static final long serialVersionUID = 1;
    private final transient Set<String> read;

    Watched(Set<String> read) {
      super(JsonNodeFactory.instance);
      this.read = read;
      put("rate", 1.0).put("remoteId", "1").put("name", "1").put("poolId", "1");
      put("from", "2026-01-01T00:00:00Z").put("to", "2026-01-01T00:00:00Z");
      putObject("payload");
      putObject("pacing");
      putObject("upload");
    }

    void all() {
      _children.keySet().forEach(read::add);
    }

    @Override
    public JsonNode get(String name) {
      read.add(name);
      return super.get(name);
    }

    /** What a template merges, or matches with {@code *}. */
    @Override
    public Iterator<Map.Entry<String, JsonNode>> fields() {
      all();
      return super.fields();
    }
  }
}
