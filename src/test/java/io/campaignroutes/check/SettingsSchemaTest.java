package io.campaignroutes.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** Keeps {@code config/application.schema.json} abreast of what the service binds. */
class SettingsSchemaTest {
  private static final Path FILE = Path.of("config", "application.schema.json");

  /**
   * {@code mvn test -Dtest=SettingsSchemaTest -Dsettings.schema=write} brings the file up to date.
   */
  @Test
  void theSchemaIsTheOneThatTheRecordsMake() throws IOException {
    String made = SettingsSchema.text();
    if ("write".equals(System.getProperty("settings.schema"))) {
      Files.writeString(FILE, made);
    }
    assertThat(Files.readString(FILE)).isEqualTo(made);
  }

  static Stream<Map.Entry<String, Class<?>>> groups() {
    return Beans.ofTheService().settings().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("groups")
  void everySettingThatIsBoundIsInTheSchema(Map.Entry<String, Class<?>> group) throws IOException {
    JsonNode schema = new ObjectMapper().readTree(FILE.toFile());
    for (String part : group.getKey().split("\\.")) {
      schema = schema.path("properties").path(part);
    }
    assertThat(group.getValue().isRecord()).isTrue();
    for (RecordComponent component : group.getValue().getRecordComponents()) {
      String name = DataObjectPropertyName.toDashedForm(component.getName());
      assertThat(schema.path("properties").has(name))
          .as("%s.%s is in config/application.schema.json", group.getKey(), name)
          .isTrue();
    }
  }
}
