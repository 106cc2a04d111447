package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.settings.InsecureSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start refuses unless {@code ALLOW_INSECURE} names it. */
class InsecureSettingsTest {

  private static List<String> allowed(StartTrial trial) {
    assertThat(trial.lines).isEmpty();
    return new InsecureSettings(trial.environment).allowed();
  }

  @ParameterizedTest
  @CsvSource({
    "CXONE_BASE_URL, http://cxone.example, http-cxone",
    "CXONE_BASE_URL, HTTP://10.0.0.7:8080/api, http-cxone",
    "CXONE_BASE_URL, http://127.0.0.1.example, http-cxone",
    "CXONE_BASE_URL, http://localhost.example, http-cxone",
    "CXONE_BASE_URL, http://[::2], http-cxone",
    "CXONE_TOKEN_URL, http://cxone.example/token, http-cxone",
    "CXONE_DISCOVERY_URL, http://cxone.example/where, http-cxone"
  })
  void anAddressWithoutTlsIsRefusedByItsNameUnlessItIsAllowed(
      String variable, String address, String name) {
    assertThat(StartTrial.with(Map.of(variable, address)).lines)
        .singleElement()
        .asString()
        .startsWith(variable + " is '")
        .contains("without TLS", "Use https", "or name " + name + " in ALLOW_INSECURE");
    assertThat(StartTrial.with(Map.of(variable, address, "ALLOW_INSECURE", "http-issuer")).lines)
        .hasSize(1);
    assertThat(allowed(StartTrial.with(Map.of(variable, address, "ALLOW_INSECURE", " " + name))))
        .singleElement()
        .asString()
        .startsWith("Insecure and allowed (" + name + "): " + variable + " is '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1",
        "http://127.8.9.10",
        "http://localhost:8080",
        "http://cxone.localhost",
        "http://[::1]:80",
        "https://cxone.example"
      })
  void thisMachineAndTlsNeedNothing(String address) {
    Map<String, String> all =
        Map.of(
            "CXONE_BASE_URL", address,
            "CXONE_TOKEN_URL", address + "/token",
            "CXONE_DISCOVERY_URL", address);
    assertThat(allowed(StartTrial.with(all))).isEmpty();
  }

  @Test
  void anIssuerWithoutTlsIsRefusedUnlessItIsAllowed() {
    String issuer = "--oidc.issuer=";
    assertThat(StartTrial.with(Map.of(), issuer + "http://id.example").lines)
        .anyMatch(line -> line.contains("http-issuer in ALLOW_INSECURE"));
    Map<String, String> allowing = Map.of("ALLOW_INSECURE", "http-issuer");
    assertThat(StartTrial.with(allowing, issuer + "http://id.example").lines)
        .noneMatch(line -> line.contains("http-issuer"));
    assertThat(StartTrial.with(Map.of(), issuer + "http://localhost:9000").lines)
        .noneMatch(line -> line.contains("http-issuer"));
  }

  @Test
  void credentialsInTheAddressAreRefusedUnlessTheyAreAllowedOrStayOnThisMachine() {
    Map<String, String> query = new HashMap<>();
    query.put("CXONE_TOKEN_CREDENTIALS", "Query");
    assertThat(allowed(StartTrial.with(query))).isEmpty();
    query.put("CXONE_BASE_URL", "https://cxone.example");
    assertThat(StartTrial.with(query).lines)
        .singleElement()
        .asString()
        .startsWith("CXONE_TOKEN_CREDENTIALS is query: ")
        .endsWith("or name query-credentials in ALLOW_INSECURE if it has to be so.");
    query.put("ALLOW_INSECURE", "query-credentials");
    assertThat(allowed(StartTrial.with(query))).hasSize(1);
    query.put("CXONE_TOKEN_URL", "http://127.0.0.1:9/token");
    assertThat(allowed(StartTrial.with(query)))
        .containsExactly(
            "ALLOW_INSECURE names query-credentials, which nothing here needs. Take it out.");
  }

  @Test
  void privateDestinationsAreAllowedByEitherVariable() {
    for (Map<String, String> one :
        List.of(
            Map.of("ALLOW_PRIVATE_DESTINATIONS", "true"),
            Map.of("ALLOW_INSECURE", "Private-Destinations"))) {
      StartTrial trial = StartTrial.with(one);
      assertThat(allowed(trial)).singleElement().asString().contains("not public");
      assertThat(trial.value("campaign-routes.compliance.allow-private-destinations"))
          .isEqualTo("true");
    }
    assertThat(
            StartTrial.with(Map.of())
                .value("campaign-routes.compliance.allow-private-destinations"))
        .isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "http-cxone;http-issuer", "true", "http-cxone,all"})
  void aNameThatThereIsNotEndsTheStartWithThoseThatThereAre(String given) {
    assertThat(StartTrial.with(Map.of("ALLOW_INSECURE", given)).lines)
        .singleElement()
        .asString()
        .startsWith("ALLOW_INSECURE has '")
        .endsWith(
            "There are http-cxone, http-issuer, private-destinations, query-credentials,"
                + " readable-secrets, with commas between them.");
  }

  @Test
  void allThatIsInsecureIsToldAtOnce() {
    Map<String, String> all =
        Map.of(
            "CXONE_BASE_URL", "http://cxone.example",
            "CXONE_TOKEN_CREDENTIALS", "query",
            "THROTTLE_PERIOD", "5");
    assertThat(StartTrial.with(all).lines)
        .hasSize(3)
        .anyMatch(line -> line.startsWith("CXONE_BASE_URL"))
        .anyMatch(line -> line.startsWith("CXONE_TOKEN_CREDENTIALS"))
        .anyMatch(line -> line.startsWith("THROTTLE_PERIOD"));
  }
}
