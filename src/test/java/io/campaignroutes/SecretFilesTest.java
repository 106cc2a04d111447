package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.settings.InsecureSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets that a start finds in files. */
class SecretFilesTest {
  private static final String SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  private StartTrial with(String variable, Path file) {
    Map<String, String> variables = new HashMap<>();
    variables.put(variable, null);
    variables.put(variable + "_FILE", file.toString());
    return StartTrial.with(variables);
  }

  @ParameterizedTest
  @CsvSource({
    "API_KEY, campaign-routes.api-key",
    "WEBHOOK_TOKEN, campaign-routes.webhook-token",
    "WEBHOOK_SIGNING_SECRET, webhooks.signing-secret",
    "CXONE_CLIENT_ID, cxone.client-id",
    "CXONE_CLIENT_SECRET, cxone.client-secret",
    "CXONE_ACCESS_KEY_ID, cxone.access-key-id",
    "CXONE_ACCESS_KEY_SECRET, cxone.access-key-secret",
    "SPRING_DATASOURCE_USERNAME, spring.datasource.username",
    "SPRING_DATASOURCE_PASSWORD, spring.datasource.password"
  })
  void eachSecretMayBeGivenAsAFileAndALineEndIsNoPartOfIt(String variable, String setting)
      throws IOException {
    String secret = variable.equals("WEBHOOK_SIGNING_SECRET") ? SIGNING : "s3cret-${a}-#{1}";
    for (String end : List.of("", "\n", "\r\n")) {
      StartTrial trial = with(variable, file("secret", secret + end));
      assertThat(trial.lines).isEmpty();
      assertThat(trial.value(setting)).isEqualTo(secret);
      assertThat(trial.warnings()).isEmpty();
    }
  }

  @Test
  void soMayThoseThatDestinationsAskFor() throws IOException {
    StartTrial trial = with("MARKETING_TOKEN", file("token", "t0ken\n"));
    assertThat(trial.lines).isEmpty();
    assertThat(trial.environment.resolveRequiredPlaceholders("Bearer ${MARKETING_TOKEN}"))
        .isEqualTo("Bearer t0ken");
  }

  @Test
  void aPasswordMayEndInABlank() throws IOException {
    assertThat(
            with("SPRING_DATASOURCE_PASSWORD", file("p", "s3cret \n"))
                .value("spring.datasource.password"))
        .isEqualTo("s3cret ");
  }

  @Test
  void whatIsGivenAsAFileThatIsNotThereIsNotToldToBeMissingToo() {
    assertThat(with("CXONE_CLIENT_SECRET", folder.resolve("none")).lines)
        .singleElement()
        .asString()
        .startsWith("CXONE_CLIENT_SECRET_FILE is read from");
  }

  @Test
  void aVariableAndItsFileTogetherEndTheStart() throws IOException {
    String file = file("key", "key").toString();
    assertThat(StartTrial.with(Map.of("API_KEY", "key", "API_KEY_FILE", file)).lines)
        .containsExactly("API_KEY_FILE and API_KEY are both set. Leave one of them out.");
    assertThat(StartTrial.with(Map.of("API_KEY", " ", "API_KEY_FILE", file)).lines).isEmpty();
    assertThat(StartTrial.with(Map.of("API_KEY", "key", "API_KEY_FILE", "")).lines).isEmpty();
  }

  @ParameterizedTest
  @Timeout(60)
  @CsvSource(
      delimiter = '|',
      value = {
        "rm -f %s | No such file or folder.",
        "truncate -s 0 %s | It is empty.",
        "mkdir %s | It is no file.",
        "mkfifo %s | It is no file.",
        "ln -s /dev/zero %s | It is no file.",
        "ln -s nowhere %s | No such file or folder.",
        "truncate -s 65537 %s | It is larger than 64 KiB.",
        "cp config/none.png %s | It is not in UTF-8.",
        "cp README.md %s | It has a line break"
      })
  void aFileThatCannotBeUsedEndsTheStartWithWhereItIsAndWhatToDo(String make, String why)
      throws Exception {
    Path file = folder.resolve("secret");
    if (make.contains("none.png")) {
      Files.write(file, "schlüssel".getBytes(StandardCharsets.ISO_8859_1));
    } else {
      assertThat(
              new ProcessBuilder(make.strip().formatted(file).split(" "))
                  .inheritIO()
                  .start()
                  .waitFor())
          .isZero();
    }
    if (Files.isRegularFile(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(with("WEBHOOK_TOKEN", file).lines)
        .singleElement()
        .asString()
        .startsWith("WEBHOOK_TOKEN_FILE is read from '" + file + "': " + why.strip())
        .endsWith("for the service to read, or leave WEBHOOK_TOKEN_FILE out.");
  }

  @Test
  void whatIsWrongWithASecretIsToldOfTheFileThatItStandsIn() throws IOException {
    assertThat(with("API_KEY", file("key", "schlüssel")).lines)
        .singleElement()
        .asString()
        .startsWith("API_KEY_FILE has a letter outside ASCII")
        .doesNotContain("schl");
    assertThat(with("WEBHOOK_SIGNING_SECRET", file("secret", "whsec_aGVsbG8=")).lines)
        .singleElement()
        .asString()
        .startsWith("WEBHOOK_SIGNING_SECRET_FILE ")
        .contains("24 to 64 bytes")
        .doesNotContain("aGVsbG8");
  }

  @Test
  void aSecretThatStandsWhereAnotherSettingIsReadIsNotShown() throws IOException {
    Path file = file("secret", "hidden");
    Map<String, String> variables = new HashMap<>();
    variables.put("CXONE_CLIENT_SECRET", null);
    variables.put("CXONE_CLIENT_SECRET_FILE", file.toString());
    variables.put("THROTTLE_PERIOD", "${CXONE_CLIENT_SECRET}");
    assertThat(StartTrial.with(variables).lines)
        .singleElement()
        .asString()
        .startsWith("THROTTLE_PERIOD is '...'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "r--r--r--", "------r--"})
  void aFileThatEverybodyMayReadNeedsToBeAllowed(String mode) throws IOException {
    Path file = file("key", "key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThat(with("API_KEY", file).lines)
        .containsExactly(
            "API_KEY_FILE is read from '"
                + file
                + "', which every user of this machine may read. Take that right away (chmod o-r),"
                + " or name readable-secrets in ALLOW_INSECURE if it has to be so.");
    StartTrial allowed =
        StartTrial.with(
            Map.of("API_KEY_FILE", file.toString(), "ALLOW_INSECURE", "readable-secrets"));
    assertThat(allowed.lines).isEmpty();
    assertThat(new InsecureSettings(allowed.environment).allowed())
        .singleElement()
        .asString()
        .startsWith("Insecure and allowed (readable-secrets): API_KEY_FILE is read from");
  }

  @Test
  void aTreeOfFilesGivesSecretsByVariableOrBySetting() throws IOException {
    file("CXONE_CLIENT_ID", "by-tree\n");
    file("cxone.client-secret", "s3cret\n");
    file("MARKETING_TOKEN", "t0ken\n");
    Map<String, String> none = new HashMap<>();
    none.put("CXONE_CLIENT_ID", null);
    none.put("CXONE_CLIENT_SECRET", null);
    StartTrial trial = StartTrial.withTree(folder, none);
    assertThat(trial.lines).isEmpty();
    assertThat(trial.value("cxone.client-id")).isEqualTo("by-tree");
    assertThat(trial.value("cxone.client-secret")).isEqualTo("s3cret");
    assertThat(trial.value("MARKETING_TOKEN")).isEqualTo("t0ken");
    assertThat(
            StartTrial.withTree(folder, Map.of("CXONE_CLIENT_ID", "own")).value("cxone.client-id"))
        .isEqualTo("own");
    Files.setPosixFilePermissions(
        folder.resolve("cxone.client-secret"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(StartTrial.withTree(folder, none).lines)
        .singleElement()
        .asString()
        .startsWith("cxone.client-secret is read from '")
        .contains("readable-secrets");
  }

  @Test
  void theSandboxDoesNotStartWithATenantsSecretInAFile() throws IOException {
    Map<String, String> variables = new HashMap<>();
    List.of("CXONE_BASE_URL", "CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET")
        .forEach(name -> variables.put(name, null));
    variables.put("SPRING_PROFILES_ACTIVE", "sandbox");
    variables.put("CXONE_CLIENT_SECRET_FILE", file("secret", "s3cret").toString());
    assertThat(StartTrial.with(variables).lines)
        .anyMatch(
            line -> line.startsWith("The profile sandbox is on, and CXONE_CLIENT_SECRET is set"));
  }
}
