package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Causes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** For whoever watches: what was called, and events of one's own. */
@RestController
@RequestMapping("/sandbox")
@Profile("sandbox")
class SandboxWatchController {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxWatchController.class);

  private final CallCounters counters;
  private final Webhooks webhooks;
  private final EventPoster poster;

  SandboxWatchController(CallCounters counters, Webhooks webhooks, EventPoster poster) {
    this.counters = counters;
    this.webhooks = webhooks;
    this.poster = poster;
  }

  @GetMapping("/calls")
  ResponseEntity<byte[]> calls() {
    return SandboxJson.answer(200, Map.of("operations", counters.all()));
  }

  @DeleteMapping("/calls")
  ResponseEntity<Void> forget() {
    counters.clear();
    return ResponseEntity.noContent().build();
  }

  /**
   * Sends the body on as it is, good JSON or not, with the headers of the webhook of the campaign
   * that it names, else of the one registered last; answers with what the endpoint said.
   */
  @PostMapping(path = "/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> send(@RequestBody(required = false) byte[] body)
      throws InterruptedException {
    byte[] event = body == null ? new byte[0] : body;
    Webhooks.Webhook webhook =
        webhooks
            .forCustomEvent(campaignId(event))
            .orElseThrow(
                () ->
                    new SandboxException(
                        409, "NO_WEBHOOK", "No webhook is registered: launch a campaign first."));
    ObjectNode answer = SandboxJson.object().put("endpoint", webhook.endpoint());
    try {
      HttpResponse<String> response = poster.post(webhook, event);
      LOG.info("sandbox: custom event posted: {}", response.statusCode());
      answer.put("status", response.statusCode()).put("body", response.body());
      return SandboxJson.answer(200, answer);
    } catch (IOException e) {
      throw new SandboxException(
          502,
          "ENDPOINT_UNREACHABLE",
          webhook.endpoint() + " gave no answer: " + Causes.told(e) + ".");
    }
  }

  private static String campaignId(byte[] event) {
    try {
      JsonNode json = SandboxJson.read(event);
      return json.path("campaignId").asText();
    } catch (IOException e) {
      return "";
    }
  }
}
