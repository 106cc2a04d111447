package io.campaignroutes.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SettingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cxone.client-secret",
        "campaign-routes.api-key",
        "campaign-routes.webhook-token",
        "webhooks.signing-secret",
        "spring.datasource.password",
        "server.ssl.key-store-password"
      })
  void whatIsSecretIsKnownByItsName(String name) {
    assertThat(Settings.secret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cxone.token-url",
        "cxone.token-margin",
        "cxone.token-credentials",
        "cxone.client-id",
        "inbox.dir"
      })
  void whatIsNotIsShown(String name) {
    assertThat(Settings.secret(name)).isFalse();
  }

  @Test
  void credentialsInAddressesAreMasked() {
    assertThat(
            Settings.masked(
                "jdbc:postgresql://db/routes?user=u&password=hunter2&ssl=on", List.of()))
        .isEqualTo("jdbc:postgresql://db/routes?user=u&password=••••••&ssl=on");
    assertThat(Settings.masked("https://user:hunter2@cxone.example/api", List.of()))
        .isEqualTo("https://••••••@cxone.example/api");
  }

  @Test
  void aSecretIsMaskedWhereverItIsUsed() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addLast(
            new MapPropertySource(
                "Config resource 'file [config/application.yaml]'",
                Map.of(
                    "cxone.client-secret", "hunter2",
                    "cxone.note", "it is hunter2",
                    "cxone.client-id", "",
                    "cxone.missing", "${NOWHERE}",
                    "cxone.rate-limit", "20")));

    assertThat(new Settings(environment).inForce())
        .containsExactly(
            new Settings.Setting("cxone.client-id", null),
            new Settings.Setting("cxone.client-secret", "••••••"),
            new Settings.Setting("cxone.missing", null),
            new Settings.Setting("cxone.note", "it is ••••••"),
            new Settings.Setting("cxone.rate-limit", "20"));
  }
}
