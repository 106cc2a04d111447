package io.campaignroutes.access;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code keys add}, {@code keys list}, {@code keys revoke}: the keys of the API. A running service
 * takes what is written within 5 s.
 */
@Command(
    name = "keys",
    description = "Makes, lists and revokes keys of the API.",
    customSynopsis = "keys add | list | revoke [options]")
public final class KeysCommand {
  private static final String FILE = "API_KEYS_FILE";
  private static final String DATA = "DATA_DIR";
  private static final int KEY_BYTES = 32;
  private static final String PREFIX = "crk_";
  private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,4})([hd])");

  @Spec private CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "the file; by default $API_KEYS_FILE, or keys.yaml in $DATA_DIR or data")
  private String path;

  /** Where the running service looks with the same environment. */
  private KeysFile file() {
    return new KeysFile(place());
  }

  private Path place() {
    String given = path == null ? System.getenv(FILE) : path;
    if (given != null && !given.isBlank()) {
      return Path.of(given.strip());
    }
    String data = System.getenv(DATA);
    return Path.of(data == null || data.isBlank() ? "data" : data.strip(), "keys.yaml");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private interface Work {
    void with(KeysFile file) throws IOException;
  }

  private int with(Work work) {
    try {
      work.with(file());
      out().flush();
      return 0;
    } catch (IOException e) {
      throw new IllegalStateException(file().told(e), e);
    }
  }

  @Command(
      name = "add",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:done", "1:not done; the line says why", "2:the command is not understood"},
      description = "Makes a key and prints it, once: only its SHA-256 is kept.",
      customSynopsis =
          "keys add --name N --role viewer|operator|admin [--expires 90d] [--file FILE]")
  int add(
      @Option(names = "--name", required = true, paramLabel = "N", description = "who uses it")
          String name,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "R",
              description =
                  "viewer reads; operator also launches, steers, replays and uploads; admin also"
                      + " switches destinations")
          String role,
      @Option(
              names = "--expires",
              paramLabel = "TIME",
              description = "after how many days or hours it opens nothing: 90d, 12h")
          String expires) {
    Role known =
        Role.of(role)
            .orElseThrow(
                () ->
                    wrong(
                        "the option --role wants one of %s, not '%s'"
                            .formatted(String.join(", ", Role.words()), role)));
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant until = expires == null ? null : now.plus(time(expires));
    try {
      ApiKey.requireName(name);
    } catch (KeysFaultException e) {
      throw wrong(e.getMessage());
    }
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return with(
        file -> {
          file.add(new ApiKey(name, known, Hashes.sha256(key), now, until));
          out().println(key);
        });
  }

  @Command(
      name = "list",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:done", "1:not done; the line says why", "2:the command is not understood"},
      description = "Lists the keys: name, role, when made, when they expire.",
      customSynopsis = "keys list [--file FILE]")
  int list() {
    return with(
        file -> {
          List<ApiKey> keys = read(file);
          if (keys.isEmpty()) {
            out().println("There are no keys in " + place() + ".");
          }
          Instant now = Instant.now();
          keys.forEach(
              key ->
                  out()
                      .printf(
                          "%-24s %-8s made %s, %s%n",
                          key.name(),
                          key.role().word(),
                          Objects.requireNonNullElse(key.made(), "at an unknown time"),
                          key.expires() == null
                              ? "never expires"
                              : (key.expired(now) ? "expired " : "expires ") + key.expires()));
        });
  }

  private static List<ApiKey> read(KeysFile file) throws IOException {
    try {
      return file.read();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  @Command(
      name = "revoke",
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:done", "1:not done; the line says why", "2:the command is not understood"},
      description = "Takes a key out: the running service refuses it within 5 s.",
      customSynopsis = "keys revoke N [--file FILE]")
  int revoke(@Parameters(paramLabel = "N", description = "its name") String name) {
    return with(
        file -> {
          file.revoke(name);
          out().println("Revoked: " + name);
        });
  }

  private Duration time(String given) {
    Matcher time = TIME.matcher(given);
    if (!time.matches()) {
      throw wrong(
          "the option --expires wants days or hours such as 90d or 12h, not '%s'".formatted(given));
    }
    long n = Long.parseLong(time.group(1));
    return time.group(2).equals("d") ? Duration.ofDays(n) : Duration.ofHours(n);
  }

  private ParameterException wrong(String what) {
    return new ParameterException(
        spec.subcommands().get("add"),
        what.endsWith(".") ? what.substring(0, what.length() - 1) : what);
  }
}
