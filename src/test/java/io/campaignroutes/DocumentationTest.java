package io.campaignroutes;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be compared of the documentation with what it is about. */
class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z_]+)[:}]");
  private static final Pattern TABLE = Pattern.compile("(?m)^create table ([a-z_]+)");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      LINK.matcher(text)
          .results()
          .forEach(
              link -> {
                Path to =
                    link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(to)
                    || link.group(2) != null && !anchors(to).contains(link.group(2))) {
                  dead.add(page + ": " + link.group());
                }
              });
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void everyVariableOfTheConfigurationIsInOperations() throws IOException {
    Set<String> variables = found(VARIABLE, Path.of("config/application.yaml"));
    variables.removeAll(Set.of("SPRING_DATASOURCE_USERNAME", "SPRING_DATASOURCE_PASSWORD"));
    String operations = Files.readString(Path.of("src/docs/operations.md"));
    assertThat(variables).isNotEmpty().allMatch(name -> operations.contains("`" + name + "`"));
  }

  @Test
  void everyTableIsInTheArchitecture() throws IOException {
    Set<String> tables = new TreeSet<>();
    for (Path migration : files(Path.of("src/main/resources/db/migration"))) {
      tables.addAll(found(TABLE, migration));
    }
    String architecture = Files.readString(Path.of("src/docs/architecture.md"));
    assertThat(tables).isNotEmpty().allMatch(name -> architecture.contains("`" + name + "`"));
  }

  private static Set<String> found(Pattern pattern, Path file) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map(one -> one.group(1))
        .collect(toCollection(TreeSet::new));
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path page) {
    try {
      return found(HEADING, page).stream()
          .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", ""))
          .map(heading -> heading.replace(' ', '-'))
          .collect(toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CHANGELOG.md")));
    for (String folder : List.of("routes", "config", "src/docs", ".github")) {
      files(Path.of(folder)).stream()
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(pages::add);
    }
    return pages;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
