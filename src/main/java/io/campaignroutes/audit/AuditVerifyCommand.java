package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code audit verify <dir>}: checks the audit files of a folder, without the service and without
 * its store. Exit code 0: all intact; 1: something was changed, and the first bad line is named; 2:
 * it could not be read, so nothing is known.
 *
 * <ul>
 *   <li>{@code --key FILE}: a copy of {@code checkpoint.pub} that was kept elsewhere. There must be
 *       checkpoints, all signed with it, and every line must be covered by one.
 *   <li>{@code --checkpoint FILE_OR_TEXT}: a line of {@code checkpoints.jsonl} that was kept
 *       elsewhere, or a copy of the file, of which the last line counts. It must be there
 *       unchanged, and so must all that it and those before it cover.
 *   <li>{@code --at-least N}: there must be N checkpoints.
 *   <li>{@code --lenient}: for the folder of a running service: lines of the last five minutes need
 *       no checkpoint yet.
 *   <li>{@code --json}: one object instead of text.
 * </ul>
 *
 * What could not be seen with the arguments given is printed as {@code not proven}.
 */
public final class AuditVerifyCommand {
  private static final String USAGE =
      "usage: audit verify <dir> [--key FILE] [--checkpoint FILE_OR_TEXT] [--at-least N]"
          + " [--lenient] [--json]";
  private static final int SHOWN = 20;

  private AuditVerifyCommand() {}

  /** The command line. */
  private record Arguments(
      String dir, String keyFile, String checkpoint, long atLeast, boolean lenient, boolean json) {

    /**
     * @throws IllegalArgumentException saying what is not understood
     */
    static Arguments of(List<String> words) {
      String dir = null;
      String keyFile = null;
      String checkpoint = null;
      long atLeast = 0;
      boolean lenient = false;
      boolean json = false;
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        boolean more = i + 1 < words.size();
        if (word.equals("--json")) {
          json = true;
        } else if (word.equals("--lenient")) {
          lenient = true;
        } else if (word.equals("--key") && more) {
          keyFile = words.get(++i);
        } else if (word.equals("--checkpoint") && more) {
          checkpoint = words.get(++i);
        } else if (word.equals("--at-least") && more && words.get(i + 1).matches("[0-9]{1,18}")) {
          atLeast = Long.parseLong(words.get(++i));
        } else if (!word.startsWith("--") && dir == null) {
          dir = word;
        } else {
          throw new IllegalArgumentException("'" + word + "' is not understood\n" + USAGE);
        }
      }
      if (dir == null) {
        throw new IllegalArgumentException("no folder was given\n" + USAGE);
      }
      return new Arguments(dir, keyFile, checkpoint, atLeast, lenient, json);
    }
  }

  /**
   * Runs the command. A finding goes to {@code out}, as text or, with {@code --json}, as one object
   * {@code {result, files, lines, checkpoints, lastCheckpoint?, key?, problem?, notProven,
   * warnings, notes}}; why it could not run goes to {@code err}.
   *
   * @param args the command line, with or without the leading words {@code audit verify}
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    List<String> words = Arrays.asList(args);
    if (words.size() >= 2 && words.get(0).equals("audit") && words.get(1).equals("verify")) {
      words = words.subList(2, words.size());
    }
    try {
      Arguments given = Arguments.of(words);
      Path folder = Path.of(given.dir());
      if (!Files.isDirectory(folder)) {
        return unreadable(err, folder + " is not a folder");
      }
      AuditEvidence evidence =
          AuditEvidence.read(
              folder, given.keyFile(), given.checkpoint(), given.atLeast(), given.lenient());
      AuditReport report = new AuditVerifier(folder, evidence).verify();
      if (given.json()) {
        printJson(report, evidence, out);
      } else {
        print(report, evidence, out);
      }
      return report.problem() == null ? 0 : 1;
    } catch (AuditVerifier.NoKeyException | IllegalArgumentException e) {
      return unreadable(err, e.getMessage());
    } catch (IOException e) {
      return unreadable(err, "cannot read: " + FileFaults.told(e));
    } catch (GeneralSecurityException e) {
      return unreadable(err, "the public key is not an Ed25519 key in PEM form: " + e.getMessage());
    }
  }

  private static int unreadable(PrintStream err, String why) {
    err.println("audit verify: " + why);
    return 2;
  }

  private static void printJson(AuditReport report, AuditEvidence evidence, PrintStream out)
      throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("result", report.problem() == null ? "intact" : "broken");
    object.put("files", report.files());
    object.put("lines", report.lines());
    object.put("checkpoints", report.checkpoints());
    if (report.last() != null) {
      object.put("lastCheckpoint", report.last());
    }
    if (evidence.key() != null) {
      object.put(
          "key",
          Map.of("sha256", evidence.key().fingerprint(), "keptElsewhere", evidence.keyGiven()));
    }
    if (report.problem() != null) {
      object.put("problem", report.problem());
    }
    object.put("notProven", report.notProven());
    object.put("warnings", report.warnings());
    object.put("notes", report.notes());
    out.println(new ObjectMapper().writeValueAsString(object));
  }

  private static void print(AuditReport report, AuditEvidence evidence, PrintStream out) {
    AuditReport.Problem problem = report.problem();
    if (problem == null) {
      out.printf(
          "INTACT: %d files, %d lines, %d checkpoints%n",
          report.files(), report.lines(), report.checkpoints());
    } else {
      out.printf(
          "BROKEN: %s, line %d, seq %s: %s%n  expected: %s%n  found:    %s%n",
          problem.file(),
          problem.line(),
          problem.seq() == null ? "unknown" : problem.seq(),
          problem.what(),
          problem.expected(),
          problem.found());
    }
    if (report.last() != null) {
      out.println("last checkpoint: " + report.last() + ", SHA-256 " + report.last().sha256());
    }
    if (evidence.key() != null) {
      out.printf(
          "key: SHA-256 %s, %s%n",
          evidence.key().fingerprint(),
          evidence.keyGiven() ? "given with --key" : "from the folder itself");
    }
    list("not proven", report.notProven(), out);
    list("warning", report.warnings(), out);
    list("note", report.notes(), out);
  }

  private static void list(String word, List<String> texts, PrintStream out) {
    texts.stream().limit(SHOWN).forEach(text -> out.println(word + ": " + text));
    if (texts.size() > SHOWN) {
      out.printf("%s: and %d more, listed by --json%n", word, texts.size() - SHOWN);
    }
  }
}
