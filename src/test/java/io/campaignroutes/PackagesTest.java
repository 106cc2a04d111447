package io.campaignroutes;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.campaignroutes.cxone.CallDeadline;
import io.campaignroutes.shared.CleanConnections;
import io.campaignroutes.shared.ExchangeDeadline;
import io.campaignroutes.webhook.DeliveryClient;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.component.http.HttpMethods;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Holds the packages to the one direction in which they may know each other. */
@AnalyzeClasses(packages = PackagesTest.ROOT, importOptions = DoNotIncludeTests.class)
class PackagesTest {
  static final String ROOT = "io.campaignroutes";

  @ArchTest
  static final ArchRule sharedKnowsNoOtherPackage =
      noClasses()
          .that(resideInAPackage(in("shared")))
          .should()
          .dependOnClassesThat(
              resideInAPackage(ROOT + "..").and(not(resideInAPackage(in("shared")))))
          .because("what every package may use knows none of them");

  @ArchTest static final ArchRule textKnowsNoOtherPackage = only("text");

  @ArchTest static final ArchRule accessKnowsOnlyTheStore = only("access", "store");

  @ArchTest static final ArchRule storeKnowsNoOtherPackage = only("store");

  @ArchTest static final ArchRule auditKnowsOnlyTheStore = only("audit", "store");

  @ArchTest static final ArchRule complianceKnowsNoOtherPackage = only("compliance");

  @ArchTest static final ArchRule cxoneKnowsOnlyTheStore = only("cxone", "store");

  @ArchTest
  static final ArchRule tenantKnowsNoStages = only("tenant", "compliance", "cxone", "store");

  @ArchTest static final ArchRule dialerKnowsNoOtherPackage = only("dialer");

  /** The law; what of pacing keeps rows and meets campaigns has more to know. */
  @ArchTest
  static final ArchRule pacingDoesNotKnowTheSimulator =
      noClasses()
          .that(resideInAPackage(in("pacing")))
          .should()
          .dependOnClassesThat(resideInAnyPackage(in("simulator"), in("dialer")))
          .because("the law must not know the world in which it is proved");

  @ArchTest
  static final ArchRule simulatorKnowsOnlyWhatItRuns =
      only("simulator", "compliance", "cxone", "dialer", "pacing");

  @ArchTest
  static final ArchRule forecastOnlyReadsWhatItTells =
      only("forecast", "campaign", "compliance", "cxone", "pacing", "simulator", "store");

  @ArchTest
  static final ArchRule contactsKnowTheStoreAndWhoIsTold =
      only("contacts", "access", "audit", "store");

  @ArchTest
  static final ArchRule campaignKnowsNeitherWebhookNorHttpNorSandbox =
      only("campaign", "access", "audit", "compliance", "contacts", "cxone", "store");

  @ArchTest
  static final ArchRule inboxKnowsCampaignsAndIsKnownByNone =
      only("inbox", "access", "campaign", "compliance", "contacts", "cxone", "store");

  @ArchTest
  static final ArchRule pacingKnowsNeitherWebhookNorHttpNorSandbox =
      only("pacing", "audit", "campaign", "compliance", "cxone", "store");

  @ArchTest
  static final ArchRule webhookKnowsNeitherHttpNorSandbox =
      only("webhook", "access", "audit", "campaign", "compliance", "cxone", "store");

  @ArchTest
  static final ArchRule recordsKnowPoliciesAndTheAudit =
      only("records", "audit", "compliance", "store");

  @ArchTest
  static final ArchRule collectKnowsWhoIsTold =
      only("collect", "audit", "campaign", "cxone", "store", "tenant", "webhook");

  @ArchTest
  static final ArchRule httpDoesNotKnowTheSandbox =
      only(
          "http",
          "access",
          "audit",
          "campaign",
          "compliance",
          "contacts",
          "cxone",
          "forecast",
          "pacing",
          "settings",
          "simulator",
          "store",
          "tenant",
          "webhook");

  @ArchTest
  static final ArchRule checkKnowsOnlyWhatReadsTheSameFiles =
      only("check", "campaign", "compliance", "cxone", "settings");

  @ArchTest static final ArchRule settingsKnowNoOtherPackage = only("settings");

  @ArchTest static final ArchRule telemetryKnowsNoOtherPackage = only("telemetry");

  @ArchTest
  static final ArchRule consoleDoesNotKnowTheSandbox =
      only(
          "console",
          "audit",
          "campaign",
          "compliance",
          "cxone",
          "http",
          "pacing",
          "store",
          "webhook");

  @ArchTest static final ArchRule sandboxKnowsNothingOfTheService = only("sandbox", "dialer");

  @ArchTest
  static final ArchRule theServiceKnowsNothingOfTheSandbox =
      noClasses()
          .that(not(resideInAPackage(in("sandbox"))))
          .should()
          .dependOnClassesThat(resideInAPackage(in("sandbox")))
          .because("the sandbox meets the service over HTTP, as a real tenant does");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  /** Or a reader has to look at the imports to know which one is meant. */
  @ArchTest
  static void noTwoClassesHaveOneName(JavaClasses ours) {
    Map<String, List<String>> named =
        ours.stream()
            .filter(one -> one.isTopLevelClass() && !one.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));
    named.values().removeIf(all -> all.size() == 1);
    assertThat(named).isEmpty();
  }

  @ArchTest
  static final ArchRule onlyReportsOfAnySizeAreReadAsAStream =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(ROOT + ".inbox.InboxReports")
          .should()
          .callMethod(JdbcClient.MappedQuerySpec.class, "stream")
          .because("a stream that nobody closes keeps a connection of the store for ever");

  @ArchTest
  static final ArchRule onlyRoutesCallOthersOverHttp =
      noClasses()
          .that(not(resideInAPackage(in("sandbox"))))
          .and()
          .doNotHaveFullyQualifiedName(ROOT + ".access.IssuerHttp") // Spring Security's calls
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.net.http..",
                      "org.springframework.web.client..",
                      "org.springframework.web.reactive..",
                      "org.springframework.boot.web.client..",
                      "org.springframework.http.client..",
                      "okhttp3..")
                  .or(assignableTo("java.net.URLConnection"))
                  .or(assignableTo("org.apache.hc.client5.http.classic.HttpClient"))
                  .or(assignableTo("org.apache.hc.client5.http.async.HttpAsyncClient"))
                  .or(assignableTo("org.apache.camel.ProducerTemplate"))
                  .or(assignableTo("org.apache.camel.FluentProducerTemplate")))
          .because("a call that a bean makes is one that no reader of routes/ sees");

  @ArchTest
  static final ArchRule onlyWhatSetsUpTheHttpClientsOfTheRoutesKnowsThem =
      noClasses()
          .that(not(resideInAPackage(in("sandbox"))))
          .and()
          .doNotBelongToAnyOf(
              CallDeadline.class,
              CleanConnections.class,
              ExchangeDeadline.class,
              DeliveryClient.class)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.hc..", "org.apache.camel.component.http..")
                  .and(not(assignableTo(HttpMethods.class))))
          .because("each sets up one client that the routes call with, and calls nobody itself");

  @ArchTest
  static final ArchRule onlyWhatKeepsRowsKnowsJdbc =
      noClasses()
          .that(
              not(
                  resideInAnyPackage(
                      in("store"),
                      in("access"),
                      in("audit"),
                      in("campaign"),
                      in("console"),
                      in("contacts"),
                      in("inbox"),
                      in("pacing"),
                      in("collect"),
                      in("records"),
                      in("tenant"),
                      in("webhook"))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc.."))
          .because("tables are the business of the package that owns them");

  /**
   * Of our packages, {@code subject} knows itself, shared, text and {@code known}, and no other.
   */
  private static ArchRule only(String subject, String... known) {
    String[] allowed =
        Stream.concat(Stream.of(subject, "shared", "text"), Arrays.stream(known))
            .map(PackagesTest::in)
            .toArray(String[]::new);
    return noClasses()
        .that(resideInAPackage(in(subject)))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
        .because("packages know each other in one direction only");
  }

  private static String in(String name) {
    return ROOT + "." + name + "..";
  }
}
