package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SandboxDoorTest {
  private static final Map<String, String> SETTINGS = Map.of("cxone.client-id", "CXONE_CLIENT_ID");

  private final StandardEnvironment environment = new StandardEnvironment();
  private final MutablePropertySources sources = environment.getPropertySources();

  SandboxDoorTest() {
    sources.replace(
        "systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", Map.of()));
    sources.addLast(
        new MapPropertySource(
            "sandbox",
            Map.of("spring.config.activate.on-profile", "sandbox", "cxone.client-id", "sandbox")));
    sources.addLast(
        new MapPropertySource("file", Map.of("cxone.client-id", "${CXONE_CLIENT_ID:}")));
  }

  @Test
  void theSandboxsOwnSettingsAreNotThoseOfATenant() {
    assertThat(environment.getProperty("cxone.client-id")).isEqualTo("sandbox");
    assertThat(SandboxDoor.given(environment, SETTINGS)).isEmpty();
  }

  @Test
  void aVariableOfATenantIsFound() {
    sources.replace(
        "systemEnvironment",
        new SystemEnvironmentPropertySource(
            "systemEnvironment", Map.of("CXONE_CLIENT_ID", "tenant")));
    assertThat(SandboxDoor.given(environment, SETTINGS)).containsExactly("CXONE_CLIENT_ID");
  }

  @Test
  void anArgumentOfATenantIsFound() {
    sources.addFirst(new SimpleCommandLinePropertySource("--cxone.client-id=tenant"));
    assertThat(SandboxDoor.given(environment, SETTINGS)).containsExactly("CXONE_CLIENT_ID");
  }

  @Test
  void aTenantInTheFileIsFound() {
    sources.replace("file", new MapPropertySource("file", Map.of("cxone.client-id", "tenant")));
    assertThat(SandboxDoor.given(environment, SETTINGS)).containsExactly("CXONE_CLIENT_ID");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "production", "sandbox2"})
  void otherProfilesAskForNoSandbox(String profile) {
    environment.setActiveProfiles(profile.isEmpty() ? new String[0] : new String[] {profile});
    assertThat(SandboxDoor.asked(environment)).isFalse();
  }
}
