package io.campaignroutes.audit;

import io.campaignroutes.text.FileFaults;
import io.campaignroutes.text.Masked;
import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * Signs by a command whose key is elsewhere, in a key service or a module of hardware. The command
 * is run with a word behind it: with {@code public-key} it prints the public key in PEM form, with
 * {@code sign} the signature of what it reads, in base64. No shell reads it.
 */
final class CommandSigner implements Signer {
  private static final long PATIENCE_SECONDS = 10;
  private static final int MOST_SHOWN = 200;

  private final List<String> command;
  private byte[] publicKey; // null until it is asked for; guarded by this

  /**
   * @param command its words, separated by blanks
   */
  CommandSigner(String command) {
    this.command = List.of(command.strip().split("\\s+"));
  }

  @Override
  public synchronized byte[] publicKey() {
    if (publicKey == null) {
      List<String> pems = CheckpointKeys.pems(run("public-key", ""));
      if (pems.size() != 1) {
        throw wrong("public-key", "prints no public key in PEM form");
      }
      key(pems.get(0));
      publicKey = Base64.getDecoder().decode(pems.get(0));
    }
    return publicKey;
  }

  @Override
  public synchronized String sign(String text) {
    CheckpointKey key = key(Base64.getEncoder().encodeToString(publicKey()));
    publicKey = null; // if this fails its key may be another one
    String signature = run("sign", text).strip();
    byte[] line = CheckpointKey.line(text, signature).getBytes(StandardCharsets.UTF_8);
    if (!key.signed(line)) {
      throw wrong("sign", "prints no signature in base64 that fits its public key");
    }
    publicKey = key.encoded();
    return signature;
  }

  private CheckpointKey key(String base64) {
    try {
      return CheckpointKey.of(base64, Path.of(command.get(0)));
    } catch (GeneralSecurityException e) {
      throw wrong("public-key", "prints a key that is no Ed25519 key");
    }
  }

  private SigningException wrong(String word, String what) {
    return new SigningException("AUDIT_SIGNING_COMMAND with " + word + " " + what);
  }

  /** What it prints. It is given files, so that it can neither wait for us nor we for it. */
  private String run(String word, String input) {
    List<String> words = new ArrayList<>(command);
    words.add(word);
    Path folder = null;
    try {
      folder = Files.createTempDirectory("checkpoint");
      Path in = Files.writeString(folder.resolve("in"), input);
      Path out = folder.resolve("out");
      Path err = folder.resolve("err");
      Process process =
          new ProcessBuilder(words)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw wrong(word, "has not ended within " + PATIENCE_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        String said = Masked.text(Files.readString(err, StandardCharsets.ISO_8859_1), List.of());
        String why = said.isBlank() ? "" : ": " + Plain.line(said, MOST_SHOWN);
        throw wrong(word, "ends with " + process.exitValue() + why);
      }
      return Files.readString(out, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw wrong(word, "cannot be run: " + FileFaults.told(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw wrong(word, "was not waited for: the service stops");
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      return; // it holds nothing that is secret, or that anybody needs
    }
  }
}
