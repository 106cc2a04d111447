package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * As much of a tenant as the sequences of skills call, with faults on demand: nothing dials here.
 */
final class FakeTenant implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** What goes wrong with a call. */
  enum Trouble {
    /** It never arrives. */
    CUT_BEFORE,
    /** It is done, and the answer is lost. */
    CUT_AFTER,
    /** The answer is lost, and it is done some time later: see {@link #arrive}. */
    LATE,
    TOO_MANY,
    FAILED,
    /** Refused, and only a header says why. */
    HEADER_ONLY,
    /** Answered 200, and not done. */
    ERRORS_INSIDE,
    NONE
  }

  final Map<String, ObjectNode> skills = new TreeMap<>();
  final Map<String, ObjectNode> settings = new TreeMap<>();
  final Map<String, List<String>> agents = new TreeMap<>();
  final List<String> groups = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  final List<String> queries = new ArrayList<>();
  final List<String> halfMadeStarts = new ArrayList<>();
  final List<String> scrubbed = new ArrayList<>();
  final FakeLists lists = new FakeLists();
  private final List<Runnable> late = new ArrayList<>();
  Supplier<Trouble> trouble = () -> Trouble.NONE;

  /** Whether a skill is as it is to be when it is started. */
  java.util.function.Predicate<String> ready = id -> true;

  /** Whether a start takes effect some time after it is answered: see {@link #arrive}. */
  boolean slowStarts;

  /** Whether a stop of what does not run is answered as if it did. */
  boolean takesEarlyStops;

  /** What happens elsewhere while a start is on its way. */
  Runnable meanwhile = () -> {};

  /** Whether it has been moved: nothing is at this address any more. */
  boolean moved;

  /** Whether a block of settings may have some without a value. */
  boolean takesNulls;

  /** Whether a setting stays as it is that is not sent. */
  boolean merges;

  boolean bareAgentsOnly;

  /** Assigns the first agent of several only, and says so. */
  boolean partly;

  boolean silentCreate;
  boolean forgetful;

  /** Whether the do-not-call group keeps numbers from anybody. */
  boolean dncActive = true;

  /** Whether a group says that it keeps its numbers from a skill, and does not. */
  boolean deafGroups;

  private final HttpServer server;
  private int next = 20_100;

  FakeTenant() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::handle);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A skill that is there before. */
  void adoptable(String id, Random random) {
    ObjectNode skill = JSON.createObjectNode();
    skill.put("skillId", Integer.parseInt(id)).put("skillName", "Old " + id);
    skill.put("isOutbound", true).put("outboundStrategy", "Personal Connection");
    skill.put("isActive", "true").put("isRunning", false).put("campaignId", 500);
    skills.put(id, skill);
    fresh(id, random);
    lists.brought(id);
    agents.put(id, new ArrayList<>(List.of("1001", "1002")));
  }

  private void fresh(String id, Random random) {
    ObjectNode blocks = JSON.createObjectNode();
    blocks
        .putObject("general-settings")
        .put("maximumRatio", 1 + random.nextInt(3))
        .put("blockMultipleCalls", random.nextBoolean())
        .put("maximumAttempts", "" + (4 + random.nextInt(5)))
        .put("minimumRetryMinutes", 90)
        .put("aggressiveness", "conservative")
        .putNull("maxWaitTimeSeconds");
    blocks
        .putObject("retry-settings")
        .put("maximumAttempts", 7)
        .put("minimumRetryMinutes", 45)
        .put("restrictedCallingMaxAttempts", 0)
        .put("restrictedCallingMinutes", 0)
        .put("finalizeWhenExhausted", true);
    blocks.putObject("cpa-management").put("abandonTimeout", 3).put("utteranceMinimumSeconds", .2);
    settings.put(id, blocks);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replaceFirst("^/tenant/incontactapi", "");
    path = path.replaceFirst("^/services/v[0-9]+[.]0", "");
    byte[] body = exchange.getRequestBody().readAllBytes();
    String query = exchange.getRequestURI().getQuery();
    if (path.equals("/access-key")) {
      answer(exchange, 200, token());
      return;
    }
    if (path.equals("/discovery")) {
      answer(exchange, 200, JSON.createObjectNode().put("api_endpoint", address() + "/tenant"));
      return;
    }
    calls.add(exchange.getRequestMethod() + " " + path);
    queries.add(String.valueOf(query));
    Trouble now = trouble.get();
    switch (now) {
      case CUT_BEFORE -> exchange.close();
      case TOO_MANY -> answer(exchange, 429, null);
      case FAILED -> answer(exchange, 500, null);
      case HEADER_ONLY -> {
        exchange.getResponseHeaders().add("icStatusDescription", "InvalidSomething");
        answer(exchange, 400, null);
      }
      case ERRORS_INSIDE -> {
        ObjectNode errors = JSON.createObjectNode().put("errorCount", 1);
        errors.putArray("skillsResults").addObject().put("success", "false").put("error", "No.");
        answer(exchange, 200, errors);
      }
      case LATE -> {
        String found = path;
        late.add(() -> answer(exchange.getRequestMethod(), found, query, said(body)));
        exchange.close();
      }
      default -> {
        Answer answer = answer(exchange.getRequestMethod(), path, query, said(body));
        if (now == Trouble.CUT_AFTER) {
          exchange.close();
        } else {
          answer(exchange, answer.status(), answer.body());
        }
      }
    }
  }

  record Answer(int status, JsonNode body) {}

  private static JsonNode said(byte[] body) {
    try {
      return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was on its way is there now. */
  synchronized void arrive() {
    late.forEach(Runnable::run);
    late.clear();
  }

  private static Answer ok(JsonNode body) {
    return new Answer(200, body);
  }

  private static ObjectNode token() {
    ObjectNode claims = JSON.createObjectNode().put("tenantId", "t-1");
    String part =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
    return JSON.createObjectNode()
        .put("access_token", "h." + part + ".s")
        .put("expires_in", "3600");
  }

  private Answer answer(String method, String path, String query, JsonNode said) {
    String[] parts = path.split("/");
    if (moved) {
      return new Answer(404, null);
    }
    if (path.equals("/business-unit")) {
      return ok(JSON.createObjectNode());
    }
    if (path.equals("/campaigns")) {
      return method.equals("GET") ? ok(groups()) : newGroup(said);
    }
    if (path.equals("/skills")) {
      return method.equals("GET") ? ok(listed(query)) : created(said.path("skills").path(0));
    }
    if (path.equals("/agents")) {
      ObjectNode all = JSON.createObjectNode();
      ArrayNode list = all.putArray("agents");
      for (int id = 1001; id < 1005; id++) {
        list.addObject().put("agentId", id).put("teamId", id < 1004 ? "30" : "31");
      }
      return ok(all);
    }
    if (path.startsWith("/dnc-groups")) {
      return dncGroups(method, parts);
    }
    if (path.startsWith("/lists/call-lists")) {
      return lists.answer(method, parts, query, said);
    }
    ObjectNode skill = skills.get(parts[2]);
    if (skill == null) {
      return new Answer(404, null);
    }
    return skill(method, parts, skill, said);
  }

  private Answer dncGroups(String method, String[] parts) {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode told = answer.putObject("resultSet");
    if (parts.length == 2) {
      told.putArray("dncGroups").addObject().put("dncGroupId", 70).put("isActive", dncActive);
      return ok(answer);
    }
    if (method.equals("GET")) {
      ArrayNode list = told.putArray("scrubbed");
      scrubbed.stream()
          .filter(one -> one.startsWith(parts[2] + " "))
          .forEach(one -> list.addObject().put("skillId", Integer.valueOf(one.split(" ")[1])));
      return list.isEmpty() ? new Answer(204, null) : ok(answer);
    }
    if (!deafGroups) {
      scrubbed.add(parts[2] + " " + parts[4]);
    }
    return ok(JSON.createObjectNode());
  }

  private Answer skill(String method, String[] parts, ObjectNode skill, JsonNode said) {
    String id = parts[2];
    if (parts.length == 3 && method.equals("GET")) {
      return ok(skill);
    }
    if (parts.length == 3) {
      if (skill.path("isRunning").asBoolean()) {
        return new Answer(409, null);
      }
      skill.setAll((ObjectNode) said.path("skill"));
      return ok(JSON.createObjectNode().put("success", "true"));
    }
    switch (parts[3]) {
      case "start" -> {
        if (skill.path("isRunning").asBoolean()) {
          return new Answer(409, null);
        }
        if (!ready.test(id)) {
          halfMadeStarts.add(id);
        }
        if (slowStarts) {
          late.add(() -> skill.put("isRunning", true));
        } else {
          skill.put("isRunning", true);
        }
        meanwhile.run();
        return new Answer(202, null);
      }
      case "stop" -> {
        boolean ran = skill.path("isRunning").asBoolean();
        skill.put("isRunning", false);
        return new Answer(ran || takesEarlyStops ? 202 : 404, null);
      }
      case "agents" -> {
        return agents(method, id, said);
      }
      default -> {
        ObjectNode block = (ObjectNode) settings.get(id).path(parts[4]);
        if (method.equals("GET")) {
          return ok(block);
        }
        JsonNode whole = said.elements().next();
        for (JsonNode value : whole) {
          if (value.isNull() && !takesNulls) {
            return new Answer(400, null);
          }
        }
        if (!forgetful) {
          ObjectNode kept = merges ? block.deepCopy() : JSON.createObjectNode();
          kept.setAll((ObjectNode) whole);
          settings.get(id).set(parts[4], kept);
        }
        return new Answer(204, null);
      }
    }
  }

  private Answer agents(String method, String id, JsonNode said) {
    List<String> assigned = agents.computeIfAbsent(id, any -> new ArrayList<>());
    if (method.equals("GET")) {
      ObjectNode all = JSON.createObjectNode();
      ArrayNode list = all.putArray("agentSkillAssignments");
      assigned.forEach(agent -> list.addObject().put("agentId", agent).put("isActive", "true"));
      return assigned.isEmpty() ? new Answer(204, null) : ok(all);
    }
    if (bareAgentsOnly != said.isArray()) {
      return new Answer(400, null);
    }
    JsonNode list = said.isArray() ? said : said.path("agents");
    if (partly) {
      assigned.add(list.path(0).path("agentId").asText());
      ObjectNode results = JSON.createObjectNode().put("errorCount", list.size() - 1);
      ArrayNode agents = results.putArray("agentResults");
      agents.addObject().put("success", true);
      agents.addObject().put("success", "false").put("error", "No such agent.");
      return new Answer(206, JSON.createObjectNode().set("resultSet", results));
    }
    list.forEach(
        one -> {
          if (!assigned.contains(one.path("agentId").asText())) {
            assigned.add(one.path("agentId").asText());
          }
        });
    return ok(JSON.createObjectNode().put("errorCount", 0));
  }

  private ObjectNode groups() {
    ObjectNode all = JSON.createObjectNode();
    ArrayNode list = all.putArray("campaigns");
    for (int i = 0; i < groups.size(); i++) {
      list.addObject().put("id", 501 + i).put("name", groups.get(i));
    }
    return all;
  }

  private Answer newGroup(JsonNode said) {
    if (groups.contains(said.path("name").asText())) {
      return new Answer(400, null);
    }
    groups.add(said.path("name").asText());
    return ok(JSON.createObjectNode().put("id", 500 + groups.size()));
  }

  private ObjectNode listed(String query) {
    ObjectNode all = JSON.createObjectNode();
    ArrayNode list = all.putArray("skills");
    Map<String, String> asked = new LinkedHashMap<>();
    for (String one : query.split("&")) {
      asked.put(one.split("=")[0], one.contains("=") ? one.split("=", 2)[1] : "");
    }
    String search = asked.getOrDefault("searchString", "");
    List<ObjectNode> found =
        skills.values().stream()
            .filter(skill -> skill.path("skillName").asText().contains(search))
            .toList();
    int skip = Integer.parseInt(asked.get("skip"));
    int top = Integer.parseInt(asked.get("top"));
    found
        .subList(Math.min(skip, found.size()), Math.min(found.size(), skip + top))
        .forEach(list::add);
    return all;
  }

  private Answer created(JsonNode wanted) {
    String name = wanted.path("skillName").asText();
    ObjectNode results = JSON.createObjectNode();
    boolean taken =
        skills.values().stream().anyMatch(s -> s.path("skillName").asText().equals(name));
    if (taken || name.length() > SkillName.MAX_LENGTH || wanted.path("campaignId").asInt() == 0) {
      results.put("errorCount", 1).putArray("skillsResults").addObject().put("success", false);
      return ok(results);
    }
    String id = String.valueOf(next++);
    ObjectNode skill = wanted.deepCopy();
    skill.put("skillId", id).put("isRunning", "false");
    skills.put(id, skill);
    fresh(id, new Random(next));
    results.put("errorCount", 0);
    ObjectNode one = results.putArray("skillsResults").addObject().put("success", true);
    if (!silentCreate) {
      one.put("skillId", id);
    }
    return ok(results);
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) {
    try (exchange) {
      byte[] bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
