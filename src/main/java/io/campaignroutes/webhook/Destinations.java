package io.campaignroutes.webhook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import io.campaignroutes.compliance.EventAddress;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.compliance.RequestSchema;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.shared.LiveSecrets;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.TemplateFault;
import io.campaignroutes.text.YamlFault;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where events go: the destinations of one file, such as {@code config/destinations.yaml}, and the
 * address that a campaign names as its own. Everything in the file is checked and every template
 * compiled when the service starts.
 */
public final class Destinations {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String OWN = "campaign-";
  private static final int DEFAULT_CONCURRENCY = 8;

  private final Map<String, Destination> configured = new LinkedHashMap<>();
  private final Map<String, JsonNode> written = new LinkedHashMap<>();
  private final Signature ownSignature;
  private final int ownConcurrency;

  private Destinations(Signature ownSignature, int ownConcurrency) {
    this.ownSignature = ownSignature;
    this.ownConcurrency = ownConcurrency;
  }

  /**
   * Reads the destinations that are enabled.
   *
   * @param file what lists them
   * @param schema the file's shape
   * @param placeholders puts values in for {@code ${NAME}} and {@code ${NAME:default}}; throws
   *     IllegalArgumentException where there is none
   * @param allowPrivate whether addresses may be loopback or private
   * @param signature what signs where a destination has no secrets of its own
   * @param ownConcurrency posts at the same time to one address that campaigns name as their own
   * @throws PolicyException when the file cannot be read or is wrong, saying where and what to do
   */
  public static Destinations load(
      Path file,
      RequestSchema schema,
      UnaryOperator<String> placeholders,
      boolean allowPrivate,
      Signature signature,
      int ownConcurrency) {
    Destinations all = new Destinations(signature, ownConcurrency);
    JsonNode list = read(file).path("destinations");
    int index = 0;
    for (JsonNode node : list) {
      String where = "destinations[" + index++ + "]";
      if (!enabled(file, where, node, placeholders)) {
        continue;
      }
      ObjectNode one = (ObjectNode) resolved(file, where, node, placeholders);
      one.remove("enabled");
      carried(file, where, one);
      check(file, schema, where, one);
      Destination destination = new Reader(file, where, one).destination(allowPrivate, signature);
      all.written.put(destination.name(), node);
      if (all.configured.put(destination.name(), destination) != null) {
        throw wrong(file, where + ": The name " + destination.name() + " appears twice.");
      }
    }
    return all;
  }

  private static JsonNode read(Path file) {
    String text = "";
    try {
      text = Files.readString(file);
      JsonNode tree = YAML.readTree(text);
      JsonNode list = tree == null ? null : tree.get("destinations");
      if (list == null || !(list.isArray() || list.isNull()) || tree.size() > 1) {
        throw wrong(
            file, "The file must have exactly one key, destinations, with a list under it.");
      }
      return tree;
    } catch (JacksonException e) {
      throw wrong(file, YamlFault.of(e, text).sentence());
    } catch (IOException e) {
      throw new PolicyException(
          file,
          "The file with the destinations of webhooks cannot be read.",
          "Put it back, or name another one in webhooks.destinations.");
    }
  }

  private static boolean enabled(
      Path file, String where, JsonNode node, UnaryOperator<String> placeholders) {
    if (!node.isObject()) {
      throw wrong(file, where + ": A destination must have a name and a url.");
    }
    JsonNode enabled =
        resolved(
            file,
            where,
            node.path("enabled").isMissingNode() ? BooleanNode.TRUE : node.get("enabled"),
            placeholders);
    return switch (enabled.asText()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(file, where + ".enabled: This has to be true or false.");
    };
  }

  /** The same with values put in for all placeholders. */
  private static JsonNode resolved(
      Path file, String where, JsonNode node, UnaryOperator<String> placeholders) {
    if (node.isTextual()) {
      try {
        String given = node.asText();
        // a line end that a variable brings along is no part of the value
        return TextNode.valueOf(given.contains("${") ? placeholders.apply(given).strip() : given);
      } catch (IllegalArgumentException e) {
        throw new PolicyException(
            file,
            where + ": " + e.getMessage() + ".",
            "Set that variable in the environment, or give the destination enabled: false.");
      }
    }
    if (node.isArray()) {
      ArrayNode array = Json.array();
      node.forEach(item -> array.add(resolved(file, where, item, placeholders)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = Json.object();
      node.properties()
          .forEach(
              field ->
                  object.set(
                      field.getKey(),
                      resolved(
                          file, where + "." + field.getKey(), field.getValue(), placeholders)));
      return object;
    }
    return node;
  }

  /** Looks at headers before the schema does, which would repeat what may be a secret. */
  private static void carried(Path file, String where, ObjectNode one) {
    for (Map.Entry<String, JsonNode> header : one.path("headers").properties()) {
      try {
        Destination.requireCarried(header.getValue().asText());
      } catch (IllegalArgumentException e) {
        throw wrong(file, where + ".headers." + header.getKey() + ": " + e.getMessage() + ".");
      }
    }
  }

  private static void check(Path file, RequestSchema schema, String where, ObjectNode one) {
    List<Finding> findings = schema.findings(one);
    if (!findings.isEmpty()) {
      throw wrong(
          file, where + ": " + String.join(" ", findings.stream().map(Finding::message).toList()));
    }
  }

  private static PolicyException wrong(Path file, String problem) {
    return new PolicyException(
        file, problem, "Correct it; destinations.schema.json beside it describes the file.");
  }

  /** Has secrets and headers of destinations follow the values that they are written with. */
  void follow(LiveSecrets secrets) {
    written.forEach(
        (name, node) -> {
          Destination destination = configured.get(name);
          if (node.path("secrets").asText().contains("${")) {
            secrets.follow(node.get("secrets").asText(), destination.signature()::use);
          }
          node.path("headers")
              .properties()
              .forEach(
                  header -> {
                    if (header.getValue().asText().contains("${")) {
                      secrets.follow(
                          header.getValue().asText(),
                          value -> destination.carry(header.getKey(), value.strip()));
                    }
                  });
        });
  }

  /** Those of the file that are enabled, in its order. */
  public Collection<Destination> configured() {
    return configured.values();
  }

  /** One of the file; null when it has none of that name. */
  public Destination configured(String name) {
    return configured.get(name);
  }

  /** The destination that a campaign's own externalWebhookUrl is; the same for the same address. */
  public Destination own(String url) {
    String name = OWN + Hashes.sha256(url).substring(0, 12);
    return new Destination(
        name,
        url,
        null,
        null,
        List.of(),
        null,
        Map.of(),
        ownSignature,
        0,
        ownConcurrency,
        true,
        true);
  }

  /** Reads one entry of the file. */
  private record Reader(Path file, String where, ObjectNode one) {

    Destination destination(boolean allowPrivate, Signature signature) {
      String name = one.path("name").asText();
      if (name.startsWith(OWN)) {
        throw wrong(
            file, where + ": Names that begin with " + OWN + " are those of campaigns' addresses.");
      }
      String url = one.has("url") ? one.get("url").asText().strip() : null;
      String endpoint = one.path("to").asText(null);
      if ((url == null) == (endpoint == null)) {
        throw wrong(file, where + ": A destination has either url or to.");
      }
      if (url != null) {
        EventAddress.problem(url, allowPrivate)
            .ifPresent(
                problem -> {
                  throw wrong(file, where + ".url " + problem);
                });
      }
      return new Destination(
          name,
          url,
          endpoint,
          one.has("events") ? texts(one.get("events")) : null,
          texts(one.path("campaigns")).stream().map(Reader::pattern).toList(),
          template(),
          headers(),
          one.has("secrets") ? signature(one.get("secrets").asText()) : signature,
          one.path("rate").asDouble(0),
          one.path("concurrency").asInt(DEFAULT_CONCURRENCY),
          one.path("ordered").asBoolean(true),
          false);
    }

    private static Set<String> texts(JsonNode list) {
      Set<String> texts = new LinkedHashSet<>();
      list.forEach(item -> texts.add(item.asText()));
      return texts;
    }

    private static Pattern pattern(String glob) {
      String[] parts = glob.split("\\*", -1);
      return Pattern.compile(
          String.join(".*", Stream.of(parts).map(Pattern::quote).toList()), Pattern.DOTALL);
    }

    private Map<String, String> headers() {
      Map<String, String> headers = new ConcurrentSkipListMap<>();
      one.path("headers")
          .properties()
          .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
      return headers;
    }

    private Signature signature(String secrets) {
      try {
        return new Signature(secrets);
      } catch (IllegalArgumentException e) {
        throw wrong(file, where + ".secrets: " + e.getMessage() + ".");
      }
    }

    private Expression template() {
      if (!one.has("template")) {
        return null;
      }
      Path folder = file.toAbsolutePath().getParent();
      Path path = folder.resolve(one.get("template").asText());
      String text = "";
      try {
        text = Files.readString(path);
        return new Parser(new StringReader(text))
            .withSource(path.getFileName().toString())
            .withObjectFilter("true") // a null that a template writes is meant
            .compile();
      } catch (JsltException e) {
        TemplateFault fault = TemplateFault.of(e, text);
        throw wrong(
            file,
            where
                + ".template: "
                + path.getFileName()
                + ", line "
                + fault.line()
                + ": "
                + fault.what()
                + ".");
      } catch (IOException e) {
        throw wrong(file, where + ".template: " + path + " is not there or cannot be read.");
      }
    }
  }
}
