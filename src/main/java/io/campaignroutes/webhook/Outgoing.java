package io.campaignroutes.webhook;

/**
 * A delivery that is claimed, with what it takes to send it.
 *
 * @param seq its place in its line
 * @param tries attempts since it was created or replayed
 * @param attempts all attempts
 * @param body the event as it came
 */
record Outgoing(
    String id, String eventId, String line, long seq, int tries, int attempts, String body) {}
