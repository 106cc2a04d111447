package io.campaignroutes.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The public keys that checkpoints are checked with: one, or after a change several. */
final class CheckpointKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----");

  private final Map<String, CheckpointKey> byId = new LinkedHashMap<>();

  /** The keys of texts in PEM form, without what is around them and without white space. */
  static List<String> pems(String text) {
    return PEM.matcher(text).results().map(one -> one.group(1).replaceAll("\\s", "")).toList();
  }

  /**
   * Reads Ed25519 keys in PEM form, one or more in each file.
   *
   * @throws IOException when a file cannot be read
   * @throws GeneralSecurityException when it holds no such key
   */
  static CheckpointKeys read(Collection<Path> files) throws IOException, GeneralSecurityException {
    CheckpointKeys keys = new CheckpointKeys();
    for (Path file : files) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      List<String> pems = pems(text);
      if (pems.isEmpty()) {
        throw new InvalidKeyException("there is none in " + file);
      }
      for (String pem : pems) {
        CheckpointKey key = CheckpointKey.of(pem, file);
        keys.byId.put(key.id(), key);
      }
    }
    return keys;
  }

  Collection<CheckpointKey> all() {
    return byId.values();
  }

  /** The one of an id; null when it is none of these. */
  CheckpointKey of(String id) {
    return byId.get(id);
  }

  /** Whether one of them has signed a checkpoint line. */
  boolean signed(byte[] line) {
    return byId.values().stream().anyMatch(key -> key.signed(line));
  }

  /** Those of others that are none of these. */
  List<CheckpointKey> without(CheckpointKeys others) {
    List<CheckpointKey> rest = new ArrayList<>(byId.values());
    rest.removeIf(key -> others.of(key.id()) != null);
    return rest;
  }

  /** Their ids, for people. */
  String ids() {
    return String.join(" or ", byId.keySet());
  }

  /** What they are known by, for people. */
  String fingerprints() {
    return String.join(" or ", byId.values().stream().map(CheckpointKey::fingerprint).toList());
  }
}
