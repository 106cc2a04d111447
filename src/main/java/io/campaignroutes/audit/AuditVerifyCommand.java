package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code audit verify <dir> [--key pub.pem] [--json]}: checks the audit files of a folder, without
 * the service and without its store. Exit code 0: all intact; 1: something was changed, and the
 * first bad line is named; 2: it could not be read, so nothing is known.
 */
public final class AuditVerifyCommand {
  private static final String USAGE = "usage: audit verify <dir> [--key pub.pem] [--json]";
  private static final int SHOWN = 20;

  private AuditVerifyCommand() {}

  /**
   * Runs the command. A finding goes to {@code out}, as text or, with {@code --json}, as one object
   * {@code {result, files, lines, checkpoints, problem?, warnings, notes}}; why it could not run
   * goes to {@code err}.
   *
   * @param args the command line, with or without the leading words {@code audit verify}
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    List<String> words = Arrays.asList(args);
    if (words.size() >= 2 && words.get(0).equals("audit") && words.get(1).equals("verify")) {
      words = words.subList(2, words.size());
    }
    String dir = null;
    String keyFile = null;
    boolean json = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--json")) {
        json = true;
      } else if (word.equals("--key") && i + 1 < words.size()) {
        keyFile = words.get(++i);
      } else if (!word.startsWith("--") && dir == null) {
        dir = word;
      } else {
        return unreadable(err, "'" + word + "' is not understood\n" + USAGE);
      }
    }
    if (dir == null) {
      return unreadable(err, "no folder was given\n" + USAGE);
    }
    try {
      Path folder = Path.of(dir);
      if (!Files.isDirectory(folder)) {
        return unreadable(err, folder + " is not a folder");
      }
      var verifier = new AuditVerifier(folder, key(folder, keyFile));
      AuditVerifier.Report report = verifier.verify();
      if (keyFile == null && report.checkpoints() > 0) {
        report
            .notes()
            .add(
                AuditCheckpoints.PUBLIC_KEY
                    + " was taken from the same folder; --key with a copy kept elsewhere shows a"
                    + " folder that was replaced as a whole");
      }
      print(report, json, out);
      return report.problem() == null ? 0 : 1;
    } catch (AuditVerifier.NoKeyException e) {
      return unreadable(err, e.getMessage());
    } catch (IOException e) {
      return unreadable(err, "cannot read: " + e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return unreadable(err, "the public key is not an Ed25519 key in PEM form: " + e.getMessage());
    }
  }

  private static int unreadable(PrintStream err, String why) {
    err.println("audit verify: " + why);
    return 2;
  }

  private static PublicKey key(Path folder, String given)
      throws IOException, GeneralSecurityException {
    Path file = given == null ? folder.resolve(AuditCheckpoints.PUBLIC_KEY) : Path.of(given);
    String pem;
    try {
      pem = Files.readString(file);
    } catch (NoSuchFileException e) {
      if (given == null) {
        return null;
      }
      throw e;
    }
    byte[] encoded =
        Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", ""));
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static void print(AuditVerifier.Report report, boolean json, PrintStream out)
      throws IOException {
    AuditVerifier.Problem problem = report.problem();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("result", problem == null ? "intact" : "broken");
      object.put("files", report.files());
      object.put("lines", report.lines());
      object.put("checkpoints", report.checkpoints());
      if (problem != null) {
        object.put("problem", problem);
      }
      object.put("warnings", report.warnings());
      object.put("notes", report.notes());
      out.println(new ObjectMapper().writeValueAsString(object));
      return;
    }
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
