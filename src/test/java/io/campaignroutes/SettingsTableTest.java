package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.settings.SettingTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Every setting with every value that people get wrong: it is understood, or the start ends with
 * one line that names it. The table of what came of each is written to {@code
 * target/settings-table.md}.
 */
class SettingsTableTest {
  private static final Pattern ASKED_FOR = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?=[:}])");

  /**
   * In so many starts are those settings tried that the file asks no variable for: each with others
   * that it has nothing to do with.
   */
  private static final int APART = 8;

  private static final List<String> REQUIRED =
      List.of("CXONE_BASE_URL", "CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET");

  /** What a good value is, by what the setting is. */
  private static final Map<Kind, String> GOOD =
      Map.of(
          Kind.DURATION, "7s",
          Kind.DURATIONS, "7s,8s",
          Kind.WHOLE, "7",
          Kind.NUMBER, "0.5",
          Kind.SWITCH, "true",
          Kind.ADDRESS, "https://x.example",
          Kind.DATABASE, "jdbc:postgresql://x.example/db",
          Kind.SIGNING, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
          Kind.NETWORKS, "10.0.0.7,192.168.0.0/16",
          Kind.TEXT, "seven");

  private enum Kind {
    DURATION,
    DURATIONS,
    WHOLE,
    NUMBER,
    SWITCH,
    CHOICE,
    ADDRESS,
    DATABASE,
    SIGNING,
    NETWORKS,
    TEXT
  }

  /** Ways to get a value wrong. */
  private enum Slip {
    MISSING,
    EMPTY,
    BLANK,
    PADDED,
    NEWLINE,
    NO_UNIT,
    NEGATIVE,
    WRONG_TYPE,
    WRONG_SCHEME,
    CONTROL,
    MISSPELT
  }

  private static final Path KEYS = Path.of("target", "settings-table-keys.yaml");

  private final List<String> table = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void everySettingIsUnderstoodOrEndsTheStartWithOneLineThatNamesIt() throws IOException {
    Files.writeString(KEYS, "# nobody\n");
    Map<String, String> variables = variables();
    assertThat(variables).hasSizeGreaterThan(18);
    variables.forEach(
        (variable, property) -> {
          for (Slip slip : Slip.values()) {
            tried(List.of(Mistake.of(variable, property, slip)));
          }
        });
    Map<String, Class<?>> properties = SettingTypes.all();
    assertThat(properties).hasSizeGreaterThan(100);
    List<String> others =
        properties.keySet().stream().filter(p -> !variables.containsValue(p)).sorted().toList();
    for (int first = 0; first < APART; first++) {
      List<String> some = new ArrayList<>();
      for (int n = first; n < others.size(); n += APART) {
        some.add(others.get(n));
      }
      for (Slip slip : List.of(Slip.WRONG_TYPE, Slip.NO_UNIT, Slip.NEGATIVE, Slip.EMPTY)) {
        tried(some.stream().map(p -> Mistake.of(relaxed(p), p, slip)).toList());
      }
      for (Slip slip : List.of(Slip.WRONG_TYPE, Slip.NO_UNIT, Slip.PADDED, Slip.MISSPELT)) {
        tried(some.stream().map(p -> Mistake.of("--" + p, p, slip)).toList());
      }
    }

    List<String> lines = new ArrayList<>(List.of("| setting | given | outcome |", "|---|---|---|"));
    lines.addAll(table);
    Files.write(Path.of("target", "settings-table.md"), lines);
    System.out.println(lines.size() - 2 + " trials of settings, see target/settings-table.md");
    assertThat(wrong).isEmpty();
  }

  /**
   * A setting with a value that somebody got wrong.
   *
   * @param written the variable or argument that it should have
   * @param name the one that it has
   * @param given null when it has none
   */
  private record Mistake(
      String written,
      String property,
      Slip slip,
      Kind kind,
      String good,
      String name,
      String given) {
    static Mistake of(String written, String property, Slip slip) {
      Kind kind = SettingsTableTest.kind(property);
      String good = kind == Kind.CHOICE ? choice(property) : SettingsTableTest.good(property, kind);
      String name = slip == Slip.MISSPELT ? misspelt(written) : written;
      return new Mistake(
          written, property, slip, kind, good, name, SettingsTableTest.given(slip, kind, good));
    }

    boolean canBeMade() {
      return given != null || slip == Slip.MISSING;
    }

    boolean isNamedBy(String line) {
      return line.startsWith(name + " ");
    }
  }

  /** One start with all these mistakes: each has its own line or none, and there is no other. */
  private void tried(List<Mistake> all) {
    List<Mistake> mistakes = all.stream().filter(Mistake::canBeMade).toList();
    if (mistakes.isEmpty()) {
      return;
    }
    Map<String, String> variables = new HashMap<>();
    List<String> arguments = new ArrayList<>();
    for (Mistake one : mistakes) {
      if (one.slip == Slip.MISSPELT && REQUIRED.contains(one.written)) {
        variables.put(one.written, null);
      }
      if (one.name.startsWith("--")) {
        arguments.add(one.name + "=" + one.given);
      } else {
        variables.put(one.name, one.given);
      }
    }
    if (mistakes.stream().anyMatch(one -> one.property.startsWith("oidc."))) {
      variables.putIfAbsent("OIDC_ISSUER", GOOD.get(Kind.ADDRESS)); // none does without these
      variables.putIfAbsent("OIDC_AUDIENCE", GOOD.get(Kind.TEXT));
    }
    StartTrial trial = StartTrial.with(variables, arguments.toArray(String[]::new));
    trial.lines.stream()
        .filter(line -> mistakes.size() > 1)
        .filter(line -> mistakes.stream().noneMatch(one -> one.isNamedBy(line)))
        .forEach(line -> wrong.add("a line that names none of the settings at fault: " + line));
    for (Mistake one : mistakes) {
      List<String> lines =
          mistakes.size() == 1 ? trial.lines : trial.lines.stream().filter(one::isNamedBy).toList();
      told(one, lines, trial);
    }
  }

  private void told(Mistake one, List<String> lines, StartTrial trial) {
    String outcome = String.join(" // ", lines);
    String expected = unexpected(trial, lines, one);
    if (expected != null) {
      wrong.add(one.name + "=" + one.given + ": " + expected + ", but: " + outcome);
    }
    table.add(
        "| `%s` | %s `%s` | %s |"
            .formatted(
                one.name,
                one.slip.name().toLowerCase().replace('_', ' '),
                one.given == null
                    ? ""
                    : one.given.replace("\n", "\\n").replace("\u0001", "\\u0001"),
                lines.isEmpty()
                    ? trial.warnings().isEmpty() ? "understood" : trial.warnings().get(0)
                    : outcome));
  }

  /** What should have come of it, when something else did. */
  private static String unexpected(StartTrial trial, List<String> lines, Mistake one) {
    Slip slip = one.slip;
    Kind kind = one.kind;
    String name = one.name;
    boolean oneLine = lines.size() == 1 && one.isNamedBy(lines.get(0));
    boolean refused =
        switch (slip) {
          case NO_UNIT -> kind == Kind.DURATION || kind == Kind.DURATIONS;
          case WRONG_TYPE, WRONG_SCHEME, CONTROL -> kind != Kind.TEXT || slip == Slip.CONTROL;
          case NEGATIVE -> kind == Kind.DURATION || kind == Kind.DURATIONS;
          case MISSPELT -> name.startsWith("--");
          default -> false;
        };
    if (refused) {
      return oneLine ? null : "one line that names it";
    }
    boolean unset = slip == Slip.MISSING || slip == Slip.EMPTY || slip == Slip.BLANK;
    if (unset || slip == Slip.MISSPELT) {
      if (REQUIRED.contains(one.written)) {
        return lines.size() == 1
                && lines.get(0).startsWith(one.written + " is not set.")
                && (slip != Slip.MISSPELT || lines.get(0).contains(name))
            ? null
            : "the line that it is not set";
      }
      if (!lines.isEmpty() && !oneLine) {
        return "the default";
      }
      return slip == Slip.MISSPELT
              && name.length() > 5 // shorter ones are many programs'
              && trial.warnings().stream().noneMatch(line -> line.startsWith(name + " "))
          ? "a word in the log"
          : null;
    }
    if (slip == Slip.PADDED || slip == Slip.NEWLINE) {
      return lines.isEmpty() && one.good.equals(trial.value(one.property).strip())
              || oneLine && name.startsWith("--")
          ? null
          : "the same as " + one.good;
    }
    return lines.isEmpty() || oneLine ? null : "understood, or one line that names it";
  }

  private static String given(Slip slip, Kind kind, String good) {
    boolean time = kind == Kind.DURATION || kind == Kind.DURATIONS;
    return switch (slip) {
      case MISSING -> null;
      case EMPTY -> "";
      case BLANK -> "  ";
      case PADDED -> " " + good + " ";
      case NEWLINE -> good + "\n";
      case NO_UNIT -> time ? kind == Kind.DURATION ? "5" : "5,30,120" : null;
      case NEGATIVE -> kind == Kind.DURATIONS ? "-1s,2s" : time ? "-1s" : "-1";
      case WRONG_TYPE -> kind == Kind.TEXT ? null : "seven x";
      case WRONG_SCHEME ->
          kind == Kind.ADDRESS ? "ftp://x.example" : kind == Kind.DATABASE ? "jdbc:db2:x" : null;
      case CONTROL -> good + "\u0001x";
      case MISSPELT -> good;
    };
  }

  private static String misspelt(String name) {
    int letter = name.length() - 2;
    return name.substring(0, letter) + name.substring(letter + 1);
  }

  /** The variables that application.yaml asks for, and the settings that they are. */
  private static Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    for (PropertySource<?> source : StartTrial.with(Map.of()).environment.getPropertySources()) {
      if (source instanceof OriginTrackedMapPropertySource file) {
        for (String name : ((EnumerablePropertySource<?>) file).getPropertyNames()) {
          Matcher asked = ASKED_FOR.matcher(String.valueOf(file.getProperty(name)));
          if (asked.find()) {
            variables.put(asked.group(1), name);
          }
        }
      }
    }
    variables.put("PORT", "server.port");
    variables.put("LOG_FORMAT", "logging.structured.format.console");
    return variables;
  }

  private static String relaxed(String property) {
    return property.toUpperCase().replace("-", "").replace('.', '_');
  }

  private static Kind kind(String property) {
    Map<String, Kind> special = new LinkedHashMap<>();
    special.put("base-url", Kind.ADDRESS);
    special.put("token-url", Kind.ADDRESS);
    special.put("access-key-url", Kind.ADDRESS);
    special.put("discovery-url", Kind.ADDRESS);
    special.put(".endpoint", Kind.ADDRESS);
    special.put("public-url", Kind.ADDRESS);
    special.put("oidc.issuer", Kind.ADDRESS);
    special.put("datasource.url", Kind.DATABASE);
    special.put("signing-secret", Kind.SIGNING);
    special.put("trusted-proxies", Kind.NETWORKS);
    special.put("server.port", Kind.WHOLE);
    special.put("management-port", Kind.WHOLE);
    special.put("structured.format.console", Kind.CHOICE);
    for (Map.Entry<String, Kind> one : special.entrySet()) {
      if (property.endsWith(one.getKey())) {
        return one.getValue();
      }
    }
    Class<?> type = SettingTypes.all().getOrDefault(property, String.class);
    if (type == Duration.class) {
      return Kind.DURATION;
    }
    if (type == List.class) {
      return property.endsWith("schedule") ? Kind.DURATIONS : Kind.TEXT;
    }
    if (type == int.class || type == long.class) {
      return Kind.WHOLE;
    }
    if (type == double.class) {
      return Kind.NUMBER;
    }
    return type == boolean.class ? Kind.SWITCH : type.isEnum() ? Kind.CHOICE : Kind.TEXT;
  }

  private static String good(String property, Kind kind) {
    if (property.endsWith("api-keys-file")) {
      return KEYS.toString(); // has to be there
    }
    return switch (property) {
      case "server.port", "management.server.port" -> "7777";
      case "cxone.platform" -> "v2";
      case "audit.signing-key" ->
          "MC4CAQAwBQYDK2VwBCIEIGd9/DjqDqIRIiV3WCrsItc7WNxGAfB/9NI2h6OpfXIP";
      case "campaign-routes.allow-insecure" -> "readable-secrets";
      default -> GOOD.get(kind);
    };
  }

  private static String choice(String property) {
    Class<?> type = SettingTypes.all().get(property);
    return type == null ? "ecs" : type.getEnumConstants()[0].toString().toLowerCase();
  }
}
