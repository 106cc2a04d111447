package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** A campaign of the simulated tenant. */
final class SandboxCampaign {

  private final String id;
  private final int contacts;
  private ObjectNode payload;
  private CampaignStatus status;
  private String errorCode;
  private String errorToCome;
  private long changedAt;

  /**
   * What is kept of this over a restart.
   *
   * @param contacts the length of its list
   * @param errorToCome the code with which the activation under way will end, null for a good end
   * @param changedAt time of the last change of the status, in milliseconds since the epoch
   */
  record State(
      String id,
      ObjectNode payload,
      int contacts,
      CampaignStatus status,
      String errorCode,
      String errorToCome,
      long changedAt) {}

  SandboxCampaign(String id, ObjectNode payload, int contacts, long now) {
    this.id = id;
    this.payload = payload;
    this.contacts = contacts;
    this.status = CampaignStatus.DRAFT;
    this.changedAt = now;
  }

  SandboxCampaign(State state) {
    this(state.id(), state.payload(), state.contacts(), state.changedAt());
    this.status = state.status();
    this.errorCode = state.errorCode();
    this.errorToCome = state.errorToCome();
  }

  String id() {
    return id;
  }

  String name() {
    return payload.path("name").asText();
  }

  String poolId() {
    return payload.path("agentPool").path("id").asText();
  }

  double callsPerSecond() {
    return payload.path("pacing").path("maxCallsPerSecond").asDouble();
  }

  ObjectNode payload() {
    return payload;
  }

  int contacts() {
    return contacts;
  }

  CampaignStatus status() {
    return status;
  }

  String errorToCome() {
    return errorToCome;
  }

  String errorCode() {
    return errorCode;
  }

  long changedAt() {
    return changedAt;
  }

  /** Replaces the pacing whole; the old payload is left as it was for whoever holds it. */
  void setPacing(ObjectNode pacing) {
    ObjectNode changed = payload.deepCopy();
    changed.set("pacing", pacing);
    payload = changed;
  }

  void set(CampaignStatus status, String error, long now) {
    this.status = status;
    this.errorCode = status == CampaignStatus.ERROR ? error : null;
    this.errorToCome = status == CampaignStatus.PENDING ? error : null;
    this.changedAt = now;
  }

  /** The campaign as a tenant shows it. */
  ObjectNode json() {
    ObjectNode json = SandboxJson.object().put("id", id);
    json.setAll(payload);
    json.put("status", status.name());
    if (errorCode != null) {
      json.put("errorCode", errorCode);
    }
    json.put("dateModified", Instant.ofEpochMilli(changedAt).toString());
    return json;
  }

  State state() {
    return new State(id, payload, contacts, status, errorCode, errorToCome, changedAt);
  }
}
