package io.campaignroutes.audit;

import io.campaignroutes.store.Outage;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which key signs checkpoints, and the public halves of all that ever have: the store keeps these
 * in the order in which they came, and {@code checkpoint.pub} beside the files has them too. A key
 * that is given from outside is nowhere in the store; without one, one is made there.
 */
final class SigningKeys {
  static final String FILE = "checkpoint.pub";

  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
  private static final String OWN = "audit.checkpoint-key";
  private static final String PUBLIC = "audit.public-key.";

  private static final String TRIAL = "{}";

  private final Secrets secrets;
  private final Path file;
  private final Outage unpublished =
      new Outage(LOG, FILE + " cannot be written", FILE + " has been written");
  private final Signer command;
  private volatile Signer given;
  private Signer current; // null until it is looked for; guarded by this
  private boolean complete; // whether the file has all that it can have; guarded by this

  /**
   * @param command words of a command that signs; blank for none
   */
  SigningKeys(Secrets secrets, Path folder, String command) {
    this.secrets = secrets;
    this.file = folder.resolve(FILE);
    this.command = command.isBlank() ? null : new CommandSigner(command);
    this.given = this.command;
  }

  /**
   * Signs with a key from outside from now on.
   *
   * @param key blank for none: then by the command, or with the store's
   * @throws IllegalArgumentException when it is none
   */
  synchronized void give(String key) {
    given = key.isBlank() ? command : SigningKey.of(key);
    anew();
  }

  /** Has the key looked for again. */
  synchronized void anew() {
    current = null;
    complete = false;
  }

  /**
   * The key to sign with, once its public half is known to the store and to the folder.
   *
   * @throws SigningException when it cannot be had
   */
  synchronized Signer current() {
    if (current == null) {
      secrets.find(OWN).ifPresent(pair -> keep(SigningKey.publicOfPair(pair)));
      Signer key =
          given != null ? given : SigningKey.ofPair(secrets.get(OWN, SigningKey::freshPair));
      key.sign(TRIAL); // a key that cannot sign is none
      keep(key.publicKey());
      current = key;
      LOG.info(
          "Checkpoints are signed with the key {}, {}.",
          key.id(),
          given != null ? "given from outside" : "which the store has");
    }
    publish();
    return current;
  }

  /** The key inside of a running transaction, which must not open another one. */
  Signer current(Tx tx) {
    Signer outside = given;
    return outside != null
        ? outside
        : SigningKey.ofPair(
            tx.sql()
                .sql("select value from secret where name = ?")
                .param(OWN)
                .query(String.class)
                .single());
  }

  /** Why the file cannot be written; null when it can. */
  String unavailableReason() {
    return unpublished.cause();
  }

  private void keep(byte[] publicKey) {
    secrets.get(
        PUBLIC + CheckpointKey.id(publicKey), () -> Base64.getEncoder().encodeToString(publicKey));
  }

  /** All public halves in PEM form, oldest first. */
  private String pems() {
    StringBuilder pems = new StringBuilder();
    for (String key : secrets.all(PUBLIC)) {
      pems.append("-----BEGIN PUBLIC KEY-----\n")
          .append(key)
          .append("\n-----END PUBLIC KEY-----\n");
    }
    return pems.toString();
  }

  /** Has the file there with all keys; that it cannot be written holds up no checkpoint. */
  private void publish() {
    boolean there = Files.isRegularFile(file); // whoever has written it
    if (there && complete) {
      unpublished.worked();
      return;
    }
    try {
      if (there) {
        complete(pems());
      } else {
        write(pems());
      }
      unpublished.worked();
      complete = true;
    } catch (IOException e) {
      unpublished.failed(file + ": " + FileFaults.told(e));
    }
  }

  private void write(String pems) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = Files.writeString(file.resolveSibling(FILE + ".new"), pems);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Adds what the file lacks. One that has another's key is left as it is, and told. */
  private void complete(String all) throws IOException {
    List<String> there = CheckpointKeys.pems(Files.readString(file, StandardCharsets.ISO_8859_1));
    List<String> known = CheckpointKeys.pems(all);
    if (there.isEmpty() || !known.containsAll(there)) {
      LOG.warn(
          "{} has a key that never signed here (the one in force is {}): checkpoints do not verify"
              + " with it. It is left as it is; move it away to have it written anew.",
          file,
          current.id());
    } else if (!there.containsAll(known)) {
      write(all);
    }
  }
}
