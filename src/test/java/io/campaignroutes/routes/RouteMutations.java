package io.campaignroutes.routes;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.campaignroutes.check.ServiceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Takes every part out of the route files, one at a time, and tells who notices: {@code check}, a
 * test of the file (whose tag is the file's name), or nobody. Parts are the steps, the branches and
 * handlers, and the options that a step has.
 *
 * <p>Arguments: the files, such as {@code campaign-launch}, or {@code v2/platform} where several
 * have that name; all without any. Exit code 1 when something survives.
 */
final class RouteMutations {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String ENDING = ".camel.yaml";
  private static final Path ROUTES = Path.of("routes");
  private static final Path CONFIG = Path.of("config");

  private static final Set<String> LISTS =
      Set.of("steps", "when", "doCatch", "onException", "headers");
  private static final Set<String> BRANCHES =
      Set.of("otherwise", "doFinally", "onFallback", "onWhen", "handled", "errorHandler");

  /** Without these a step is another one, or none. */
  private static final Set<String> NEEDED =
      Set.of(
          "id", "description", "uri", "ref", "method", "name", "expression", "message", "pattern");

  private static final Set<String> UNREAD = Set.of("rest", "restConfiguration");

  /** Something to take out: the field of an object, or an element of a list. */
  private record Part(String where, String kind, JsonNode parent, String field, int index) {}

  private final Path copy;
  private int survivors;

  private RouteMutations(Path copy) {
    this.copy = copy;
  }

  public static void main(String[] files) throws IOException {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    Path folder = Files.createTempDirectory("routes");
    int survivors;
    try {
      FileSystemUtils.copyRecursively(ROUTES, folder);
      System.setProperty("routes.dir", folder.toString());
      RouteMutations mutations = new RouteMutations(folder);
      for (Path file : files(Set.of(files))) {
        mutations.of(file);
      }
      survivors = mutations.survivors;
    } finally {
      FileSystemUtils.deleteRecursively(folder);
    }
    System.exit(survivors == 0 ? 0 : 1);
  }

  private static List<Path> files(Set<String> names) throws IOException {
    try (Stream<Path> all = Files.walk(ROUTES)) {
      return all.filter(file -> file.toString().endsWith(ENDING))
          .filter(
              file ->
                  names.isEmpty() || names.contains(name(file)) || names.contains(withFolder(file)))
          .sorted()
          .toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(ENDING, "");
  }

  private static String withFolder(Path file) {
    return file.getParent().getFileName() + "/" + name(file);
  }

  private void of(Path file) throws IOException {
    Path mutant = copy.resolve(ROUTES.relativize(file));
    String original = Files.readString(file);
    JsonNode root = YAML.readTree(original);
    List<Part> parts = new ArrayList<>();
    find(root, "", parts);
    Files.writeString(mutant, YAML.writeValueAsString(root));
    noticed(name(file))
        .ifPresent(
            who -> {
              throw new IllegalStateException(file + " is wrong as it is: " + who);
            });
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    for (Part part : parts) {
      JsonNode rest = root.deepCopy();
      takeOut(rest, root, part);
      Files.writeString(mutant, YAML.writeValueAsString(rest));
      String who = noticed(name(file)).orElse("SURVIVED");
      survivors += who.equals("SURVIVED") ? 1 : 0;
      System.out.printf("%s | %s | %s | %s%n", name(file), part.kind, part.where, who);
      counts
          .computeIfAbsent(part.kind, kind -> new TreeMap<>())
          .merge(who.replaceFirst(" .*", ""), 1, Integer::sum);
    }
    Files.writeString(mutant, original);
    System.out.printf("%s: %d parts taken out, %s%n", name(file), parts.size(), counts);
  }

  private static void find(JsonNode node, String where, List<Part> parts) {
    if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        find(list.get(i), where + "[" + (i + 1) + "]", parts);
      }
      return;
    }
    node.fields()
        .forEachRemaining(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (UNREAD.contains(name)) {
                return;
              }
              String path = name.equals("route") ? value.path("id").asText() : where + "/" + name;
              path = name.equals("routeConfiguration") ? value.path("id").asText() : path;
              if (LISTS.contains(name) && value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                  String what = path + "[" + (i + 1) + "] " + said(value.get(i));
                  parts.add(new Part(what, "step", value, null, i));
                }
              } else if (BRANCHES.contains(name)) {
                parts.add(new Part(path, "branch", node, name, 0));
              } else if (value.isValueNode() && !NEEDED.contains(name)) {
                parts.add(new Part(path + ": " + value.asText(), "option", node, name, 0));
              }
              find(value, path, parts);
            });
  }

  private static String said(JsonNode step) {
    String text = step.toString().replaceAll("\"description\":\"[^\"]*\",?", "");
    return text.substring(0, Math.min(90, text.length()));
  }

  /** Walks to the same place in the copy. */
  private static void takeOut(JsonNode copy, JsonNode original, Part part) {
    if (original == part.parent) {
      if (copy instanceof ArrayNode list) {
        list.remove(part.index);
      } else {
        ((ObjectNode) copy).remove(part.field);
      }
    } else if (original.isArray()) {
      for (int i = 0; i < original.size(); i++) {
        takeOut(copy.get(i), original.get(i), part);
      }
    } else {
      original.fieldNames().forEachRemaining(f -> takeOut(copy.get(f), original.get(f), part));
    }
  }

  /** Who notices that the files are not as they were. */
  private Optional<String> noticed(String tag) throws IOException {
    List<String> faults = ServiceFiles.faults(copy, CONFIG);
    if (!faults.isEmpty()) {
      String first = faults.get(0).replaceFirst("^\\S+ ", "");
      return Optional.of("check (" + first.substring(0, Math.min(80, first.length())) + ")");
    }
    LauncherDiscoveryRequestBuilder tests =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(RouteMutations.class.getPackageName()));
    if (!tag.equals("errors")) { // every test reads those along
      tests.filters(TagFilter.includeTags(tag));
    }
    LauncherDiscoveryRequest request = tests.build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    var summary = listener.getSummary();
    if (summary.getTestsFoundCount() == 0) {
      throw new IllegalStateException("No test has the tag '" + tag + "'.");
    }
    return summary.getFailures().stream()
        .findFirst()
        .map(failure -> "test " + failure.getTestIdentifier().getDisplayName());
  }
}
