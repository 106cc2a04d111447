package io.campaignroutes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What careful operators copy of an audit folder: the key once and the newest checkpoint often. */
final class KeptCheckpoints {
  private final Path audit;
  private final Path copies;
  private final List<Path> checkpoints = new ArrayList<>();

  KeptCheckpoints(Path audit, Path copies) throws IOException {
    this.audit = audit;
    this.copies = Files.createDirectories(copies);
  }

  /** Copies the newest checkpoint, where there is one. */
  void keep() throws IOException {
    if (!Files.exists(audit.resolve("checkpoints.jsonl"))) {
      return;
    }
    if (!Files.exists(key())) {
      Files.copy(audit.resolve("checkpoint.pub"), key());
    }
    String all = Files.readString(audit.resolve("checkpoints.jsonl"));
    String whole = all.substring(0, all.lastIndexOf('\n') + 1);
    if (!whole.isEmpty()) {
      checkpoints.add(
          Files.writeString(
              copies.resolve("checkpoint-" + checkpoints.size() + ".jsonl"),
              whole.substring(whole.lastIndexOf('\n', whole.length() - 2) + 1)));
    }
  }

  /** The key's copy. */
  Path key() {
    return copies.resolve("checkpoint.pub");
  }

  /** The copies, oldest first. */
  List<Path> checkpoints() {
    return checkpoints;
  }
}
