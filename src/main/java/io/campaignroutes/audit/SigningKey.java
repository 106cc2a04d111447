package io.campaignroutes.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** A private Ed25519 key that signs checkpoints, with its public half. */
final class SigningKey implements Signer {
  private static final String ALGORITHM = "Ed25519";
  private static final String WRONG =
      "it is no private Ed25519 key as \"openssl genpkey -algorithm ed25519\" makes one";

  private final PrivateKey privateKey;
  private final byte[] publicKey;

  private SigningKey(PrivateKey privateKey, byte[] publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /**
   * The key of a text.
   *
   * @param text PKCS #8 in PEM form, or its base64 alone
   * @throws IllegalArgumentException when it is none; the message does not repeat it
   */
  static SigningKey of(String text) {
    String base64 = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      PrivateKey key = privateKey(Base64.getDecoder().decode(base64));
      byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
      return new SigningKey(key, generator.generateKeyPair().getPublic().getEncoded());
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(WRONG);
    }
  }

  /**
   * The key of a pair that the store keeps.
   *
   * @param pair what {@link #freshPair} made
   * @throws IllegalStateException when it is none
   */
  static SigningKey ofPair(String pair) {
    try {
      return new SigningKey(
          privateKey(Base64.getDecoder().decode(pair.split(":")[0])), publicOfPair(pair));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalStateException("The store's key of checkpoints is no Ed25519 key pair", e);
    }
  }

  /** The public half of a pair that the store keeps. */
  static byte[] publicOfPair(String pair) {
    return Base64.getDecoder().decode(pair.split(":")[1]);
  }

  /** Private (PKCS #8) and public key (X.509), base64 with a colon between. */
  static String freshPair() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      Base64.Encoder base64 = Base64.getEncoder();
      return base64.encodeToString(pair.getPrivate().getEncoded())
          + ":"
          + base64.encodeToString(pair.getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK from 15 on has Ed25519", e);
    }
  }

  private static PrivateKey privateKey(byte[] encoded) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  /** What a key is made of, in the place of what is random: so its public half is made again. */
  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }

  @Override
  public byte[] publicKey() {
    return publicKey;
  }

  @Override
  public String sign(String text) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A checkpoint cannot be signed: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[" + id() + "]";
  }
}
