package io.campaignroutes.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleTest {
  private static final Path DESCRIPTION = Path.of("config/openapi.yaml");

  @TestFactory
  List<DynamicTest> eachOperationNeedsTheRoleThatItsDescriptionTells() throws Exception {
    JsonNode api = new YAMLMapper().readTree(DESCRIPTION.toFile());
    JsonNode usual = api.path("security");
    return api.path("paths").properties().stream()
        .flatMap(
            path ->
                path.getValue().properties().stream()
                    .filter(operation -> !operation.getKey().equals("parameters"))
                    .map(operation -> Map.entry(path.getKey(), operation)))
        .map(
            one -> {
              String method = one.getValue().getKey().toUpperCase(java.util.Locale.ROOT);
              JsonNode security = one.getValue().getValue().path("security");
              JsonNode told = security.isMissingNode() ? usual : security;
              return DynamicTest.dynamicTest(
                  method + " " + one.getKey(),
                  () -> {
                    if (!told.isEmpty()) {
                      assertThat(told.at("/0/apiKey/0").asText())
                          .isEqualTo(Role.needed(method, one.getKey()).word());
                    }
                  });
            })
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /destinations/crm/off, ADMIN",
    "POST, /destinations/crm/%6fff, ADMIN",
    "POST, /%64estinations/crm/on, ADMIN",
    "POST, /DESTINATIONS/crm/on, ADMIN",
    "POST, /below/a/proxy/destinations/crm/on, ADMIN",
    "POST, /destinations/crm/off/, ADMIN",
    "PUT, /destinations, ADMIN",
    "POST, /%zz, ADMIN",
    "GET, /destinations/crm, VIEWER",
    "HEAD, /campaigns, VIEWER",
    "POST, /campaigns/validate, OPERATOR",
    "BREW, /campaigns, OPERATOR",
  })
  void howeverItIsWrittenARequestNeedsWhatItDoes(String method, String path, Role role) {
    assertThat(Role.needed(method, path)).isEqualTo(role);
  }

  @Test
  void eachRoleMayDoWhatALesserOneMay() {
    assertThat(Role.ADMIN.mayAs(Role.OPERATOR)).isTrue();
    assertThat(Role.OPERATOR.mayAs(Role.VIEWER)).isTrue();
    assertThat(Role.OPERATOR.mayAs(Role.ADMIN)).isFalse();
    assertThat(Role.VIEWER.mayAs(Role.OPERATOR)).isFalse();
  }
}
