package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.context.annotation.Profile;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The calls about campaigns, their agents and their webhooks; anything unknown gets a 404. */
@RestController
@RequestMapping(CallGate.BASE)
@Profile("sandbox")
class SandboxCampaignController {

  private final Campaigns campaigns;
  private final Webhooks webhooks;

  SandboxCampaignController(Campaigns campaigns, Webhooks webhooks) {
    this.campaigns = campaigns;
    this.webhooks = webhooks;
  }

  @GetMapping("/api/v2/agents/pools/{id}")
  ResponseEntity<byte[]> pool(@PathVariable("id") String id) {
    return Json.answer(200, campaigns.pool(id));
  }

  @PostMapping("/api/v2/campaigns")
  ResponseEntity<byte[]> create(@RequestBody(required = false) byte[] body) {
    return Json.answer(201, campaigns.create(Json.readObject(body)));
  }

  @GetMapping("/api/v2/campaigns")
  ResponseEntity<byte[]> find(@RequestParam(name = "name", required = false) String name) {
    ObjectNode found = Json.object();
    found.putArray("campaigns").addAll(campaigns.find(name));
    return Json.answer(200, found);
  }

  @GetMapping("/api/v2/campaigns/{id}")
  ResponseEntity<byte[]> get(@PathVariable("id") String id) {
    return Json.answer(200, campaigns.get(id));
  }

  @PutMapping("/api/v2/campaigns/{id}")
  ResponseEntity<byte[]> setStatus(
      @PathVariable("id") String id, @RequestBody(required = false) byte[] body) {
    return Json.answer(200, campaigns.setStatus(id, Json.readObject(body).path("status")));
  }

  @PatchMapping("/api/v2/campaigns/{id}")
  ResponseEntity<byte[]> setPacing(
      @PathVariable("id") String id, @RequestBody(required = false) byte[] body) {
    return Json.answer(200, campaigns.setPacing(id, Json.readObject(body)));
  }

  @PostMapping("/api/v2/webhooks")
  ResponseEntity<byte[]> register(@RequestBody(required = false) byte[] body) {
    return Json.answer(201, webhooks.register(Json.readObject(body)));
  }

  @RequestMapping("/**")
  ResponseEntity<byte[]> unknown() {
    throw new SandboxException(404, "NOT_FOUND", "CXone has no such call.");
  }
}
