package io.campaignroutes.check;

import io.campaignroutes.campaign.PlatformPayloads;
import io.campaignroutes.compliance.CampaignDefaults;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.compliance.RateSettings;
import io.campaignroutes.compliance.RequestChecks;
import io.campaignroutes.compliance.RequestSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Rules on what requests are checked by: schema, defaults, policies, and the examples that show
 * them. The service's own classes read the files, so nothing can pass here and fail at its start.
 */
final class ComplianceFiles {
  private static final String SCHEMA = "campaign-request.schema.json";
  private static final String DEFAULTS = "campaign-defaults.yaml";
  private static final Pattern PATH = Pattern.compile("\\b([a-zA-Z_][\\w-]*(?:\\.[\\w-]+)+)");
  private static final String REFUSED = "refused";

  private final Project project;

  private ComplianceFiles(Project project) {
    this.project = project;
  }

  static List<Fault> schemaAndDefaults(Project project) {
    if (broken(project, SCHEMA) || broken(project, DEFAULTS)) {
      return List.of(); // told by the rules on reading
    }
    ComplianceFiles rule = new ComplianceFiles(project);
    try {
      rule.defaults(rule.schema());
      return List.of();
    } catch (PolicyException e) {
      return List.of(rule.fault(e));
    }
  }

  static List<Fault> policies(Project project) {
    Path folder = project.configFolder().resolve("policies");
    boolean unreadable =
        project.configFiles().stream()
            .anyMatch(f -> f.path().startsWith(folder) && !f.faults().isEmpty());
    if (unreadable) {
      return List.of();
    }
    ComplianceFiles rule = new ComplianceFiles(project);
    List<Fault> faults = new ArrayList<>();
    try {
      rule.loadPolicies();
    } catch (PolicyException e) {
      faults.add(rule.fault(e));
      rule.leftOut(e.file(), folder, faults);
    }
    return faults;
  }

  /** What is wrong in the other files, those that extend one that is wrong left out. */
  private void leftOut(Path first, Path folder, List<Fault> faults) {
    Set<Path> wrong = new HashSet<>(Set.of(first));
    Set<String> gone = new HashSet<>(profiles(first));
    List<Path> files =
        new ArrayList<>(
            project.configFiles().stream()
                .map(Source::path)
                .filter(f -> f.startsWith(folder) && f.toString().matches(".*\\.ya?ml"))
                .toList());
    while (files.removeAll(wrong) && !files.isEmpty()) {
      try {
        Policies.load(files, LocalDate.now(ZoneOffset.UTC), settings().staleAfter());
        return;
      } catch (PolicyException e) {
        boolean follows = gone.stream().anyMatch(p -> e.problem().contains("extends " + p + ","));
        if (!follows) {
          faults.add(fault(e));
        }
        wrong.add(e.file());
        gone.addAll(profiles(e.file()));
      }
    }
  }

  private List<String> profiles(Path file) {
    return project.configFiles().stream()
        .filter(f -> f.path().equals(file))
        .flatMap(f -> f.root().get("profiles").fields().stream())
        .map(Map.Entry::getKey)
        .toList();
  }

  static List<Fault> examples(Project project) {
    ComplianceFiles rule = new ComplianceFiles(project);
    List<Fault> faults = new ArrayList<>();
    Map<String, RequestChecks> checks = new HashMap<>();
    Path folder = project.configFolder().resolve("examples");
    try {
      checks.put("", rule.checks(project));
      for (Source file : project.configFiles()) {
        if (file.path().startsWith(folder)
            && file.name().matches(".*\\.(json|ndjson)")
            && !file.path().getFileName().toString().startsWith(REFUSED)) {
          Path place = folder.relativize(file.path());
          String platform = place.getNameCount() > 1 ? place.getName(0).toString() : "";
          if (!checks.containsKey(platform)) {
            checks.put(platform, rule.checks(project.with(platform)));
          }
          rule.examples(checks.get(platform), file, faults);
        }
      }
    } catch (PolicyException e) {
      // of these only an unknown policy in the settings has not been told yet
      return e.file().toString().startsWith("campaign-routes.") ? List.of(rule.fault(e)) : faults;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return faults;
  }

  /** What a platform makes of requests is checked with its examples. */
  private RequestChecks checks(Project with) {
    RequestSchema schema = schema();
    return new RequestChecks(
        loadPolicies(),
        defaults(schema),
        schema,
        settings(),
        rates(),
        new PlatformPayloads(CxoneFile.campaign(with), CxoneFile.takesContacts(with)));
  }

  private void examples(RequestChecks checks, Source file, List<Fault> faults) {
    for (Place document : file.documents()) {
      List<Place> requests = document.json().isArray() ? document.items() : List.of(document);
      requests.forEach(request -> example(checks, request, faults));
    }
  }

  private void example(RequestChecks checks, Place request, List<Fault> faults) {
    CheckedRequest checked;
    try {
      checked = checks.check(request.json(), Instant.now());
    } catch (IllegalStateException e) { // it would end with an error when it is launched
      faults.add(
          request.fault(
              "The platform cannot be told of this example: " + e.getMessage() + ".",
              "Have campaign: in that file take every request."));
      return;
    }
    for (Finding finding : checked.findings()) {
      List<String> path = List.of(finding.field().replace("[", ".").replace("]", "").split("\\."));
      faults.add(
          request
              .below(path)
              .fault(
                  "The checks refuse this example: " + finding.message(),
                  "Correct it, or let the file's name begin with '"
                      + REFUSED
                      + "' if it is meant to be refused."));
    }
  }

  private static boolean broken(Project project, String name) {
    return project.config(name).filter(f -> f.faults().isEmpty()).isEmpty();
  }

  private RequestSchema schema() {
    return RequestSchema.load(project.configFolder().resolve(SCHEMA));
  }

  private CampaignDefaults defaults(RequestSchema schema) {
    return CampaignDefaults.load(project.configFolder().resolve(DEFAULTS), schema);
  }

  private Policies loadPolicies() {
    return Policies.load(
        project.configFolder().resolve("policies"),
        LocalDate.now(ZoneOffset.UTC),
        settings().staleAfter());
  }

  private ComplianceSettings settings() {
    try {
      return Binder.get(project.settings().environment())
          .bind("campaign-routes.compliance", ComplianceSettings.class)
          .orElseGet(ComplianceSettings::defaults);
    } catch (BindException e) {
      return ComplianceSettings.defaults(); // told by the rule on values
    }
  }

  private RateSettings rates() {
    try {
      return RateSettings.of(project.settings().environment());
    } catch (BindException e) {
      return RateSettings.defaults(); // told by the rule on values
    }
  }

  /** A complaint of the service's own classes, with the line of the key that it names. */
  private Fault fault(PolicyException e) {
    if (e.file().toString().startsWith("campaign-routes.")) {
      return project.settings().place(e.file().toString()).fault(e.problem(), e.remedy());
    }
    Optional<Source> source =
        project.configFiles().stream()
            .filter(f -> f.path().toAbsolutePath().equals(e.file().toAbsolutePath()))
            .findFirst();
    if (source.isEmpty() || !Files.exists(e.file())) {
      return new Fault(e.file().toString(), 1, e.problem(), e.remedy());
    }
    Place best = source.get().root();
    Matcher matcher = PATH.matcher(e.problem().replace("[", ".").replace("]", ""));
    while (matcher.find()) {
      Place found = source.get().root().below(List.of(matcher.group(1).split("\\.")));
      if (found.pointer().length() > best.pointer().length()) {
        best = found;
      }
    }
    if (best.pointer().equals(source.get().root().pointer())) {
      best = profileOf(source.get(), e.problem()).orElse(best);
    }
    return best.fault(e.problem(), e.remedy());
  }

  private static Optional<Place> profileOf(Source source, String problem) {
    return source.root().get("profiles").fields().stream()
        .filter(f -> problem.contains(" " + f.getKey() + " "))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
