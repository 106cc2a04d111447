package io.campaignroutes.audit;

/** What signs checkpoints: a key that is here, or a command that has one elsewhere. */
interface Signer {
  /**
   * The public half of its Ed25519 key, X.509.
   *
   * @throws SigningException when it cannot be had
   */
  byte[] publicKey();

  /**
   * The signature of a text in UTF-8, base64.
   *
   * @throws SigningException when there is none that fits the public half
   */
  String sign(String text);

  /** What checkpoints name its key by. */
  default String id() {
    return CheckpointKey.id(publicKey());
  }
}
