package io.campaignroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectedFaultTest {

  private final Faults faults = new Faults(1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "getCampaign|{}|Say what goes wrong",
        "getCampaign|{\"status\": 200}|status must be",
        "getCampaign|{\"status\": \"500\"}|status must be",
        "getCampaign|{\"delayMs\": -1}|delayMs must be",
        "getCampaign|{\"cut\": \"never\"}|cut must be",
        "getCampaign|{\"status\": 500, \"cut\": \"after\"}|exclude each other",
        "getCampaign|{\"delayMs\": 1, \"retryAfter\": 2}|retryAfter needs a status",
        "getCampaign|{\"status\": 429, \"retryAfter\": \"soon\"}|retryAfter must be",
        "getCampaign|{\"status\": 500, \"probability\": 0}|probability must be",
        "getCampaign|{\"status\": 500, \"times\": 0}|times must be",
        "getCampaign|{\"errorCode\": \"X\"}|errorCode needs a status",
        "updateCampaign|{\"errorCode\": \"X\", \"delayMs\": 5}|stands alone",
        "getCampaign|{\"shape\": \"round\"}|shape must be",
        "getCampaign|{\"shape\": \"header\"}|need a status",
        "getCampaign|{\"shape\": \"noId\", \"status\": 500}|noId has none",
        "getCampaign|{\"stauts\": 500}|Unknown property stauts",
      })
  void aFaultThatMakesNoSenseIsRefusedWithTheReason(String operation, String json, String message) {
    assertThatThrownBy(() -> InjectedFault.read(operation, SandboxJson.readObject(json.getBytes())))
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.status()).isEqualTo(400))
        .hasMessageContaining(message);
  }

  @Test
  void aFaultForSomeTimesIsGoneAfterThem() {
    set("getCampaign", "{\"status\": 503, \"times\": 2}");
    assertThat(faults.hit(ServedOperation.GET_CAMPAIGN.label())).isPresent();
    assertThat(faults.hit(ServedOperation.TOKEN.label())).isEmpty();
    assertThat(faults.hit(ServedOperation.GET_CAMPAIGN.label())).isPresent();
    assertThat(faults.hit(ServedOperation.GET_CAMPAIGN.label())).isEmpty();
    assertThat(faults.all()).isEmpty();
  }

  @Test
  void anOperationsOwnFaultGoesBeforeTheCommonOne() {
    set("all", "{\"status\": 503}");
    set("token", "{\"status\": 401}");
    assertThat(faults.hit(ServedOperation.TOKEN.label()))
        .get()
        .extracting(InjectedFault::status)
        .isEqualTo(401);
    assertThat(faults.hit(ServedOperation.REALTIME.label()))
        .get()
        .extracting(InjectedFault::status)
        .isEqualTo(503);
  }

  @Test
  void aFaultWithAProbabilityHitsThatShareOfTheCalls() {
    set("realtime", "{\"status\": 503, \"probability\": 0.3}");
    int hits = 0;
    for (int i = 0; i < 1000; i++) {
      hits += faults.hit(ServedOperation.REALTIME.label()).isPresent() ? 1 : 0;
    }
    assertThat(hits).isBetween(250, 350);
  }

  @Test
  void anErrorCodeForActivationsLeavesTheCallItselfAlone() {
    set("updateCampaign", "{\"errorCode\": \"CONTACT_LIST_EMPTY\"}");
    assertThat(faults.hit(ServedOperation.UPDATE_CAMPAIGN.label())).isEmpty();
    assertThat(faults.activationError()).contains("CONTACT_LIST_EMPTY");
  }

  private void set(String operation, String json) {
    faults.set(operation, InjectedFault.read(operation, SandboxJson.readObject(json.getBytes())));
  }
}
