package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The public key that checkpoints are checked with. */
final class CheckpointKey {
  private static final Pattern LAST_FIELD =
      Pattern.compile(",\"signature\":\"([A-Za-z0-9+/]{86}==)\"}");

  /** Length of what {@link #LAST_FIELD} matches. */
  private static final int LAST_FIELD_BYTES = 104;

  private final PublicKey key;

  private CheckpointKey(PublicKey key) {
    this.key = key;
  }

  /**
   * An Ed25519 key.
   *
   * @param base64 of its X.509 bytes
   * @param file where it stands
   * @throws GeneralSecurityException when it is no such key
   */
  static CheckpointKey of(String base64, Path file) throws GeneralSecurityException {
    try {
      byte[] encoded = Base64.getDecoder().decode(base64);
      return new CheckpointKey(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException(file + " is not base64: " + e.getMessage(), e);
    }
  }

  /**
   * A line with its signature.
   *
   * @param text an object of JSON, which is what is signed
   * @param signature base64
   */
  static String line(String text, String signature) {
    return text.substring(0, text.length() - 1) + ",\"signature\":\"" + signature + "\"}";
  }

  /** Its X.509 bytes. */
  byte[] encoded() {
    return key.getEncoded();
  }

  /** SHA-256 (hex) of the key's X.509 bytes. */
  String fingerprint() {
    return Hashes.sha256(key.getEncoded());
  }

  /** What checkpoints name it by. */
  String id() {
    return id(key.getEncoded());
  }

  static String id(byte[] publicKey) {
    return Hashes.sha256(publicKey).substring(0, 16);
  }

  /**
   * Whether a checkpoint line, given without its newline, is signed with this key: the signature is
   * the last field, in the one form that base64 has for it, so that no byte of a line can change.
   */
  boolean signed(byte[] line) {
    int end = line.length - LAST_FIELD_BYTES;
    if (end <= 0) {
      return false;
    }
    Matcher field =
        LAST_FIELD.matcher(new String(line, end, LAST_FIELD_BYTES, StandardCharsets.ISO_8859_1));
    if (!field.matches()) {
      return false;
    }
    byte[] signature = Base64.getDecoder().decode(field.group(1));
    if (!Base64.getEncoder().encodeToString(signature).equals(field.group(1))) {
      return false;
    }
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(line, 0, end);
      check.update((byte) '}');
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
