package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The torn lines that were moved aside: each lies in a file of its own, and a line tells of it and
 * of its hash.
 */
final class TornFiles {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-]{1,64}\\.jsonl\\.torn-[0-9T.Z]{1,40}");

  private final SortedMap<String, Told> told = new TreeMap<>();
  private final SortedSet<String> lying = new TreeSet<>();

  private record Told(String file, long line, long seq, long bytes, String sha256) {}

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** A line says {@code file}, {@code fileBytes} and {@code fileSha256}. */
  void told(JsonNode says, String file, long line, long seq) {
    told.put(
        says.path("file").asText(),
        new Told(
            file, line, seq, says.path("fileBytes").asLong(-1), says.path("fileSha256").asText()));
  }

  /** A file of such a name is in the folder. */
  void lies(String name) {
    lying.add(name);
  }

  /** Holds one against the other, once all lines have been read. */
  void check(Path folder, AuditEvidence evidence, AuditReport report) throws IOException {
    for (var entry : told.entrySet()) {
      String name = entry.getKey();
      Told line = entry.getValue();
      String found = lying.contains(name) ? looksLike(folder.resolve(name)) : "no file";
      String expected = line.bytes() + " bytes with SHA-256 " + line.sha256();
      if (!found.equals(expected)) {
        String what = "the torn line that was moved to " + name + " is not there as it was";
        if (evidence.strict()) {
          report.bad(line.file(), line.line(), line.seq(), what, expected, found);
          return;
        }
        report.warnings().add(line.file() + ", line " + line.line() + ": " + what);
      }
    }
    for (String name : lying) {
      if (told.containsKey(name)) {
        report.notes().add(name + " is a torn last line that was moved aside");
      } else if (evidence.strict() && !evidence.lenient()) {
        report.bad(name, 1, null, "no line tells of this torn line", "no such file", "a file");
        return;
      } else {
        report.warnings().add(name + ": no line tells of this torn line");
      }
    }
  }

  private static String looksLike(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return "no file";
    }
    MessageDigest digest = Hashes.sha256();
    long bytes;
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      bytes = in.transferTo(OutputStream.nullOutputStream());
    }
    return bytes + " bytes with SHA-256 " + Hashes.hex(digest);
  }
}
