package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import java.time.Instant;

/** The job that brings a file to a list, for a skill. */
final class ListUpload {

  private final String id;
  private final int listId;
  private final int skillId;
  private final ListFile file;
  private final long submittedAt;
  private final long doneAt;
  private boolean done;
  private boolean cancelled;

  /**
   * One that is not done yet.
   *
   * @param submittedAt in milliseconds since the epoch, as {@code doneAt}
   */
  ListUpload(String id, int listId, int skillId, ListFile file, long submittedAt, long doneAt) {
    this.id = id;
    this.listId = listId;
    this.skillId = skillId;
    this.file = file;
    this.submittedAt = submittedAt;
    this.doneAt = doneAt;
  }

  int listId() {
    return listId;
  }

  int skillId() {
    return skillId;
  }

  long submittedAt() {
    return submittedAt;
  }

  /** Whether it is to be done now. */
  boolean due(long now) {
    return !done && !cancelled && doneAt <= now;
  }

  /** It is done; the file that it brings. */
  ListFile ended() {
    done = true;
    return file;
  }

  boolean done() {
    return done;
  }

  void cancel() {
    cancelled = true;
  }

  /** As it is told. */
  ObjectNode json(String listName) {
    ObjectNode json =
        SandboxJson.object()
            .put("jobId", id)
            .put("listId", listId)
            .put("listName", listName)
            .put("submitDate", Instant.ofEpochMilli(submittedAt).toString())
            .put("startDate", Instant.ofEpochMilli(submittedAt).toString())
            .put("isComplete", done)
            .put("isCancelled", cancelled);
    return done ? json.put("completedDate", Instant.ofEpochMilli(doneAt).toString()) : json;
  }
}
