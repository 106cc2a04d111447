package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.compliance.PolicyException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.yaml.snakeyaml.Yaml;

class StartFailureTest {

  private static String sentence(Throwable cause) {
    return StartFailure.sentence(new BeanCreationException("bean of ours", cause));
  }

  @Test
  void aFileThatCannotBeUsedIsToldAsItSays() {
    assertThat(sentence(new PolicyException(Path.of("config/x.yaml"), "It is\n bad.", "Mend it.")))
        .isEqualTo("config/x.yaml: It is bad. Mend it.");
  }

  @Test
  void aPortInUseIsToldWithTheVariable() {
    assertThat(sentence(new PortInUseException(8080)))
        .isEqualTo(
            "Port 8080 is in use by another process. Stop that one, or set PORT (or MANAGEMENT_PORT, where it is that one) to another port.");
  }

  @Test
  void aFileThatIsNoYamlIsToldWithItsLine() {
    Throwable broken = thrownBy(() -> new Yaml().load("a: 1\nb: [\n"));
    assertThat(sentence(broken)).startsWith("config/application.yaml is no YAML in line 3:");
  }

  @Test
  void aFileThatIsNotInUtf8IsNamed() {
    Throwable broken = new IllegalStateException(new MalformedInputException(1));
    assertThat(sentence(broken))
        .isEqualTo("config/application.yaml is not in UTF-8. Save it in UTF-8.");
  }

  @Test
  void settingsInAVariableThatAreNoJsonAreToldWithItsName() {
    Throwable broken = thrownBy(() -> JsonParserFactory.getJsonParser().parseMap("{\"a\": "));
    assertThat(sentence(broken))
        .isEqualTo("SPRING_APPLICATION_JSON is not valid JSON. Correct it, or leave it out.");
  }

  @Test
  void aSettingOfSpringThatCannotBeBoundIsNamed() {
    Throwable unbound =
        thrownBy(
            () ->
                new Binder(new MapConfigurationPropertySource(Map.of("some.size", "many")))
                    .bind("some.size", int.class));
    assertThat(unbound).isInstanceOf(BindException.class);
    assertThat(sentence(unbound)).startsWith("some.size is 'many', which cannot be used here");
  }

  @Test
  void whateverElseThrowsIsOneLineWithoutNamesOfClasses() {
    assertThat(
            sentence(
                new RuntimeException(
                    "org.flywaydb.core.api.FlywayException: Migration\n\tchecksum mismatch")))
        .isEqualTo(
            "The service cannot start: Migration checksum mismatch."
                + " --logging.level.io.campaignroutes=DEBUG shows where.");
    assertThat(sentence(new NullPointerException()))
        .startsWith("The service cannot start: bean of ours");
    assertThat(StartFailure.sentence(new StackOverflowError())).doesNotContain("null");
  }

  private static Throwable thrownBy(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }
}
