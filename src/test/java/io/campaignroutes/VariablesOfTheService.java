package io.campaignroutes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables that a place to run may set. */
final class VariablesOfTheService {
  private static final Pattern ASKED_FOR = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?=[:}])");

  private VariablesOfTheService() {}

  /** Those that {@code config/application.yaml} asks for, and what Spring is asked for. */
  static Set<String> all() throws IOException {
    Set<String> all = new TreeSet<>();
    Matcher matcher = ASKED_FOR.matcher(Files.readString(Path.of("config", "application.yaml")));
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    all.add("SPRING_PROFILES_ACTIVE"); // Spring reads it itself
    return all;
  }
}
