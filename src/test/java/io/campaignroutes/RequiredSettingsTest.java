package io.campaignroutes;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.cxone.ApiFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;

class RequiredSettingsTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void withoutAKeyTheServiceDoesNotListenForOthers(String address) {
    assertThat(StartTrial.with(Map.of("SERVER_ADDRESS", address)).lines)
        .singleElement()
        .asString()
        .contains("SERVER_ADDRESS is " + address, "API_KEY");
    assertThat(StartTrial.with(Map.of("SERVER_ADDRESS", address, "API_KEY", "key")).lines)
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n"})
  void anEmptyKeyIsNoKey(String key) {
    assertThat(StartTrial.with(Map.of("SERVER_ADDRESS", "0.0.0.0", "API_KEY", key)).lines)
        .singleElement()
        .asString()
        .contains("SERVER_ADDRESS is 0.0.0.0", "API_KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "127.0.0.1", "127.1.2.3", "::1", "localhost"})
  void loopbackNeedsNoKey(String address) {
    assertThat(StartTrial.with(Map.of("SERVER_ADDRESS", address)).lines).isEmpty();
  }

  @Test
  void aFileOfKeysThatIsNamedAndNotThereEndsTheStart(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys.yaml");
    Map<String, String> named = Map.of("API_KEYS_FILE", file.toString());
    assertThat(StartTrial.with(named).lines)
        .singleElement()
        .asString()
        .contains("API_KEYS_FILE is " + file, "no such file", "keys add");
    Files.writeString(file, "# nobody yet\n");
    assertThat(StartTrial.with(named).lines).isEmpty();
  }

  @Test
  void aProxyThatIsNoAddressEndsTheStart() {
    assertThat(StartTrial.with(Map.of("TRUSTED_PROXIES", "10.0.0.7,proxy")).lines)
        .singleElement()
        .asString()
        .startsWith("TRUSTED_PROXIES has 'proxy', which is not an IP address");
    assertThat(StartTrial.with(Map.of("TRUSTED_PROXIES", "10.0.0.7,::1/128")).lines).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "LOGGING_CONFIG,no/such/file.xml,cannot be read",
    "LOGGING_CONFIG,classpath:no-such-file.xml,cannot be read",
    "LOGGING_CONFIG,config,cannot be read",
    "LOGGING_CONFIG,pom.xml,holds no settings of a log",
    "LOGGING_CONFIG,config/application.yaml,is not valid XML in line 1",
    "LOGGING_FILE_NAME,/proc/nowhere/service.log,where no file can be written",
    "LOGGING_FILE_NAME,config,where no file can be written",
    "LOGGING_FILE_PATH,pom.xml/log,where no file can be written"
  })
  void aFileOfTheLogThatCannotBeUsedEndsTheStart(String variable, String value, String why) {
    assertThat(StartTrial.with(Map.of(variable, value)).lines)
        .singleElement()
        .asString()
        .startsWith(variable + " is '" + value + "'")
        .contains(why);
  }

  @Test
  void aFileOfSettingsThatIsCutEndsTheStartWhereverItEnds(@TempDir Path temp) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("config/application.yaml"));
    List<String> whole = lines.subList(0, lines.indexOf("logging:"));
    List<Integer> parts =
        IntStream.range(1, whole.size())
            .filter(i -> whole.get(i).matches("[a-z-]+:"))
            .boxed()
            .toList();
    assertThat(parts).hasSizeGreaterThan(9);
    for (int part : parts.subList(1, parts.size())) {
      Path cut = Files.write(temp.resolve(part + ".yaml"), whole.subList(0, part));
      assertThat(StartTrial.of(cut).lines)
          .as("without %s and what follows", whole.get(part))
          .singleElement()
          .asString()
          .startsWith("config/application.yaml in ")
          .endsWith("Put the whole file back.");
    }
  }

  @Test
  void aFileOfRoutesThatIsMissingOrHoldsNoneEndsTheStart(@TempDir Path temp) throws IOException {
    List<Path> files;
    try (Stream<Path> routes = Files.list(Path.of("routes"))) {
      files = routes.filter(file -> file.toString().endsWith(".camel.yaml")).toList();
    }
    for (Path file : files) {
      Files.copy(file, temp.resolve(file.getFileName()));
    }
    FileSystemUtils.copyRecursively(Path.of("routes/platform"), temp.resolve("platform"));
    String folder = "--campaign-routes.routes-dir=" + temp;
    assertThat(StartTrial.with(Map.of(), folder).lines).isEmpty();
    for (Path file : files) {
      Path copy = temp.resolve(file.getFileName());
      byte[] whole = Files.readAllBytes(copy);
      Files.delete(copy);
      assertThat(StartTrial.with(Map.of(), folder).lines)
          .containsExactly(copy + " is not there or cannot be read. Put it back.");
      Files.writeString(copy, "# nothing\n");
      assertThat(StartTrial.with(Map.of(), folder).lines)
          .containsExactly(copy + " holds no route. Put the whole file back.");
      Files.write(copy, new String(whole, UTF_8).getBytes(UTF_16));
      assertThat(StartTrial.with(Map.of(), folder).lines)
          .containsExactly(copy + " is not in UTF-8. Save it in UTF-8.");
      Files.write(copy, whole);
    }
    Path launch = temp.resolve("campaign-launch.camel.yaml");
    Files.writeString(
        launch, Files.readString(launch).replace("id: campaign-activation", "id: another"));
    assertThat(StartTrial.with(Map.of(), folder).lines)
        .containsExactly(
            launch
                + " lacks 'id: campaign-activation'. It is of an older version: take this one's.");
  }

  @Test
  void foldersOfRoutesThatAreLinksAreFollowedSinceCamelWouldReadNothing(@TempDir Path temp)
      throws IOException {
    Path routes = temp.toRealPath().resolve("at $1, home/routes");
    FileSystemUtils.copyRecursively(Path.of("routes"), routes);
    Path own = Files.move(routes.resolve("platform/v2"), routes.resolve("own"));
    Files.createSymbolicLink(routes.resolve("platform/v2"), own);
    Path link = Files.createSymbolicLink(temp.resolve("link"), routes);
    StartTrial trial = StartTrial.with(Map.of(), "--campaign-routes.routes-dir=" + link);
    assertThat(trial.lines).isEmpty();
    assertThat(trial.value("camel.main.routes-include-pattern"))
        .isEqualTo(
            "file:%s/*.camel.yaml,file:%s/platform/*.camel.yaml,file:%s/*.camel.yaml"
                .formatted(routes, link, own));
  }

  @Test
  void aFileOfThePlatformThatIsMissingOrHoldsNoneEndsTheStart(@TempDir Path temp)
      throws IOException {
    FileSystemUtils.copyRecursively(Path.of("routes"), temp);
    String folder = "--campaign-routes.routes-dir=" + temp;
    Path platform = temp.resolve("platform/v2");
    List<Path> files;
    try (Stream<Path> own = Files.list(platform);
        Stream<Path> shared = Files.list(platform.getParent())) {
      files = Stream.concat(own, shared).filter(Files::isRegularFile).toList();
    }
    assertThat(files).hasSizeGreaterThan(2);
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      Files.writeString(file, "# nothing\n");
      List<String> empty = StartTrial.with(Map.of(), folder).lines;
      Files.delete(file);
      assertThat(StartTrial.with(Map.of(), folder).lines)
          .isEqualTo(empty)
          .singleElement()
          .asString()
          .startsWith(platform + " has no route for direct:")
          .endsWith("Put its files back as they were.");
      Files.write(file, new String(whole, UTF_8).getBytes(UTF_16));
      assertThat(StartTrial.with(Map.of(), folder).lines)
          .containsExactly(file + " is not in UTF-8. Save it in UTF-8.");
      Files.write(file, whole);
    }
  }

  @Test
  void aCallThatLeavesOutWhatItIsAskedWithEndsTheStart(@TempDir Path temp) throws IOException {
    String whole = Files.readString(Path.of("config/cxone/v2.yaml"));
    Path own = temp.resolve("own.yaml");
    String api = "--cxone.api=" + own;
    Files.writeString(own, whole);
    assertThat(StartTrial.with(Map.of(), api).lines).isEmpty();
    Files.writeString(own, whole.replace("{\"maxCallsPerSecond\": .rate} + .pacing", ".pacing"));
    assertThat(StartTrial.with(Map.of(), api).lines)
        .containsExactly(
            own
                + ": operations.setPacing uses no 'rate', which direct:platform-set-rate asks it"
                + " with. Write .rate into its request, or {rate} into its path or query.");
    Files.writeString(
        own, whole.replace("/api/v2/agents/pools/{poolId}", "/api/v2/agents/pools/all"));
    assertThat(StartTrial.with(Map.of(), api).lines)
        .singleElement()
        .asString()
        .contains("operations.agentPool uses no 'poolId'");
    Files.writeString(
        own,
        whole.replace(
            "\"failureCode\": .errorCode, \"pacing\"", "\"errorCode\": .errorCode, \"pacing\""));
    assertThat(StartTrial.with(Map.of(), api).lines)
        .containsExactly(
            own
                + ": operations.getCampaign makes no 'failureCode', which direct:platform-status"
                + " answers with. Make it in its answer, with null where the platform tells none.");
  }

  /** Read once: what was checked is what is used, also when somebody writes the file meanwhile. */
  @Test
  void thePlatformsFileThatWasCheckedIsTheOneThatTheServiceUses(@TempDir Path temp)
      throws IOException {
    Path own = temp.resolve("own.yaml");
    Files.copy(Path.of("config/cxone/v2.yaml"), own);
    StartTrial trial = StartTrial.with(Map.of(), "--cxone.api=" + own);
    assertThat(trial.lines).isEmpty();
    Files.delete(own);
    try (var context = new GenericApplicationContext()) {
      trial.bootstrap.close(context);
      context.refresh();
      assertThat(context.getBean(ApiFile.class).operations()).containsKey("setPacing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3", "../platform/v2", "v2/../v2", "V2"})
  void aPlatformThatThereIsNotEndsTheStartWithThoseThatThereAre(String platform) {
    assertThat(StartTrial.with(Map.of("CXONE_PLATFORM", "")).lines).isEmpty();
    assertThat(StartTrial.with(Map.of("CXONE_PLATFORM", platform)).lines)
        .containsExactly(
            "CXONE_PLATFORM (cxone.platform) is '%s', and there is no such platform: routes/platform has personal-connection, v2."
                .formatted(platform));
  }

  @ParameterizedTest
  @ValueSource(strings = {"collector", "grpc://collector", "http://["})
  void anAddressForTracesThatIsNoneIsNamed(String address) {
    assertThat(StartTrial.with(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", address)).lines)
        .singleElement()
        .asString()
        .startsWith("OTEL_EXPORTER_OTLP_ENDPOINT is '" + address + "'");
    String good = "http://localhost:4318";
    assertThat(StartTrial.with(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", good)).lines).isEmpty();
  }

  @Test
  void aSecretThatStandsWhereAnotherSettingIsReadIsNotShown() {
    assertThat(
            StartTrial.with(
                    Map.of(
                        "CXONE_CLIENT_SECRET",
                        "hidden",
                        "THROTTLE_PERIOD",
                        "${CXONE_CLIENT_SECRET}"))
                .lines)
        .singleElement()
        .asString()
        .startsWith("THROTTLE_PERIOD is '...'")
        .doesNotContain("hidden");
    assertThat(
            StartTrial.with(
                    Map.of(
                        "CXONE_CLIENT_SECRET",
                        "hidden",
                        "CXONE_TOKEN_URL",
                        "${CXONE_CLIENT_SECRET}"))
                .lines)
        .singleElement()
        .asString()
        .contains("does not begin with https://")
        .doesNotContain("hidden");
  }

  @Test
  void filesOfTheLogThatCanBeUsedEndNothing(@TempDir Path temp) throws IOException {
    Path settings = Files.writeString(temp.resolve("logback.xml"), "<configuration/>");
    Path log = temp.resolve("logs/service.log");
    Map<String, String> variables =
        Map.of("LOGGING_CONFIG", settings.toString(), "LOGGING_FILE_NAME", log.toString());
    assertThat(StartTrial.with(variables).lines).isEmpty();
  }

  @Test
  void anIssuerOpensTheAddressAndWantsToKnowWhatItsTokensAreMadeFor() {
    Map<String, String> issuer =
        Map.of("SERVER_ADDRESS", "0.0.0.0", "OIDC_ISSUER", "https://issuer.example/");
    assertThat(StartTrial.with(issuer).lines)
        .singleElement()
        .asString()
        .startsWith("OIDC_AUDIENCE is not set");
    Map<String, String> whole = new java.util.HashMap<>(issuer);
    whole.put("OIDC_AUDIENCE", "campaign-routes");
    StartTrial trial = StartTrial.with(whole);
    assertThat(trial.lines).isEmpty();
    assertThat(trial.value("oidc.issuer")).isEqualTo("https://issuer.example/");
    whole.put("OIDC_ISSUER", "issuer.example");
    assertThat(StartTrial.with(whole).lines)
        .singleElement()
        .asString()
        .startsWith("OIDC_ISSUER is 'issuer.example', which does not begin with https://");
    whole.put("OIDC_ISSUER", " ");
    assertThat(StartTrial.with(whole).lines)
        .hasSize(2)
        .anyMatch(line -> line.startsWith("SERVER_ADDRESS is 0.0.0.0"))
        .anyMatch(line -> line.startsWith("OIDC_ISSUER is not set, and OIDC_AUDIENCE is"));
    assertThat(StartTrial.with(Map.of("OIDC_CLIENT_ID", "console")).lines)
        .singleElement()
        .asString()
        .startsWith("OIDC_ISSUER is not set, and OIDC_CLIENT_ID is");
  }

  @Test
  void theManagementPortIsAnotherOne() {
    assertThat(StartTrial.with(Map.of("MANAGEMENT_PORT", "9090")).lines).isEmpty();
    assertThat(StartTrial.with(Map.of("MANAGEMENT_PORT", "9090", "PORT", "9090")).lines)
        .singleElement()
        .asString()
        .startsWith("MANAGEMENT_PORT is 9090, which is the service's own port.");
    assertThat(StartTrial.with(Map.of("MANAGEMENT_PORT", "99999")).lines)
        .singleElement()
        .asString()
        .startsWith("MANAGEMENT_PORT is '99999', which is no port.");
  }

  @Test
  void norIsThereAnotherPortForOthers() {
    assertThat(StartTrial.with(Map.of("MANAGEMENT_SERVER_PORT", "9090")).lines)
        .singleElement()
        .asString()
        .contains("API_KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no.such.host.invalid", "192.0.2.7", "0.0.0.0/0"})
  void anAddressThatThisMachineDoesNotHaveIsRefused(String address) {
    assertThat(StartTrial.with(Map.of("SERVER_ADDRESS", address, "API_KEY", "key")).lines)
        .singleElement()
        .asString()
        .startsWith("SERVER_ADDRESS is '" + address + "'");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "https://x.example/,https://x.example",
        "https://x.example//,https://x.example",
        "HTTPS://X.Example:8443,https://x.example:8443",
        "\" https://x.example\n\",https://x.example",
        "https://x.example/dialer/,https://x.example/dialer",
        "https://x.example//dialer//,https://x.example/dialer",
        "http://[::1]:8080/,http://[::1]:8080"
      })
  void anAddressIsUnderstoodHoweverItsEndIsWritten(String given, String understood) {
    StartTrial trial =
        StartTrial.with(
            Map.of("CXONE_BASE_URL", given, "PUBLIC_URL", given, "CXONE_TOKEN_URL", given));

    assertThat(trial.lines).isEmpty();
    assertThat(trial.value("cxone.base-url")).isEqualTo(understood);
    assertThat(trial.value("cxone.public-url")).isEqualTo(understood);
    assertThat(trial.value("cxone.token-url")).isEqualTo(understood);
    assertThat(StartTrial.with(Map.of("CXONE_BASE_URL", given)).value("cxone.token-url"))
        .isEqualTo(understood + "/oauth/token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.example",
        "//x.example",
        "localhost:8080",
        "ftp://x.example",
        "https://",
        "https:///path",
        "https://x.example?x=1",
        "https://x.example/#a",
        "https://user:hunter2@x.example",
        "https://x.example\n/path",
        "https://x example",
        "https://ümlaut.example",
        "https://x.example:0",
        "https://x.example:99999",
        "https://x.example:",
        "https://x.example/../y",
        "https://x.example/a%2Fb",
        "https://x.example/{{a}}",
        "https://x.example/${a}",
        "'https://x.example'"
      })
  void anAddressThatNoPathCanFollowIsRefused(String given) {
    for (String variable : new String[] {"CXONE_BASE_URL", "CXONE_TOKEN_URL", "PUBLIC_URL"}) {
      assertThat(StartTrial.with(Map.of(variable, given)).lines)
          .singleElement()
          .asString()
          .startsWith(variable + " ")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void thePublicAddressIsThatOfTheServiceNotOfItsReceiver() {
    assertThat(StartTrial.with(Map.of("PUBLIC_URL", "https://x.example/webhooks/cxone/")).lines)
        .singleElement()
        .asString()
        .startsWith("PUBLIC_URL ends in /webhooks/cxone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "THROTTLE_PERIOD|5|5s",
        "THROTTLE_PERIOD|0s|100ms",
        "THROTTLE_PERIOD|50ms|100ms",
        "THROTTLE_PERIOD|-5s|100ms",
        "THROTTLE_PERIOD|abc|250ms",
        "THROTTLE_PERIOD|5 s|250ms",
        "THROTTLE_PERIOD|99999999999d|hundred years",
        "ACTIVATION_TIMEOUT|120|120s",
        "ACTIVATION_POLL_MAX|5.5|unit",
        "DELIVERY_RETRY_SCHEDULE|5,30,120|5s,30s,120s",
        "DELIVERY_RETRY_SCHEDULE|5s,30|30s",
        "DELIVERY_RETRY_SCHEDULE|0s,1s|longer",
        "DELIVERY_RETRY_SCHEDULE|5s;30s|250ms",
        "DELIVERY_RETRY_SCHEDULE|,|5s",
        "SERVER_TOMCAT_KEEP_ALIVE_TIMEOUT|60|60s",
        "PACING_LAW_TICK|5|5s",
        "LAUNCH_CLAIM_PERIOD|20|20s"
      })
  void aNumberWithoutAUnitIsRefusedWithTheWayToWriteIt(String name, String given, String remedy) {
    assertThat(StartTrial.with(Map.of(name, given)).lines)
        .singleElement()
        .asString()
        .startsWith(name + " is '" + given + "'")
        .contains(remedy);
  }

  @Test
  void aKeyInTheFileAndAnArgumentAreNamedAsTheyWereWritten() {
    assertThat(StartTrial.with(Map.of(), "--pacing.period=5").lines)
        .singleElement()
        .asString()
        .startsWith("--pacing.period is '5'");
    assertThat(StartTrial.with(Map.of(), "--pacing.perod=5s").lines)
        .singleElement()
        .asString()
        .isEqualTo(
            "--pacing.perod is no setting; it would change nothing. Did you mean pacing.period?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret\n", "s3cret\r\n", " s3cret"})
  void aLineEndIsNoPartOfASecret(String given) {
    StartTrial trial =
        StartTrial.with(
            Map.of(
                "CXONE_CLIENT_ID", given,
                "CXONE_CLIENT_SECRET", given,
                "API_KEY", given,
                "WEBHOOK_TOKEN", given,
                "WEBHOOK_SIGNING_SECRET", SECRET + "\n",
                "SPRING_DATASOURCE_PASSWORD", "s3cret \n"));

    assertThat(trial.lines).isEmpty();
    for (String name :
        new String[] {
          "cxone.client-id",
          "cxone.client-secret",
          "campaign-routes.api-key",
          "campaign-routes.webhook-token"
        }) {
      assertThat(trial.value(name)).as(name).isEqualTo("s3cret");
    }
    assertThat(trial.value("webhooks.signing-secret")).isEqualTo(SECRET);
    assertThat(trial.value("spring.datasource.password")).isEqualTo("s3cret ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a${b}c", "a#{1+1}", "a{{b}}", "${b", "a\\b", "a\\${b}"})
  void whatLooksLikeAPlaceholderInASecretIsNone(String given) {
    StartTrial trial = StartTrial.with(Map.of("CXONE_CLIENT_SECRET", given, "API_KEY", given));

    assertThat(trial.lines).isEmpty();
    assertThat(trial.value("cxone.client-secret")).isEqualTo(given);
    assertThat(trial.value("campaign-routes.api-key")).isEqualTo(given);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEBHOOK_TOKEN", "API_KEY", "WEBHOOK_SIGNING_SECRET"})
  void aSecretThatNoHeaderCanCarryIsRefused(String name) {
    for (String given : new String[] {"one\ntwo", "one\u0001two", "schlüssel"}) {
      assertThat(StartTrial.with(Map.of(name, given)).lines)
          .singleElement()
          .asString()
          .startsWith(name + " has a ")
          .doesNotContain("one", "two", "schl");
    }
  }

  @Test
  void aSigningSecretHasTheBytesThatTheSpecificationWants() {
    for (String given : new String[] {"whsec_aGVsbG8=", "hello", "whsec_" + "QUFB".repeat(22)}) {
      assertThat(StartTrial.with(Map.of("WEBHOOK_SIGNING_SECRET", given)).lines)
          .singleElement()
          .asString()
          .startsWith("WEBHOOK_SIGNING_SECRET ")
          .contains("24 to 64 bytes", "openssl rand -base64 32")
          .doesNotContain(given);
    }
    assertThat(StartTrial.with(Map.of("WEBHOOK_SIGNING_SECRET", SECRET + " " + SECRET)).lines)
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%41", "a?b", "a{{b}}", "a${b}", "a#{b}", "a\nb", "a\u0000b"})
  void aDataFolderThatSomethingWouldReadOtherwiseIsRefused(String given) {
    assertThat(StartTrial.with(Map.of("DATA_DIR", given)).lines)
        .singleElement()
        .asString()
        .startsWith("DATA_DIR ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://user:hunter2@host/db",
        "jdbc:mysql://host/db",
        "jdbc:postgresql://host:port/db",
        "jdbc:postgresql://ho st/db",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:",
        "host/db",
        "jdbc:postgresql://host/db\n?user=hunter2"
      })
  void anAddressOfNoStoreIsRefusedWithoutRepeatingIt(String given) {
    assertThat(StartTrial.with(Map.of("SPRING_DATASOURCE_URL", given)).lines)
        .singleElement()
        .asString()
        .startsWith("SPRING_DATASOURCE_URL ")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://host/db",
        "jdbc:postgresql://host:5432,other:5432/db?user=u&password=p",
        "jdbc:postgresql://[::1]:5432/db",
        "jdbc:postgresql:db",
        "jdbc:postgresql://host/",
        "jdbc:postgresql:///db",
        "jdbc:sqlite:/var/lib/x.db",
        " jdbc:postgresql://host/db\n"
      })
  void anAddressOfAStoreIsUnderstood(String given) {
    StartTrial trial = StartTrial.with(Map.of("SPRING_DATASOURCE_URL", given));

    assertThat(trial.lines).isEmpty();
    assertThat(trial.value("spring.datasource.url")).isEqualTo(given.strip());
  }

  @ParameterizedTest
  @CsvSource({"json,ecs", "JSON,ecs", "logstash,logstash", "text,''", "'',''", "Text,''"})
  void aFormatOfTheLogIsUnderstood(String given, String inForce) {
    StartTrial trial = StartTrial.with(Map.of("LOG_FORMAT", given));

    assertThat(trial.lines).isEmpty();
    assertThat(trial.value("logging.structured.format.console")).isEqualTo(inForce);
  }

  @Test
  void aFormatOfTheLogThatThereIsNotIsRefused() {
    assertThat(StartTrial.with(Map.of("LOG_FORMAT", "yaml")).lines)
        .containsExactly("LOG_FORMAT is 'yaml'. It has to be text, json, ecs, gelf or logstash.");
  }

  @Test
  void aProfileThatThereIsNotIsRefused() {
    assertThat(StartTrial.with(Map.of(), "--spring.profiles.active=sandbx").lines)
        .singleElement()
        .asString()
        .startsWith("--spring.profiles.active is 'sandbx', and there is no such profile.");
  }

  @Test
  void aMisspeltVariableIsToldWithTheOneThatWasMeant() {
    Map<String, String> misspelt = new java.util.HashMap<>();
    misspelt.put("CXONE_CLIENT_SECRET", null);
    misspelt.put("CXONE_CLIENT_SECRT", "x");
    assertThat(StartTrial.with(misspelt).lines)
        .singleElement()
        .asString()
        .startsWith(
            "CXONE_CLIENT_SECRET is not set. CXONE_CLIENT_SECRT is set, and nothing reads it. Did"
                + " you mean CXONE_CLIENT_SECRET?");
    assertThat(
            StartTrial.with(
                    Map.of(
                        "CXONE_FOO", "x",
                        "PUBLIC_ULR", "x",
                        "TROTTLE_PERIOD", "x",
                        "ALLOW_PRIVATE_DESTINATION", "true",
                        "PACING_PERIOD", "5s",
                        "MARKETING_TOKEN", "x",
                        "EDITOR", "x"))
                .warnings())
        .containsExactlyInAnyOrder(
            "ALLOW_PRIVATE_DESTINATION is set, and nothing reads it. Did you mean"
                + " ALLOW_PRIVATE_DESTINATIONS?",
            "CXONE_FOO is set, and nothing reads it.",
            "PUBLIC_ULR is set, and nothing reads it. Did you mean PUBLIC_URL?",
            "TROTTLE_PERIOD is set, and nothing reads it. Did you mean THROTTLE_PERIOD?");
  }
}
