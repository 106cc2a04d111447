package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.DefaultBootstrapContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class RequiredSettingsTest {

  private static void start(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("cxone.base-url", "http://127.0.0.1:1");
    all.put("cxone.client-id", "id");
    all.put("cxone.client-secret", "secret");
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", all));
    new RequiredSettings()
        .onApplicationEvent(
            new ApplicationEnvironmentPreparedEvent(
                new DefaultBootstrapContext(),
                mock(SpringApplication.class),
                new String[0],
                environment));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
  void withoutAKeyTheServiceDoesNotListenForOthers(String address) {
    assertThatThrownBy(() -> start(Map.of("server.address", address)))
        .isInstanceOf(MissingSettingException.class)
        .hasMessageContaining("SERVER_ADDRESS is " + address)
        .hasMessageContaining("API_KEY");
    assertThatCode(() -> start(Map.of("server.address", address, "campaign-routes.api-key", "key")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "127.0.0.1", "127.1.2.3", "::1", "localhost"})
  void loopbackNeedsNoKey(String address) {
    assertThatCode(() -> start(Map.of("server.address", address))).doesNotThrowAnyException();
  }

  @Test
  void aProxyThatIsNoAddressEndsTheStart() {
    assertThatThrownBy(() -> start(Map.of("campaign-routes.trusted-proxies", "10.0.0.7,proxy")))
        .isInstanceOf(MissingSettingException.class)
        .hasMessageContaining("TRUSTED_PROXIES: 'proxy' is no address");
    assertThatCode(() -> start(Map.of("campaign-routes.trusted-proxies", "10.0.0.7,::1/128")))
        .doesNotThrowAnyException();
  }

  @Test
  void norIsThereAnotherPortForOthers() {
    assertThatThrownBy(() -> start(Map.of("management.server.port", "9090")))
        .isInstanceOf(MissingSettingException.class)
        .hasMessageContaining("API_KEY");
  }
}
