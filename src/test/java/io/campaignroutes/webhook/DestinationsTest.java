package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.compliance.RequestSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class DestinationsTest {
  @TempDir Path temp;

  private Destinations load(Path file, boolean allowPrivate, Map<String, Object> values) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", values));
    return Destinations.load(
        file,
        RequestSchema.load(Path.of("config", "destinations.schema.json"), "/$defs/destination"),
        environment::resolveRequiredPlaceholders,
        allowPrivate,
        new Signature(Signature.secret()),
        4);
  }

  private Destinations load(String one) throws Exception {
    Path file = Files.writeString(temp.resolve("d.yaml"), "destinations:\n  - " + one + "\n");
    return load(file, false, Map.of("GIVEN", "value", "ON", "true"));
  }

  @ParameterizedTest
  @CsvSource({
    "'url: https://hooks.slack.com/services/T0/B0/secret', https://hooks.slack.com/...",
    "'url: https://hooks.example.com:8443?key=secret', https://hooks.example.com:8443/...",
    "'url: https://hooks.example.com/a@b', https://hooks.example.com/...",
    "'to: sftp:user@files.example.com/in?password=secret', sftp://files.example.com/...",
    "'to: sftp://files.example.com/in?username=a@b', sftp://files.example.com/...",
    "'to: sftp://user:se/cret@files.example.com:22/in', sftp://files.example.com:22/...",
    "'to: direct:my-route?block=false', direct:my-route"
  })
  void operatorsAreShownNoPartOfAnAddressThatMayBeASecret(String to, String shown)
      throws Exception {
    assertThat(load("{name: one, " + to.replaceFirst(": (.*)", ": '$1'") + "}").configured("one"))
        .extracting(Destination::shown)
        .isEqualTo(shown);
  }

  @Test
  void theFileThatIsDeliveredHasNothingSwitchedOn() {
    assertThat(load(Path.of("config", "destinations.yaml"), false, Map.of()).configured())
        .isEmpty();
  }

  @Test
  void everyExampleInItWorksOnceItIsEnabled() throws Exception {
    String text = Files.readString(Path.of("config", "destinations.yaml"));
    Files.createDirectories(temp.resolve("transforms"));
    Files.copy(Path.of("config/transforms/slack.jslt"), temp.resolve("transforms/slack.jslt"));
    Path file = temp.resolve("destinations.yaml");
    Files.writeString(file, text.replace("enabled: false", "enabled: true"));
    Destinations all =
        load(
            file,
            false,
            Map.of(
                "MARKETING_TOKEN", "t",
                "MARKETING_WEBHOOK_SECRET", Signature.secret(),
                "webhooks.sandbox-log", "true"));
    assertThat(all.configured())
        .extracting(Destination::name)
        .containsExactly("marketing", "archive", "audit-copy", "sandbox-log");
    assertThat(all.configured("marketing").headers()).containsEntry("Authorization", "Bearer t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: a, url: 'http://127.0.0.1:9/hook'} | private",
        "{name: a, url: 'http://10.1.2.3/hook'} | private",
        "{name: a, url: 'http://169.254.169.254/latest'} | private",
        "{name: a, url: 'http://[::1]:9/hook'} | private",
        "{name: a, url: 'http://[::ffff:127.0.0.1]:9/hook'} | private",
        "{name: a, url: 'ftp://example.com/'} | https://",
        "{name: A b, url: 'https://example.com/'} | lower-case",
        "{name: campaign-x, url: 'https://example.com/'} | campaign-",
        "{name: a} | either url or to",
        "{name: a, url: 'https://example.com/', to: 'log:x'} | either url or to",
        "{name: a, url: 'https://example.com/', secrets: nonsense} | openssl rand",
        "{name: a, url: 'https://example.com/', template: none.jslt} | cannot be read",
        "{name: a, url: 'https://example.com/', conurrency: 3} | Did you mean",
        "{name: a, url: 'https://example.com/', headers: {X: '${MISSING}'}} | MISSING",
        "{name: a, url: 'https://example.com/', enabled: perhaps} | true or false",
        "{name: a, url: 'https://example.com/', headers: {webhook-id: x}} | headers",
        "nothing | a name and a url",
      })
  void whatIsWrongIsSaidWithItsPlace(String one, String said) {
    assertThatThrownBy(() -> load(one))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("destinations[0]")
        .hasMessageContaining(said);
  }

  @Test
  void aLineEndIsNoPartOfAHeaderOrAnAddress() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("d.yaml"),
            "destinations:\n  - {name: a, url: '${URL}', headers: {X: 'Bearer ${TOKEN}'}}\n");
    Destination one =
        load(file, false, Map.of("TOKEN", "t\n", "URL", "https://example.com/x\n")).configured("a");
    assertThat(one.headers()).containsEntry("X", "Bearer t");
    assertThat(one.url()).isEqualTo("https://example.com/x");
    assertThatThrownBy(
            () -> load(file, false, Map.of("TOKEN", "t\nY: z", "URL", "https://example.com/")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("destinations[0].headers.X: It has a line break")
        .hasMessageNotContaining("Y: z");
  }

  @Test
  void aTemplateThatDoesNotCompileStopsTheStart() throws Exception {
    Files.writeString(temp.resolve("bad.jslt"), "{\"a\": ");
    assertThatThrownBy(() -> load("{name: a, url: 'https://example.com/', template: bad.jslt}"))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("bad.jslt");
  }

  @Test
  void filtersLookAtTypeAndCampaign() throws Exception {
    Destination one =
        load("{name: a, url: 'https://example.com/', enabled: '${ON}', events: [CAMPAIGN_ERROR],"
                + " campaigns: ['c-*', 'x.1'], headers: {X: '${GIVEN}'}}")
            .configured("a");
    assertThat(one.headers()).containsEntry("X", "value");
    assertThat(one.wants("CAMPAIGN_ERROR", "c-7")).isTrue();
    assertThat(one.wants("CAMPAIGN_ERROR", "x.1")).isTrue();
    assertThat(one.wants("CAMPAIGN_ERROR", "xx1")).isFalse();
    assertThat(one.wants("CAMPAIGN_PAUSED", "c-7")).isFalse();
  }

  @Test
  void theSameAddressIsTheSameDestinationForAllCampaigns() throws Exception {
    Destinations all = load("{name: a, url: 'https://example.com/'}");
    assertThat(all.own("https://x.example/1").name())
        .isEqualTo(all.own("https://x.example/1").name())
        .isNotEqualTo(all.own("https://x.example/2").name())
        .matches("campaign-[0-9a-f]{12}");
  }
}
