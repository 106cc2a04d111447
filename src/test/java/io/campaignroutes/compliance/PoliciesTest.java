package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.CONFIG;
import static io.campaignroutes.compliance.Fixture.NOW;
import static io.campaignroutes.compliance.Fixture.SHIPPED;
import static io.campaignroutes.compliance.Fixture.minimalWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class PoliciesTest {
  private static final String ROOT =
      """
      source: [{cite: "Root Act 1", checked: 2026-01-01}]
      calling_windows: {mon-fri: ["08:00-20:00"], sat: ["10:00-12:00", "14:00-16:00"]}
      frequency: [{max: 3, window: PT24H, scope: number, kind: hard}]
      pacing: {max_calls_per_second: 5}
      abandonment:
        cap: 0.03
        window: {kind: rolling, length: PT24H}
        denominator: answered_live
        min_ring: PT15S
      dnc: {registries: [x, y], max_age: P31D, honour_within: P10BD}
      records: {retain: P5Y}
      severity: block
      """;

  @TempDir Path folder;

  @Test
  void theShippedProfilesAreAllThere() {
    assertThat(SHIPPED.names())
        .containsExactly(
            "au", "ca", "none", "uk-legacy-3pct", "us-federal", "us-fl", "us-md", "us-ok", "us-wa");
    assertThat(staleOn(Path.of("config/policies"), LocalDate.of(2026, 3, 2))).isEmpty();
  }

  @Test
  void theAbandonmentCapIsTypedWithWindowAndDenominator() {
    Policy florida = SHIPPED.policy("us-fl").orElseThrow();
    assertThat(florida.abandonmentCap()).hasValue(0.03);
    PolicyRule<Abandonment> rule = florida.abandonment().get(0);
    assertThat(rule.profile()).isEqualTo("us-federal");
    assertThat(rule.cite()).startsWith("16 CFR 310.4(b)(1)(iv)");
    assertThat(rule.value())
        .isEqualTo(
            new Abandonment(
                0.03,
                new Abandonment.Window(Abandonment.Kind.FIXED_PERIOD, Duration.ofDays(30)),
                Abandonment.Denominator.ANSWERED_LIVE,
                Duration.ofSeconds(2),
                Abandonment.StartPoint.GREETING_END,
                Duration.ofSeconds(15),
                true));
    assertThat(SHIPPED.policy("none").orElseThrow().abandonmentCap()).isEmpty();
    assertThat(SHIPPED.policy("ca").orElseThrow().abandonment().get(0).value().window().kind())
        .isEqualTo(Abandonment.Kind.CALENDAR_MONTH);
  }

  @Test
  void theHashIsThatOfTheFilesOfTheChainOneAfterTheOther() throws Exception {
    assertThat(SHIPPED.policy("us-fl").orElseThrow().ref().sha256())
        .isEqualTo(sha256("us-federal.yaml", "us-fl.yaml"));
    assertThat(SHIPPED.policy("none").orElseThrow().ref().sha256()).isEqualTo(sha256("none.yaml"));
    assertThat(SHIPPED.policy("us-fl", List.of("us-ok", "ca")).orElseThrow().ref().sha256())
        .isEqualTo(sha256("us-federal.yaml", "us-fl.yaml", "ca.yaml", "us-ok.yaml"));
  }

  @Test
  void combinedPoliciesKeepAllRulesOfBoth() {
    Policy both = SHIPPED.policy("us-fl", List.of("ca", "us-fl")).orElseThrow();
    assertThat(both.ref().name()).isEqualTo("us-fl+ca");
    assertThat(both.abandonment()).hasSize(2);
    assertThat(both.effectiveCallingHours().describe())
        .isEqualTo("09:00-20:00 mon-fri, 10:00-18:00 sat-sun");
  }

  @Test
  void aChildInheritsAndTightensKeyByKey() throws IOException {
    Policy child = child("abandonment: {cap: 0.02}\ncalling_windows: {mon-fri: [\"09:00-18:00\"]}");
    assertThat(child.abandonment().get(0).value().cap()).isEqualTo(0.02);
    assertThat(child.abandonment().get(0).value().minRing()).isEqualTo(Duration.ofSeconds(15));
    assertThat(child.abandonment().get(0).profile()).isEqualTo("child");
    assertThat(child.maxCallsPerSecond()).hasValue(5);
    assertThat(child.effectiveCallingHours().on(DayOfWeek.SATURDAY)).isEmpty();
    assertThat(child.callingHours())
        .extracting(PolicyRule::profile)
        .containsExactly("root", "child");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "calling_windows: {mon-fri: ['08:00-20:30']}|calling_windows",
        "calling_windows: {sun: ['09:00-10:00']}|calling_windows",
        "calling_windows: {sat: ['11:00-15:00']}|calling_windows",
        "frequency: []|frequency",
        "frequency: [{max: 4, window: PT24H, scope: number, kind: hard}]|frequency",
        "frequency: [{max: 3, window: PT24H, scope: number, kind: presumption}]|frequency",
        "pacing: {max_calls_per_second: 6}|pacing",
        "abandonment: {cap: 0.04}|abandonment.cap",
        "abandonment: {window: {kind: calendar_month}}|abandonment.window",
        "abandonment: {min_ring: PT10S}|abandonment.min_ring",
        "dnc: {registries: [x], max_age: P31D, honour_within: P10BD}|dnc.registries",
        "dnc: {registries: [x, y]}|dnc.max_age",
        "dnc: {registries: [x, y], max_age: P31D, honour_within: P14D}|dnc.honour_within",
        "records: {retain: P4Y}|records.retain",
        "severity: warn|severity",
        "unresolved_timezone: CAMPAIGN_ZONE|unresolved_timezone",
      })
  void aChildThatLoosensIsAnErrorUnlessItOverrides(String yaml, String key) throws IOException {
    String text = yaml.replace('\'', '"');
    assertThatThrownBy(() -> child(text))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("child.yaml")
        .hasMessageContaining("profiles.child." + key)
        .hasMessageContaining("override: true");
    assertThat(child(text + "\noverride: true").ref().name()).isEqualTo("child");
  }

  @Test
  void anOverridingChildReplacesTheHoursThatItInherits() throws IOException {
    Policy child = child("override: true\ncalling_windows: {sun: [\"06:00-24:00\"]}");
    assertThat(child.effectiveCallingHours().describe()).isEqualTo("06:00-24:00 sun");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colour: red|profiles.root.colour is unknown",
        "calling_window: {}|profiles.root.calling_window is unknown",
        "abandonment: {cap: 0.03, windows: 1}|profiles.root.abandonment.windows is unknown",
        "abandonment: {cap: 0.03}|profiles.root.abandonment.window is missing",
        "abandonment: {cap: 3, window: {kind: calendar_month}, denominator: answered_live}|cap has",
        "abandonment: {cap: '0.03'}|abandonment.cap has to be a number",
        "calling_windows: {mon-son: ['08:00-20:00']}|unknown day",
        "calling_windows: {fri-mon: ['08:00-20:00']}|unknown days",
        "calling_windows: {mon-fri: ['08:00-20:00'], mon: []}|mon appears twice",
        "calling_windows: {mon: ['8-20']}|has to be a window",
        "calling_windows: {mon: ['08:00-24:30']}|has to be a window",
        "calling_windows: {mon: ['20:00-08:00']}|has to begin before it ends",
        "calling_windows: {mon: '08:00-20:00'}|has to be a list",
        "source: []|has to name at least one source",
        "source: [{cite: x}]|source[0].checked is missing",
        "source: [{checked: 2026-01-01}]|source[0].cite is missing",
        "source: [{cite: x, checked: soon}]|has to be a date",
        "source: [{cite: x, checked: 2026-01-01, for: [dnc]}]|is for its calling_windows",
        "effective: {from: 2026-01-02, to: 2026-01-01}|has to end after it begins",
        "frequency: [{max: 0, window: PT24H, scope: n, kind: hard}]|at least 1",
        "frequency: [{max: 3, window: 1 day, scope: n, kind: hard}]|has to be a duration",
        "frequency: [{max: 3, window: PT24H, scope: n, kind: soft}]|one of hard, presumption",
        "severity: fatal|one of block, warn",
        "override: true|beside extends",
        "extends: nowhere|which is unknown",
        "extends: root|in a circle",
        "severity: [|not valid YAML at line 16: the bracket [ is not closed. Add ].",
      })
  void aBadFileIsAnErrorThatNamesFileAndKey(String yaml, String problem) throws IOException {
    write("root", replacing(ROOT, yaml.replace('\'', '"')));
    assertThatThrownBy(this::load)
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("root.yaml")
        .hasMessageContaining(problem)
        .hasMessageNotContaining("\n");
  }

  @Test
  void everyRootProfileHasToStateItsHours() throws IOException {
    write("root", "source: [{cite: x, checked: 2026-01-01}]");
    assertThatThrownBy(this::load).hasMessageContaining("calling_windows is missing");
  }

  @Test
  void everyProfileNeedsASource() throws IOException {
    write("root", "calling_windows: {mon: []}");
    assertThatThrownBy(this::load).hasMessageContaining("profiles.root.source is missing");
  }

  @Test
  void theSameProfileInTwoFilesIsAnError() throws IOException {
    write("root", ROOT);
    Files.copy(folder.resolve("root.yaml"), folder.resolve("second.yaml"));
    assertThatThrownBy(this::load)
        .hasMessageContaining("second.yaml")
        .hasMessageContaining("root.yaml too");
  }

  @Test
  void aKeyWrittenTwiceIsAnError() throws IOException {
    write("root", ROOT + "severity: warn\n");
    assertThatThrownBy(this::load).hasMessageContaining("a key appears twice in one map");
  }

  @Test
  void aFolderWithoutPoliciesIsAnErrorWithRemedy() {
    assertThatThrownBy(this::load).hasMessageContaining("campaign-routes.config-dir");
    folder = folder.resolve("nowhere");
    assertThatThrownBy(this::load).hasMessageContaining("cannot be read");
  }

  @Test
  void aProfileCheckedTooLongAgoIsWarnedAbout() throws IOException {
    write("root", ROOT);
    LocalDate checked = LocalDate.of(2026, 1, 1);
    assertThat(staleOn(checked.plusDays(400))).isEmpty();
    assertThat(staleOn(checked.plusDays(401))).hasSize(1);
    assertThat(staleOn(checked.plusDays(401)).get(0)).contains("root").contains("2026-01-01");
  }

  @Test
  void aRateAboveThePolicysIsRefusedAndTheDefaultKeepsBelow() throws IOException {
    write("root", ROOT);
    RequestChecks checks =
        Fixture.checks(
            load(), new ComplianceSettings("root", List.of(), Duration.ofDays(400), false));
    CheckedRequest fast = checks.check(minimalWith("'pacing':{'maxCallsPerSecond':6}"), NOW);
    RequestRulesTest.assertFinding(
        fast, "pacing.maxCallsPerSecond", "policy.pacing", "root (Root Act 1)");
    CheckedRequest byDefault = checks.check(minimalWith(""), NOW);
    assertThat(byDefault.request().at("/pacing/maxCallsPerSecond").toString()).isEqualTo("5");
    assertThat(checks.ceiling(byDefault.request())).isEqualTo(5);
  }

  @Test
  void aProfileThatOnlyWarnsRefusesNothing() throws IOException {
    write("root", ROOT.replace("severity: block", "severity: warn"));
    RequestChecks checks =
        Fixture.checks(
            load(), new ComplianceSettings("root", List.of(), Duration.ofDays(400), false));
    CheckedRequest checked = checks.check(minimalWith("'schedule':{'endHour':24}"), NOW);
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.warnings()).extracting(Finding::rule).contains("policy.callingHours");
  }

  @Test
  void aProfileThatOnlyWarnsDoesNotHideOneThatBlocks() throws IOException {
    write("root", ROOT.replace("severity: block", "severity: warn"));
    write(
        "strict",
        "source: [{cite: y, checked: 2026-01-01}]\n"
            + "calling_windows: {mon-fri: [\"08:00-20:00\"]}\n");
    RequestChecks checks =
        Fixture.checks(
            load(), new ComplianceSettings("root", List.of("strict"), Duration.ofDays(400), false));
    assertThat(checks.check(minimalWith("'schedule':{'endHour':24}"), NOW).findings())
        .extracting(Finding::rule)
        .containsExactly("policy.callingHours");
  }

  @Test
  void profilesWithoutCommonHoursAreAFinding() throws IOException {
    write("root", ROOT);
    write(
        "night",
        "source: [{cite: y, checked: 2026-01-01}]\n"
            + "calling_windows: {mon-sun: [\"22:00-24:00\", \"00:00-04:00\"]}\n");
    RequestChecks checks =
        Fixture.checks(
            load(), new ComplianceSettings("root", List.of("night"), Duration.ofDays(400), false));
    assertThat(checks.check(minimalWith(""), NOW).findings())
        .extracting(Finding::rule)
        .contains("policy.empty", "policy.callingHours");
  }

  @Test
  void defaultsThatNoRequestMayHaveAreAnError() throws IOException {
    String shipped = Files.readString(CONFIG.resolve("campaign-defaults.yaml"));
    assertDefaultsError(shipped.replace("startHour: 9", "startHour: 30"), "schedule.startHour");
    assertDefaultsError(shipped.replace("startHour:", "beginHour:"), "schedule.beginHour");
    assertDefaultsError(shipped.replace("  startHour: 9", "  # startHour: 9"), "is missing");
    assertDefaultsError(shipped + "policy: none\n", "policy");
  }

  private void assertDefaultsError(String yaml, String problem) throws IOException {
    Path file = Files.writeString(folder.resolve("defaults.yaml"), yaml);
    assertThatThrownBy(() -> CampaignDefaults.load(file, Fixture.SCHEMA))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("defaults.yaml")
        .hasMessageContaining(problem);
  }

  private List<String> staleOn(LocalDate today) {
    return staleOn(folder, today);
  }

  /** What the log warns of. */
  private static List<String> staleOn(Path folder, LocalDate today) {
    Logger log = (Logger) LoggerFactory.getLogger(Policies.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    log.addAppender(told);
    try {
      Policies.load(folder, today, Duration.ofDays(400));
    } finally {
      log.detachAppender(told);
    }
    return told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private Policy child(String yaml) throws IOException {
    write("root", ROOT);
    write(
        "child", "extends: root\nsource: [{cite: Child Act, checked: 2026-01-01}]\n" + yaml + "\n");
    return load().policy("child").orElseThrow();
  }

  private Policies load() {
    return Fixture.policies(folder);
  }

  private void write(String name, String profile) throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        "schema: 1\npolicy_version: v1\nprofiles:\n  "
            + name
            + ":\n"
            + profile.indent(4)
            + "merge: most_restrictive\n");
  }

  /** The profile with one key replaced, or added if it has none of that name. */
  private static String replacing(String profile, String line) {
    String key = line.substring(0, line.indexOf(':') + 1);
    return profile.replaceAll("(?m)^" + key + ".*\\n( .*\\n)*", "") + line + "\n";
  }

  private static String sha256(String... files) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String file : files) {
      digest.update(Files.readAllBytes(CONFIG.resolve("policies").resolve(file)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
