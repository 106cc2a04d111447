package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.text.Json;
import io.campaignroutes.webhook.WebhookEvents;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What CXone is answered when it posts an event. */
@Component
public class WebhookAnswers {
  /** The platform of this service posts no events. */
  static final Problem NOT_EXPECTED =
      Problem.of(
          404,
          "Not found",
          "This service is set up for a platform that posts no events, so it takes none.");

  private final Answers answers;
  private final PlatformEvents platform;

  public WebhookAnswers(Answers answers, PlatformEvents platform) {
    this.answers = answers;
    this.platform = platform;
  }

  static Problem refused(PlatformEvents platform) {
    return Problem.of(
        401,
        "Unauthorized",
        platform.tokenHeader()
            + " is missing, or it is not the one that the webhook was registered with.");
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
    return answers.problem(refused(platform));
  }
}
