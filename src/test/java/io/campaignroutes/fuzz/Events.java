package io.campaignroutes.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.util.List;
import java.util.Random;

/** Events as CXone posts them, right and wrong. */
final class Events {
  private static final List<String> TYPES =
      List.of("CAMPAIGN_ACTIVATED", "CAMPAIGN_PAUSED", "CAMPAIGN_COMPLETED", "CAMPAIGN_ERROR");
  private static final List<String> STATUSES = List.of("ACTIVE", "PAUSED", "COMPLETED", "ERROR");

  private Events() {}

  /** The body of an event of a campaign that nobody here knows. */
  static Texts.Changed any(long number, Random dice) {
    int type = dice.nextInt(TYPES.size());
    ObjectNode event =
        Json.object()
            .put("campaignId", "event-" + dice.nextInt(1_000))
            .put("status", STATUSES.get(type))
            .put("timestamp", "2026-03-02T15:04:05Z")
            .put("eventType", TYPES.get(type))
            .put("eventId", "evt-" + FuzzInput.name(number));
    if (dice.nextInt(3) == 0) {
      event.put("errorCode", "CONTACT_LIST_EMPTY").putObject("more").put("attempt", 1);
    }
    switch (dice.nextInt(8)) {
      case 0 -> {
        return new Texts.Changed("as it should be", false, Texts.utf8(event.toString()));
      }
      case 1, 2, 3, 4 -> {
        String kind = Trees.change(event, dice);
        return new Texts.Changed(kind, false, Texts.utf8(event.toString()));
      }
      default -> {
        return Texts.change(event.toString(), false, dice);
      }
    }
  }
}
