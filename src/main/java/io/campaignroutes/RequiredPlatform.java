package io.campaignroutes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.campaignroutes.cxone.ApiFile;
import io.campaignroutes.cxone.PlatformRequests;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the platform that is to be loaded is there and whole: Camel starts without a route that
 * another one calls, and a campaign would come to a halt where it is.
 */
final class RequiredPlatform {
  private static final Pattern DIRECT =
      Pattern.compile("(from:\\s+)?uri:\\s*[\"']?direct:([a-z0-9-]+)");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final Path all;
  private final Path folder;
  private final Set<String> served = new TreeSet<>();
  private final Set<String> called = new TreeSet<>();
  private final List<JsonNode> files = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  private RequiredPlatform(Path all, String platform) {
    this.all = all;
    this.folder = all.resolve(platform);
  }

  /**
   * What is wrong with the platform, a line each; empty when nothing is.
   *
   * @param routes the folder of the routes
   * @param platform as {@code cxone.platform} names it
   * @param api the file that {@code cxone.api} names
   * @param operations what stands in it; empty when it cannot be read, which is told elsewhere
   */
  static List<String> lines(
      Path routes, String platform, String api, Optional<ApiFile> operations) {
    Path all = routes.resolve("platform");
    Set<String> known = folders(all);
    if (!known.contains(platform)) {
      return List.of(
          "CXONE_PLATFORM (cxone.platform) is '%s', and there is no such platform: %s has %s."
              .formatted(platform, all, known.isEmpty() ? "none" : String.join(", ", known)));
    }
    RequiredPlatform required = new RequiredPlatform(all, platform);
    required.read();
    if (required.lines.isEmpty()) {
      operations.stream()
          .flatMap(file -> file.unreadArguments(required.files).stream())
          .map(unread -> api + ": " + unread.problem() + " " + unread.remedy())
          .forEach(required.lines::add);
    }
    return required.lines;
  }

  private static Set<String> folders(Path in) {
    try (Stream<Path> entries = Files.list(in)) {
      return entries
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      return Set.of();
    }
  }

  private void read() {
    readFolder(all); // what platforms share
    readFolder(folder);
    Set<String> required = PlatformRequests.operations();
    if (PlatformRequests.optional().stream().noneMatch(o -> served.contains("platform-" + o))) {
      required.removeAll(PlatformRequests.optional());
    }
    required.forEach(operation -> called.add("platform-" + operation));
    called.removeAll(served);
    if (lines.isEmpty() && !called.isEmpty()) {
      lines.add(
          "%s has no route for %s, and neither has %s. Put its files back as they were."
              .formatted(folder, directs(called), all));
    }
  }

  private void readFolder(Path in) {
    try (Stream<Path> files = Files.list(in)) {
      files.filter(file -> file.toString().endsWith(".camel.yaml")).sorted().forEach(this::read);
    } catch (IOException e) {
      lines.add(in + " cannot be read: " + e.getMessage() + ".");
    }
  }

  private static String directs(Collection<String> names) {
    return names.stream().map(name -> "direct:" + name).collect(Collectors.joining(", "));
  }

  private void read(Path file) {
    try {
      String text = Files.readString(file);
      Matcher uri = DIRECT.matcher(text);
      while (uri.find()) {
        (uri.group(1) == null ? called : served).add(uri.group(2));
      }
      files.add(YAML.readTree(text));
    } catch (JsonProcessingException e) {
      return; // Camel tells what is wrong with it
    } catch (CharacterCodingException e) {
      lines.add(file + " is not in UTF-8. Save it in UTF-8.");
    } catch (IOException e) {
      lines.add(file + " cannot be read.");
    }
  }
}
