package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.text.Json;
import io.campaignroutes.webhook.WebhookEvents;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What CXone is answered when it posts an event. */
@Component
public class WebhookAnswers {
  static final Problem UNKNOWN_SENDER =
      Problem.of(
          401,
          "Unauthorized",
          "X-Webhook-Token is missing, or it is not the one that the webhook was registered with.");

  private final Answers answers;

  public WebhookAnswers(Answers answers) {
    this.answers = answers;
  }

  /** 202: the event is safe, whether it came for the first time or again. */
  public ApiAnswer received(WebhookEvents.Received event) {
    ObjectNode body = Json.object();
    body.put("status", event.parked() == null ? "accepted" : "parked");
    body.put("eventId", event.id());
    if (event.parked() != null) {
      body.put("detail", event.parked());
    }
    return new ApiAnswer(202, ApiAnswer.JSON, Map.of(), Json.text(body));
  }

  /** 401: the sender does not know the secret that webhooks are registered with. */
  public ApiAnswer unknownSender() {
    return answers.problem(UNKNOWN_SENDER);
  }
}
