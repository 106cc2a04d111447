package io.campaignroutes.webhook;

/**
 * A delivery that is claimed, with what it takes to send it.
 *
 * @param seq its place in its line
 * @param tries attempts since it was created or replayed
 * @param attempts all attempts
 * @param body the event as it came; null while it has not been read
 */
record Outgoing(
    String id, String eventId, String line, long seq, int tries, int attempts, String body) {

  Outgoing with(String body) {
    return new Outgoing(id, eventId, line, seq, tries, attempts, body);
  }
}
