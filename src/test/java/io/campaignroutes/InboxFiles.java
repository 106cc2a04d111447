package io.campaignroutes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Generated inbox files: odd names, contents, encodings and timings, each with what must come of
 * it.
 */
final class InboxFiles {
  /** How a log line would begin that a file name has forged. */
  static final String FORGED = "10:00:00.000 INFO  Forged";

  /** In each name, so that the log can be searched for it. */
  static final Pattern TOKEN = Pattern.compile("f\\d{4}x");

  private static final int MAX_NAME = 255;
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
  private static final byte[][] PIECES = pieces();
  private static final String TOMORROW =
      Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();

  /**
   * A content that a file has had.
   *
   * @param good names of its good requests
   * @param refused whether an entry of it is refused
   * @param folder where it ends
   * @param names how many names it has there
   * @param mayBeMissed whether it may be gone before it was looked at
   */
  record Version(
      byte[] bytes,
      List<String> good,
      boolean refused,
      String folder,
      int names,
      boolean mayBeMissed) {
    Version at(String place) {
      return new Version(bytes, good, refused, place, names, mayBeMissed);
    }

    Version named(int times) {
      return new Version(bytes, good, refused, folder, times, mayBeMissed);
    }

    Version missable() {
      return new Version(bytes, good, refused, folder, names, true);
    }
  }

  private interface Dropping {
    void drop() throws Exception;
  }

  /** A file, what it holds one after the other, and how it comes into the inbox. */
  static final class Dropped {
    final String token;
    final String kind;
    final List<Version> versions;
    final boolean told;
    private final Dropping dropping;

    Dropped(String token, String kind, boolean told, Dropping dropping, Version... versions) {
      this.token = token;
      this.kind = kind;
      this.told = told;
      this.dropping = dropping;
      this.versions = List.of(versions);
    }

    void drop() throws Exception {
      dropping.drop();
    }

    @Override
    public String toString() {
      return token + " (" + kind + ")";
    }
  }

  private final Random random;
  private final String prefix;
  private final Path inbox;
  private final Path drafts;

  InboxFiles(long seed, String prefix, Path inbox, Path drafts) {
    this.random = new Random(seed);
    this.prefix = prefix;
    this.inbox = inbox;
    this.drafts = drafts;
  }

  List<Dropped> make(int count) {
    List<Dropped> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(make("f%04dx".formatted(i)));
    }
    return files;
  }

  private Dropped make(String token) {
    boolean lines = random.nextBoolean();
    String ending = cased(lines ? ".ndjson" : ".json");
    Path path = raw(name("", token, ending));
    Version version = content(token, lines);
    Path draft = drafts.resolve(token);
    int pause = random.nextInt(400);
    switch (random.nextInt(20)) {
      case 0, 1:
        return growing(token, path, lines, pause);
      case 2, 3:
        return growing(token, path, lines, 1_200 + pause);
      case 4:
        {
          Version first = lines(token + "-1", 12).missable();
          Version second = lines(token + "-2", 2);
          Path same = raw(name("", token, ".ndjson"));
          return new Dropped(
              token,
              "replaced",
              true,
              () -> {
                move(draft, same, first.bytes());
                pause(500 + pause);
                move(draft, same, second.bytes());
              },
              first,
              second);
        }
      case 5:
        {
          Path other = raw(name("l-", token, ending));
          return new Dropped(
              token,
              "linked",
              true,
              () -> {
                Files.write(draft, version.bytes());
                Files.createLink(other, draft);
                Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
              },
              version.named(2));
        }
      case 6:
        {
          Version some = lines(token, 12);
          Path from = raw(name("", token, ".ndjson"));
          Path to = raw(name("r-", token, ".ndjson"));
          return new Dropped(
              token,
              "renamed",
              true,
              () -> {
                move(draft, from, some.bytes());
                pause(500 + pause);
                moveIfThere(from, to);
              },
              some);
        }
      case 7:
        {
          Version gone = lines(token, 12).missable();
          Path from = raw(name("", token, ".ndjson"));
          return new Dropped(
              token,
              "vanished",
              false,
              () -> {
                move(draft, from, gone.bytes());
                pause(500 + pause);
                Files.deleteIfExists(from);
              },
              gone);
        }
      case 8:
        {
          String other =
              List.of(".jsonl", ".txt", ".json.result.json", ".NDJSON.error.json", ".json~")
                  .get(random.nextInt(5));
          Path stays = raw(name("", token, other));
          return new Dropped(
              token, "other", true, () -> move(draft, stays, version.bytes()), version.at("inbox"));
        }
      case 9:
        {
          boolean dangling = random.nextBoolean();
          return new Dropped(
              token,
              dangling ? "dangling" : "symbolic link",
              true,
              () -> {
                if (!dangling) {
                  Files.write(draft, version.bytes());
                }
                Files.createSymbolicLink(path, draft);
              });
        }
      case 10:
        {
          Path hidden = raw(name(".", token, ending));
          return new Dropped(
              token,
              "hidden",
              false,
              () -> move(draft, hidden, version.bytes()),
              version.at("inbox"));
        }
      case 11:
        {
          Path like = raw(name("", token, random.nextBoolean() ? ".result.json" : ".error.json"));
          Version document = array(token, 2);
          return new Dropped(
              token, "like a report", true, () -> move(draft, like, document.bytes()), document);
        }
      case 12:
        return new Dropped(
            token,
            "unreadable",
            true,
            () -> {
              Files.write(draft, version.bytes());
              if (!ROOT) {
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("---------"));
              }
              Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            },
            ROOT ? new Version[] {version} : new Version[0]);
      default:
        return new Dropped(
            token,
            "plain",
            true,
            () -> {
              if (pause % 2 == 0) {
                move(draft, path, version.bytes());
              } else {
                Files.write(path, version.bytes());
              }
            },
            version);
    }
  }

  private Dropped growing(String token, Path path, boolean lines, int pause) {
    Version whole = lines ? lines(token, 4) : array(token, 4);
    int cut = 1 + random.nextInt(whole.bytes().length - 1);
    return new Dropped(
        token,
        "growing, pause of " + pause + " ms",
        true,
        () -> {
          try (var out = Files.newOutputStream(path)) {
            out.write(whole.bytes(), 0, cut);
            out.flush();
            pause(pause);
            out.write(whole.bytes(), cut, whole.bytes().length - cut);
          }
        },
        whole);
  }

  // contents

  private Version content(String token, boolean lines) {
    switch (random.nextInt(9)) {
      case 0:
        return refused(("{\"broken\": \"" + token).getBytes(StandardCharsets.UTF_8));
      case 1:
        return refused(
            " "
                .repeat(1 + Integer.parseInt(token.substring(1, 5)))
                .getBytes(StandardCharsets.UTF_8));
      case 2:
        return refused(one(token + "\u00fc", "").getBytes(StandardCharsets.ISO_8859_1));
      case 3:
        {
          Charset wide =
              List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, Charset.forName("UTF-32"))
                  .get(random.nextInt(3));
          Version text = lines ? lines(token, 2) : array(token, 2);
          return recoded(text, new String(text.bytes(), StandardCharsets.UTF_8), wide);
        }
      case 4:
        {
          Version text = lines ? lines(token, 2) : array(token, 2);
          return recoded(
              text,
              "\ufeff" + new String(text.bytes(), StandardCharsets.UTF_8),
              StandardCharsets.UTF_8);
        }
      case 5:
        {
          Version text = lines ? lines(token, 3) : array(token, 3);
          String bad =
              one(token + "-bad", ",\"timeZone\":\"Mars/Base\"")
                  .replaceFirst("\"timeZone\":\"America/New_York\",", "");
          String all = new String(text.bytes(), StandardCharsets.UTF_8);
          all = lines ? all + bad + "\n1\n" : all.substring(0, all.length() - 1) + "," + bad + "]";
          return new Version(
              all.getBytes(StandardCharsets.UTF_8), text.good(), true, "failed", 1, false);
        }
      case 6:
        return lines ? lines(token, 1 + random.nextInt(12)) : array(token, 1 + random.nextInt(6));
      default:
        return lines ? lines(token, 1) : single(token);
    }
  }

  private static Version refused(byte[] bytes) {
    return new Version(bytes, List.of(), true, "failed", 1, false);
  }

  private static Version recoded(Version text, String as, Charset charset) {
    return new Version(as.getBytes(charset), text.good(), false, "done", 1, false);
  }

  private Version single(String token) {
    return good(one(token + "-0", ""), List.of(campaign(token + "-0")));
  }

  private Version lines(String token, int count) {
    List<String> texts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    many(token, count, texts, names);
    return good(String.join("\n", texts) + "\n", names);
  }

  private Version array(String token, int count) {
    List<String> texts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    many(token, count, texts, names);
    return good("[" + String.join(",\n", texts) + "]", names);
  }

  private void many(String token, int count, List<String> texts, List<String> names) {
    for (int i = 0; i < count; i++) {
      texts.add(one(token + "-" + i, ""));
      names.add(campaign(token + "-" + i));
    }
  }

  private static Version good(String text, List<String> names) {
    return new Version(text.getBytes(StandardCharsets.UTF_8), names, false, "done", 1, false);
  }

  private String campaign(String of) {
    return prefix + " " + of.replace("x-", "y-"); // the log's lines about campaigns are not counted
  }

  private String one(String of, String more) {
    return "{\"name\":\"%s\",\"agentPoolId\":\"pool-1\",\"timeZone\":\"America/New_York\",\"pacingLimit\":5,\"activateAt\":\"%s\"%s}"
        .formatted(campaign(of), TOMORROW, more);
  }

  // names

  private byte[] name(String before, String token, String ending) {
    var name = new ByteArrayOutputStream();
    name.writeBytes(
        utf8(before.isEmpty() ? List.of("", "-", " ", "#").get(random.nextInt(4)) : before));
    name.writeBytes(utf8(token));
    int most = MAX_NAME - utf8(ending).length;
    int wanted = random.nextInt(4) == 0 ? most : name.size() + random.nextInt(20);
    while (true) {
      byte[] piece = PIECES[random.nextInt(PIECES.length)];
      if (name.size() + piece.length > Math.min(wanted, most)) {
        break;
      }
      name.writeBytes(piece);
    }
    name.writeBytes(utf8(ending));
    return name.toByteArray();
  }

  /** Of names; none that could be taken for a fault of a text which the name stands in. */
  private static byte[][] pieces() {
    List<byte[]> pieces = new ArrayList<>();
    for (String text :
        List.of(
            "a",
            "b.",
            "ü",
            "u\u0308",
            "漢",
            "😀",
            "👩‍💻",
            "\\",
            "..\\",
            "C=",
            "\n",
            "\r\n" + FORGED + " ",
            "\n" + FORGED,
            "%41",
            "%",
            "\"a",
            "'a",
            "$HOME",
            "*",
            "?",
            " ",
            "\t",
            "\u001b[31m",
            "\u2028",
            "\u202e",
            "{x}",
            "$(body)",
            "&",
            ";",
            "~")) {
      pieces.add(utf8(text));
    }
    for (int b : new int[] {0xff, 0xc3, 0x80, 0xfc, 0xe6}) {
      pieces.add(new byte[] {(byte) b});
    }
    return pieces.toArray(new byte[0][]);
  }

  private String cased(String ending) {
    return switch (random.nextInt(4)) {
      case 0 -> ending.toUpperCase();
      case 1 -> ending.replace("j", "J");
      default -> ending;
    };
  }

  /** Names of any bytes become paths by their escaped form, whatever the locale of this process. */
  private Path raw(byte[] name) {
    var uri = new StringBuilder(inbox.toUri().toString());
    for (byte b : name) {
      uri.append('%').append("%02X".formatted(b));
    }
    return Path.of(URI.create(uri.toString()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // droppings

  private static void move(Path draft, Path path, byte[] bytes) throws IOException {
    Files.write(draft, bytes);
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void moveIfThere(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // taken already
    }
  }

  private static void pause(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}
