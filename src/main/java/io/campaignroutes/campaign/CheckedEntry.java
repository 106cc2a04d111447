package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.text.Json;

/**
 * An entry of many, or a run of entries that are no requests, as far as it can be checked by
 * itself.
 *
 * @param number from 0; that of the first one of a run
 * @param line on which it begins, from 1
 * @param entries 1, or how many the run has; 0 where the file as a whole is meant
 * @param lastLine on which the last of them begins
 * @param checked all but its agents; null when it is no request
 * @param problem why it is none; null when it is one
 */
public record CheckedEntry(
    long number, long line, long entries, long lastLine, CheckedRequest checked, Problem problem) {

  /** What is told of it when it is refused. */
  public ObjectNode refusal(Problem why) {
    ObjectNode refusal = Json.tree(why);
    refusal.put("entry", number).put("line", line);
    if (entries > 1) {
      refusal.put("entries", entries).put("lastLine", lastLine);
    }
    return refusal;
  }
}
