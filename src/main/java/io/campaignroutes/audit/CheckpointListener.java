package io.campaignroutes.audit;

import io.campaignroutes.store.Tx;

/** Is told of each checkpoint as it is made. */
public interface CheckpointListener {

  /**
   * A checkpoint is made; what is written in the transaction comes about with it or not at all.
   *
   * @param seq its number, from 1
   * @param timestamp as the line says it
   * @param line of {@code checkpoints.jsonl}, without its newline
   */
  void made(Tx tx, long seq, String timestamp, String line);
}
