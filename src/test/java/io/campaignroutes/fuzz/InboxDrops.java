package io.campaignroutes.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.fuzz.FuzzInput.Door;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Files for the inbox, most of them of many entries, and what became of them. */
public final class InboxDrops {
  private static final int MOST_LINES = 60;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> PIECES =
      List.of(
          "a",
          " ",
          "..",
          "\u00fc",
          "u\u0308",
          "\uD83D\uDE00",
          "\\",
          "\n",
          "\"",
          "'",
          "$HOME",
          "*",
          "?",
          "%41",
          "\u001b[31m",
          "\u202e",
          "\u2028",
          "&",
          ";",
          "~",
          ".json",
          "\t",
          "C=",
          "#",
          "-");

  /** A file, and the inputs that are its entries. */
  private record Dropped(String sha256, List<FuzzInput> entries, boolean lines) {}

  private final Campaigns campaigns;
  private final Path inbox;
  private final Path drafts;
  private final long seed;
  private final List<Dropped> all = new ArrayList<>();

  /**
   * Reads the examples.
   *
   * @param config the folder {@code config/}
   * @param drafts where files lie before they are moved into the inbox
   */
  public InboxDrops(Path config, Path inbox, Path drafts, long seed) throws IOException {
    this.campaigns = new Campaigns(config);
    this.inbox = inbox;
    this.drafts = drafts;
    this.seed = seed;
  }

  /**
   * Drops a file.
   *
   * @param from the number of its first input
   * @param most how many inputs it may have
   * @return how many it has
   */
  public int drop(long from, int most) throws IOException {
    Random dice = FuzzInput.dice(seed, from);
    if (dice.nextInt(3) > 0) {
      Campaigns.Made made = campaigns.any(from, false, dice);
      String kind = "file: " + made.kind();
      byte[] bytes = made.bytes();
      dropped(
          name("f" + from, dice.nextBoolean() ? ".json" : ".JSON", dice),
          bytes,
          List.of(new FuzzInput(from, Door.INBOX, kind, made.invalid(), false, bytes)),
          false);
      return 1;
    }
    int count = Math.min(most, 1 + dice.nextInt(MOST_LINES));
    List<FuzzInput> entries = new ArrayList<>();
    var content = new ByteArrayOutputStream();
    for (int n = 0; n < count; n++) {
      Random own = FuzzInput.dice(seed, from + n);
      Campaigns.Made made = campaigns.any(from + n, true, own);
      entries.add(
          new FuzzInput(
              from + n, Door.INBOX, "line: " + made.kind(), made.invalid(), false, made.bytes()));
      content.writeBytes(made.bytes());
      content.write('\n');
    }
    dropped(name("f" + from, ".ndjson", dice), content.toByteArray(), entries, true);
    return count;
  }

  /** Drops a file that a run has kept. */
  public void drop(String name, byte[] bytes) throws IOException {
    FuzzInput input = new FuzzInput(-1, Door.INBOX, "kept: " + name, true, false, bytes);
    dropped(inbox.resolve(name), bytes, List.of(input), false);
  }

  private void dropped(Path path, byte[] bytes, List<FuzzInput> entries, boolean lines)
      throws IOException {
    Path draft = drafts.resolve("draft");
    Files.write(draft, bytes);
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    all.add(new Dropped(hash(bytes), entries, lines));
  }

  private Path name(String before, String ending, Random dice) {
    var name = new StringBuilder(before);
    for (int n = dice.nextInt(4) == 0 ? dice.nextInt(20) : 0; n > 0; n--) {
      name.append(PIECES.get(dice.nextInt(PIECES.size())));
    }
    var uri = new StringBuilder(inbox.toUri().toString());
    for (byte b : Texts.utf8(name + ending)) {
      uri.append('%').append("%02X".formatted(b)); // whatever the locale of this process
    }
    return Path.of(URI.create(uri.toString()));
  }

  /** Names of campaigns that the files ask for in entries which must be refused. */
  public List<String> wrong() {
    return all.stream()
        .flatMap(file -> file.entries().stream())
        .filter(FuzzInput::invalid)
        .map(entry -> FuzzInput.name(entry.number()))
        .toList();
  }

  /** How many files wait in the inbox. */
  public long waiting() throws IOException {
    try (Stream<Path> files = Files.list(inbox)) {
      return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).count();
    }
  }

  /**
   * Looks at what became of all files, of which none may wait any more.
   *
   * @param table where each entry is counted
   * @param fault told of what was lost, and of what was launched though it must not
   */
  public void judge(FuzzTable table, Consumer<String> fault) throws IOException {
    Map<String, List<Path>> places = new HashMap<>();
    for (String folder : List.of("done", "failed")) {
      try (Stream<Path> files = Files.list(inbox.resolve(folder))) {
        for (Path file : files.toList()) {
          places
              .computeIfAbsent(hash(Files.readAllBytes(file)), any -> new ArrayList<>())
              .add(file);
        }
      }
    }
    for (Dropped file : all) {
      List<Path> at = places.getOrDefault(file.sha256(), List.of());
      if (at.isEmpty()) {
        fault.accept("lost: a file with " + file.entries().get(0));
        continue;
      }
      judge(file, at.get(at.size() - 1), table, fault);
    }
  }

  private static void judge(Dropped file, Path at, FuzzTable table, Consumer<String> fault)
      throws IOException {
    JsonNode results = report(at, ".result.json").path("campaigns");
    JsonNode errors = report(at, ".error.json");
    if (results.isEmpty() && errors.isEmpty()) {
      fault.accept("no report of " + at.getFileName());
    }
    for (int n = 0; n < file.entries().size(); n++) {
      FuzzInput entry = file.entries().get(n);
      boolean launched = !file.lines() ? !results.isEmpty() : tells(results, n);
      boolean refused = !file.lines() ? !errors.isEmpty() : tells(errors, n);
      if (!launched && !refused) {
        fault.accept("neither launched nor refused: " + told(entry));
      }
      if (launched && entry.invalid()) {
        fault.accept("launched though it is wrong: " + told(entry));
      }
      table.count(
          Door.INBOX,
          entry.kind(),
          launched ? refused ? "in part" : "taken" : refused ? "refused" : "lost");
    }
  }

  static String told(FuzzInput input) {
    String text = new String(input.bytes(), java.nio.charset.StandardCharsets.UTF_8);
    return "%d, %s: %s"
        .formatted(
            input.number(),
            input.kind(),
            text.length() > 500 ? text.substring(0, 500) + " ..." : text);
  }

  private static boolean tells(JsonNode list, int entry) {
    for (JsonNode one : list) {
      long first = one.path("entry").asLong(-1);
      if (first == -1 || first <= entry && entry < first + one.path("entries").asLong(1)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode report(Path of, String ending) throws IOException {
    Path report = Path.of(URI.create(of.toUri() + ending));
    return Files.exists(report) ? MAPPER.readTree(report.toFile()) : MAPPER.createArrayNode();
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
