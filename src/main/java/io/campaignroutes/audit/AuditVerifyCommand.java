package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.text.FileFaults;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code audit verify <dir>}: checks the audit files of a folder, without the service and without
 * its store. What could not be seen with the arguments given is printed as {@code not proven}.
 */
@Command(
    name = "verify",
    description = "Checks the audit files of a folder, without the service and without its store.",
    customSynopsis = {
      "audit verify <dir> [--key FILE] [--checkpoint FILE_OR_TEXT] [--at-least N] [--lenient]"
          + " [--archives DIR] [--destroyed NAME] [--json]"
    },
    exitCodeOnExecutionException = 2,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all is intact",
      "1:something was changed; the first bad line is named",
      "2:it could not be read, so nothing is known"
    })
public final class AuditVerifyCommand implements Callable<Integer> {
  private static final int MAX_SHOWN = 20;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "<dir>", description = "the folder")
  private Path folder;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "a copy of checkpoint.pub that was kept elsewhere: there must be checkpoints, all signed"
              + " with a key in it, and every line must be covered by one; may be given several"
              + " times where the key was changed")
  private List<String> keyFiles = new ArrayList<>();

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE_OR_TEXT",
      description =
          "a line of checkpoints.jsonl that was kept elsewhere, or a copy of the file, of which the"
              + " last line counts: it must be there unchanged, and so must all that it and those"
              + " before it cover")
  private String checkpoint;

  @Option(
      names = "--at-least",
      paramLabel = "N",
      defaultValue = "0",
      description = "there must be N checkpoints")
  @DecimalMin("0")
  @DecimalMax("999999999999999999")
  private long atLeast;

  @Option(
      names = "--lenient",
      description =
          "for the folder of a running service: lines of the last five minutes need no checkpoint"
              + " yet")
  private boolean lenient;

  @Option(
      names = "--archives",
      paramLabel = "DIR",
      description = "where archives lie; archive/ in the folder when left out")
  private Path archives;

  @Option(
      names = "--destroyed",
      paramLabel = "NAME",
      description =
          "an archive that is known to be destroyed since its time was over; may be given several"
              + " times")
  private Set<String> destroyed = new LinkedHashSet<>();

  @Option(
      names = "--json",
      description =
          "one object instead of text: {result, files, lines, archives, checkpoints,"
              + " lastCheckpoint?, key?, keys?, problem?, notProven, warnings, notes}")
  private boolean json;

  /** A finding goes to standard output; why it could not run goes to standard error. */
  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      if (!Files.isDirectory(folder)) {
        return unreadable(err, folder + " is not a folder");
      }
      AuditEvidence evidence =
          AuditEvidence.read(
              folder,
              keyFiles,
              checkpoint,
              atLeast,
              lenient,
              ArchivesGiven.of(folder, archives, destroyed));
      AuditReport report = new AuditVerifier(folder, evidence).verify();
      if (json) {
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

  private static int unreadable(PrintWriter err, String why) {
    err.println("audit verify: " + why);
    return 2;
  }

  private static void printJson(AuditReport report, AuditEvidence evidence, PrintWriter out)
      throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("result", report.problem() == null ? "intact" : "broken");
    object.put("files", report.files());
    object.put("lines", report.lines());
    object.put("archives", report.archives());
    object.put("checkpoints", report.checkpoints());
    if (report.last() != null) {
      object.put("lastCheckpoint", report.last());
    }
    if (evidence.keys() != null) {
      List<Map<String, Object>> keys = keys(report, evidence);
      object.put("key", keys.get(keys.size() - 1));
      object.put("keys", keys);
    }
    if (report.problem() != null) {
      object.put("problem", report.problem());
    }
    object.put("notProven", report.notProven());
    object.put("warnings", report.warnings());
    object.put("notes", report.notes());
    out.println(new ObjectMapper().writeValueAsString(object));
  }

  private static List<Map<String, Object>> keys(AuditReport report, AuditEvidence evidence) {
    List<Map<String, Object>> keys = new ArrayList<>();
    for (CheckpointKey key : evidence.keys().all()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("sha256", key.fingerprint());
      one.put("keptElsewhere", evidence.keyGiven());
      if (report.signed(key.id()) != null) {
        one.put("signed", report.signed(key.id()));
      }
      keys.add(one);
    }
    return keys;
  }

  private static void print(AuditReport report, AuditEvidence evidence, PrintWriter out) {
    AuditReport.Problem problem = report.problem();
    if (problem == null) {
      out.printf(
          "INTACT: %d files, %d lines, %d checkpoints%s%n",
          report.files(),
          report.lines(),
          report.checkpoints(),
          report.archives() == 0 ? "" : ", " + report.archives() + " archives");
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
    for (CheckpointKey key :
        evidence.keys() == null ? List.<CheckpointKey>of() : evidence.keys().all()) {
      AuditReport.Signed signed = report.signed(key.id());
      out.printf(
          "key: SHA-256 %s, %s: %s%n",
          key.fingerprint(),
          evidence.keyGiven() ? "given with --key" : "from the folder itself",
          signed == null ? "has signed nothing here" : "has signed " + signed);
    }
    list("not proven", report.notProven(), out);
    list("warning", report.warnings(), out);
    list("note", report.notes(), out);
  }

  private static void list(String word, List<String> texts, PrintWriter out) {
    texts.stream().limit(MAX_SHOWN).forEach(text -> out.println(word + ": " + text));
    if (texts.size() > MAX_SHOWN) {
      out.printf("%s: and %d more, listed by --json%n", word, texts.size() - MAX_SHOWN);
    }
  }
}
