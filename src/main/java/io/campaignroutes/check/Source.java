package io.campaignroutes.check;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.campaignroutes.text.JsonFault;
import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import io.campaignroutes.text.YamlFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A YAML or JSON file with the line of every value in it. What cannot be read, and keys that stand
 * twice in one map, are its {@link #faults}; a file with any of the first kind has no documents.
 */
final class Source {
  private static final JsonFactory YAML = new YAMLFactory().setCodec(new ObjectMapper());
  private static final JsonFactory JSON = new ObjectMapper().getFactory();
  private static final Pattern SCHEMA =
      Pattern.compile("(?m)^#\\s*yaml-language-server:\\s*\\$schema=(\\S+)");
  private static final int MAX_DEPTH = 200;

  private final String name;
  private final Path path;
  private final String text;
  private final List<Place> documents = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private boolean broken;

  private Source(String name, Path path, String text) {
    this.name = name;
    this.path = path;
    this.text = text;
  }

  /**
   * Reads a file: {@code .json} as JSON, {@code .ndjson} as one JSON document a line, all else as
   * YAML.
   *
   * @param name what faults call it
   * @throws IOException when it cannot be read at all
   */
  static Source read(String name, Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      Source source = new Source(name, path, "");
      source.broken = true;
      source.faults.add(new Fault(name, 1, "The file is not in UTF-8.", "Save it as UTF-8."));
      return source;
    }
    Source source = new Source(name, path, text);
    if (name.endsWith(".ndjson")) {
      int line = 0;
      for (String one : text.split("\n", -1)) {
        if (!one.isBlank()) {
          source.parse(JSON, one, line);
        }
        line++;
      }
    } else {
      source.parse(name.endsWith(".json") ? JSON : YAML, text, 0);
    }
    return source;
  }

  String name() {
    return name;
  }

  Path path() {
    return path;
  }

  /** The documents of the file; most have one. */
  List<Place> documents() {
    return documents;
  }

  /** The first document; a missing node in a file that is empty or cannot be read. */
  Place root() {
    return documents.isEmpty() ? new Place(this, "0", MissingNode.getInstance()) : documents.get(0);
  }

  List<Fault> faults() {
    return faults;
  }

  /** Whether the file could be parsed to its end. */
  boolean isReadable() {
    return !broken;
  }

  /** The schema that the file names for editors, beside it; empty when it names none. */
  Optional<String> schema() {
    Matcher matcher = SCHEMA.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The line of a value, or of what it stands in. */
  int line(String pointer) {
    for (String at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
    return 1;
  }

  /** The first line that contains a text, 1 when none does. */
  int lineOf(String word) {
    int at = text.indexOf(word);
    return at < 0 ? 1 : 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  private void parse(JsonFactory format, String part, int linesBefore) {
    List<Place> read = new ArrayList<>();
    try (JsonParser parser = format.createParser(part)) {
      while (parser.nextToken() != null) {
        String number = Integer.toString(documents.size() + read.size());
        read.add(new Place(this, number, value(parser, "/" + number, linesBefore, 0)));
      }
      documents.addAll(read);
    } catch (JacksonException e) {
      broken = true;
      faults.add(unreadable(format, e, part, linesBefore));
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory can always be read", e);
    }
  }

  private Fault unreadable(JsonFactory format, JacksonException e, String part, int linesBefore) {
    int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
    if (format == JSON) {
      Kind kind = name.endsWith(".ndjson") ? Kind.LINE : Kind.FILE;
      Origin origin = new Origin(kind, linesBefore + 1L, 1, false);
      Optional<JsonFault> fault = JsonFault.in(part.getBytes(StandardCharsets.UTF_8), origin);
      return new Fault(
          name,
          fault.map(f -> (int) f.line()).orElse(line + linesBefore),
          fault.map(JsonFault::message).orElse("This is not valid JSON."),
          "Correct it there.");
    }
    YamlFault fault = YamlFault.of(e, part);
    return new Fault(
        name,
        fault.line() + linesBefore,
        "This is not valid YAML: " + fault.what() + ".",
        fault.todo());
  }

  private JsonNode value(JsonParser parser, String pointer, int linesBefore, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new com.fasterxml.jackson.core.JsonParseException(
          parser, "more than " + MAX_DEPTH + " levels deep");
    }
    lines.putIfAbsent(pointer, parser.currentTokenLocation().getLineNr() + linesBefore);
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        String at = pointer + "/" + escaped(key);
        int line = parser.currentTokenLocation().getLineNr() + linesBefore;
        Integer before = lines.putIfAbsent(at, line);
        if (object.has(key)) {
          faults.add(
              new Fault(
                  name,
                  line,
                  "The key '%s' appears twice in one map, first in line %d; only the last one would count."
                      .formatted(key, before),
                  "Remove one of them."));
        }
        parser.nextToken();
        object.set(key, value(parser, at, linesBefore, depth + 1));
      }
      return object;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(value(parser, pointer + "/" + array.size(), linesBefore, depth + 1));
      }
      return array;
    }
    return parser.readValueAsTree();
  }

  static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
