package io.campaignroutes.fuzz;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.http.OpenApi;
import io.campaignroutes.text.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The operations of the HTTP API, as its description has them. */
final class Operations {

  /**
   * An operation.
   *
   * @param path with its parameters in braces
   * @param queries names of its parameters in the query
   * @param body the content type of its body, null for none
   * @param requests whether its body is a request for a campaign, or a list of them
   */
  record Operation(
      String id, String method, String path, List<String> queries, String body, boolean requests) {}

  /** What has tests of its own, or is CXone's. */
  private static final List<String> LEFT_OUT =
      List.of("receiveEvent", "signIn", "signInDone", "signOut");

  private static final List<String> QUERY_VALUES =
      List.of(
          "1",
          "1000",
          "ACTIVE",
          "PENDING",
          "cmp_x",
          "name",
          "newest",
          "true",
          "false",
          "-1",
          "0",
          "1001",
          "99999999999999999999",
          "1.5",
          "abc",
          "",
          "%00",
          "%0d%0aX:1",
          "%f0%9f%98%80",
          "%ff",
          "%c0%af",
          "2026-03-02T15:04:05Z",
          "2026-03-02",
          "-999999999-01-01T00:00:00Z",
          "%2B999999999-12-31T23:59:59Z",
          "NaN",
          "Infinity",
          "1e400",
          "..%2f..%2f",
          "'%20or%201=1",
          "*",
          "%25",
          "%",
          "a.csv",
          "..csv",
          "CALLABLE",
          "[]",
          "{}",
          "%5B%5D",
          "eyJhIjoxfQ",
          "x".repeat(3_000));

  private static final List<String> IDS =
      List.of(
          "nobody",
          "cmp_00000000000000000000000000",
          "dlv_unknown",
          "0",
          "-1",
          "%20",
          "%00",
          "a%00b",
          "%2e%2e",
          "%2e%2e%2fetc",
          "..%5c..",
          "%ff",
          "%c0%af",
          "%f0%9f%98%80",
          "x;y=z",
          "a%2Fb",
          "$%7Bbody%7D",
          "%7B%7Bx%7D%7D",
          "'",
          "%22",
          "%25",
          "*",
          "a".repeat(4_000),
          "%0a",
          "%e2%80%ae",
          "skill:5",
          "fz1x");

  private final List<Operation> operations = new ArrayList<>();
  private final List<String> known;

  /**
   * Reads the description.
   *
   * @param config the folder {@code config/}
   * @param known ids of campaigns that are there
   */
  Operations(Path config, List<String> known) {
    this.known = known;
    JsonNode document = new OpenApi(config).document();
    document
        .path("paths")
        .fields()
        .forEachRemaining(
            path ->
                List.of("get", "post", "put", "patch", "delete").stream()
                    .filter(method -> path.getValue().has(method))
                    .map(method -> operation(document, path.getKey(), path.getValue(), method))
                    .filter(operation -> !LEFT_OUT.contains(operation.id()))
                    .forEach(operations::add));
  }

  private static Operation operation(JsonNode document, String path, JsonNode at, String method) {
    JsonNode described = at.path(method);
    List<String> queries = new ArrayList<>();
    Stream.of(at.path("parameters"), described.path("parameters"))
        .flatMap(Operations::elements)
        .map(one -> resolved(document, one))
        .filter(one -> one.path("in").asText().equals("query"))
        .forEach(one -> queries.add(one.path("name").asText()));
    JsonNode content = resolved(document, described.path("requestBody")).path("content");
    String type = content.fieldNames().hasNext() ? content.fieldNames().next() : null;
    boolean requests = content.toString().contains("CampaignRequest");
    return new Operation(
        described.path("operationId").asText(),
        method.toUpperCase(),
        path,
        queries,
        type,
        requests);
  }

  private static JsonNode resolved(JsonNode document, JsonNode node) {
    return node.has("$ref")
        ? document.at(JsonPointer.compile(node.path("$ref").asText().substring(1)))
        : node;
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    List<JsonNode> all = new ArrayList<>();
    list.forEach(all::add);
    return all.stream();
  }

  /** One that takes a request for a campaign. */
  Operation taking(Random dice) {
    List<Operation> taking = operations.stream().filter(Operation::requests).toList();
    return taking.get(dice.nextInt(taking.size()));
  }

  Operation any(Random dice) {
    return operations.get(dice.nextInt(operations.size()));
  }

  /** The path of an operation, with ids that are there, are not, or are odd. */
  String path(Operation operation, boolean odd, Random dice) {
    String id =
        odd || known.isEmpty()
            ? IDS.get(dice.nextInt(IDS.size()))
            : known.get(dice.nextInt(known.size()));
    return operation.path().replaceAll("\\{[^}]*}", java.util.regex.Matcher.quoteReplacement(id));
  }

  /** The query that an operation knows, with values good or bad. */
  String query(Operation operation, Random dice) {
    var query = new StringBuilder();
    for (String name : operation.queries()) {
      if (dice.nextInt(3) == 0) {
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value(dice));
      }
    }
    return query.toString();
  }

  static String value(Random dice) {
    return QUERY_VALUES.get(dice.nextInt(QUERY_VALUES.size()));
  }

  /** A body of an operation that takes no request for a campaign, as it should be. */
  static ObjectNode body(Operation operation) {
    return operation.id().equals("replayDeliveries")
        ? Json.object().put("destination", "nobody").put("status", "DEAD").put("dryRun", true)
        : Json.object();
  }
}
