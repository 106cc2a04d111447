package io.campaignroutes;

import io.campaignroutes.cxone.ApiFile;
import io.campaignroutes.cxone.TokenKind;
import io.campaignroutes.settings.UnreadSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.env.ConfigurableEnvironment;

/** Whether the settings say which tenant of CXone is called, and with whose credentials. */
final class RequiredTenant {
  private static final List<String> CLIENT = List.of("cxone.client-id", "cxone.client-secret");

  private final ConfigurableEnvironment environment;
  private final boolean discovers;
  private final List<TokenKind> kinds;

  /**
   * @param api the platform's file; where it cannot be read, which is told elsewhere, the platform
   *     is taken to need what most do
   */
  RequiredTenant(ConfigurableEnvironment environment, Optional<ApiFile> api) {
    this.environment = environment;
    this.discovers = api.map(ApiFile::discovers).orElse(false);
    this.kinds = api.map(ApiFile::tokenKinds).orElse(List.of(TokenKind.CLIENT_CREDENTIALS));
  }

  /** A tenant's service must not have a door that plays its CXone. */
  void refuseInSandbox(List<String> lines) {
    List<String> given =
        SandboxDoor.asked(environment) ? SandboxDoor.given(environment, all()) : List.of();
    if (!given.isEmpty()) {
      lines.add(
          "The profile sandbox is on, and %s %s set: the sandbox does not start with the settings of"
                  .formatted(String.join(", ", given), given.size() == 1 ? "is" : "are")
              + " a CXone tenant. Leave the profile out, or unset %s."
                  .formatted(given.size() == 1 ? given.get(0) : "them"));
    }
  }

  /** Adds what is missing. */
  void require(List<String> lines) {
    List<String> missing = new ArrayList<>();
    if (!discovers && isBlank("cxone.base-url")) {
      missing.add("CXONE_BASE_URL");
    }
    TokenKind least = kinds.get(kinds.size() - 1);
    least.needs().stream()
        .filter(this::isBlank)
        .map(RequiredTenant::variable)
        .forEach(missing::add);
    if (!missing.isEmpty()) {
      lines.add(sentence(missing));
    }
    List<String> half = CLIENT.stream().filter(this::isBlank).toList();
    if (least != TokenKind.CLIENT_CREDENTIALS && half.size() == 1) {
      lines.add(
          variable(half.get(0))
              + " is not set, and the other half of the client is. Set both, or neither: then the"
              + " access key alone is used.");
    }
  }

  private String sentence(List<String> missing) {
    List<String> misspelt = UnreadSettings.warnings(environment);
    return String.join(", ", missing)
        + (missing.size() == 1 ? " is" : " are")
        + " not set. "
        + (misspelt.isEmpty() ? "" : String.join(" ", misspelt) + " ")
        + "Set "
        + (missing.size() == 1 ? "it" : "them")
        + " for your CXone tenant, or try the service without one: mvn spring-boot:run, or"
        + " java -jar target/cxone-campaign-routes.jar --spring.profiles.active=sandbox";
  }

  /** Whatever tells of a tenant, with the variable that it comes from. */
  private Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("cxone.base-url", "CXONE_BASE_URL");
    for (TokenKind kind : kinds) {
      kind.needs().forEach(name -> all.put(name, variable(name)));
    }
    return all;
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private boolean isBlank(String name) {
    try {
      return environment.getProperty(name, "").isBlank()
          // that a file of it cannot be read is told by itself
          && environment.getProperty(variable(name) + "_FILE", "").isBlank();
    } catch (IllegalArgumentException e) {
      return false; // refers to something that is not set, which is told already
    }
  }
}
