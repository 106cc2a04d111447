package io.campaignroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import io.campaignroutes.cxone.CampaignTemplate;
import io.campaignroutes.cxone.CxoneApi;
import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.cxone.UnreadArguments;
import io.campaignroutes.text.Closest;
import io.campaignroutes.text.TemplateFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules on {@code config/cxone/*.yaml}: what CXone's operations are. */
final class CxoneFile {
  /** How a route makes a call of an operation, see {@code CxoneApi}. */
  private static final Pattern CALL = Pattern.compile("^call\\('(\\w+)'");

  private static final CampaignTemplate UNCHANGED =
      CampaignTemplate.of("", ".", "/pacing/maxCallsPerSecond");

  private CxoneFile() {}

  /** Templates of every API file; those in files of their own are looked at by their ending. */
  static List<Fault> brokenTemplates(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Source file : project.configFiles()) {
      if (!file.path().startsWith(project.configFolder().resolve("cxone"))
          || file.name().endsWith(".json")) {
        continue;
      }
      compile(file.root().get("error"), "error", faults);
      compile(file.root().get("campaign"), "campaign", faults);
      compile(file.root().at("events", "event"), "events.event", faults);
      misfit(file, faults);
      wrongEvents(file.root().get("events"), faults);
      for (var operation : file.root().get("operations").fields()) {
        for (String template : List.of("request", "answer")) {
          compile(operation.getValue().get(template), operation.getKey() + "." + template, faults);
        }
        neverTold(operation.getValue(), faults);
      }
    }
    for (Project.Template template : project.templates()) {
      error(template.text())
          .ifPresent(
              e ->
                  faults.add(
                      new Fault(
                          template.name(),
                          e.line(),
                          "This JSLT template does not compile: " + e.what() + ".",
                          "Correct it there; JSLT is described at github.com/schibsted/jslt.")));
    }
    return faults;
  }

  /** The schema tells of what is missing, and the rule above of what does not compile. */
  private static void misfit(Source file, List<Fault> faults) {
    Place campaign = file.root().get("campaign");
    if (!campaign.exists() || !file.root().has("rate")) {
      return;
    }
    try {
      campaign(file);
    } catch (JsltException e) {
      return;
    } catch (IllegalArgumentException e) {
      faults.add(campaign.fault("The file " + e.getMessage(), "A start ends with this too."));
    }
  }

  private static void wrongEvents(Place events, List<Fault> faults) {
    if (!events.has("token-header") || !events.has("event")) {
      return; // told by the schema, or a platform that posts none
    }
    try {
      PlatformEvents.of(events.get("token-header").text(), events.get("event").text());
    } catch (JsltException e) {
      return;
    } catch (IllegalArgumentException e) {
      faults.add(
          events.get("event").fault("events " + e.getMessage(), "A start ends with this too."));
    }
  }

  private static CampaignTemplate campaign(Source file) {
    return CampaignTemplate.of(
        file.name(), file.root().get("campaign").text(), file.root().get("rate").text());
  }

  /** What the platform makes of a campaign; where its file is wrong, as told above, the same. */
  static CampaignTemplate campaign(Project project) {
    try {
      return project
          .cxoneApi()
          .filter(Source::isReadable)
          .map(CxoneFile::campaign)
          .orElse(UNCHANGED);
    } catch (JsltException | IllegalArgumentException e) {
      return UNCHANGED;
    }
  }

  /** Whether the platform can be given contacts. */
  static boolean takesContacts(Project project) {
    return project
        .cxoneApi()
        .map(file -> file.root().get("operations").has(CxoneApi.UPLOAD_CONTACTS))
        .orElse(false);
  }

  /**
   * A field that an answer needs and that its template never makes would make every answer none.
   */
  private static void neverTold(Place operation, List<Fault> faults) {
    String answer = operation.get("answer").text();
    for (Place need : operation.get("needs").items()) {
      if (answer.strip().startsWith("{") && !answer.contains('"' + need.text() + '"')) {
        faults.add(
            need.fault(
                "The answer needs '%s', which its template never makes.".formatted(need.text()),
                "Make it in answer:, or take it out of needs:."));
      }
    }
  }

  private static void compile(Place template, String name, List<Fault> faults) {
    if (!template.json().isTextual()) {
      return;
    }
    error(template.text())
        .ifPresent(
            e -> {
              boolean block = template.text().contains("\n");
              faults.add(
                  new Fault(
                      template.source().name(),
                      template.line() + (block ? e.line() : 0),
                      "The JSLT template %s does not compile: %s.".formatted(name, e.what()),
                      "Correct it there; JSLT is described at github.com/schibsted/jslt."));
            });
  }

  private static Optional<TemplateFault> error(String template) {
    try {
      Parser.compileString(template);
      return Optional.empty();
    } catch (JsltException e) {
      return Optional.of(TemplateFault.of(e, template));
    }
  }

  /** Operations that a route of the platform calls and the API file does not describe. */
  static List<Fault> unknownOperations(Project project) {
    Optional<Source> api = project.cxoneApi();
    if (api.isEmpty()) {
      boolean told = !project.settings().isReadable() || !project.hasPlatform();
      return told ? List.of() : List.of(withoutFile(project));
    }
    List<Fault> faults = new ArrayList<>();
    if (!api.get().isReadable()) {
      return faults; // told where the configuration is looked at
    }
    Set<String> known = new TreeSet<>();
    api.get().root().get("operations").fields().forEach(f -> known.add(f.getKey()));
    for (Source file : project.routeFiles()) {
      file.root()
          .walk(
              (key, place) -> {
                Matcher call = CALL.matcher(place.text());
                if (key.equals("method") && call.find() && !known.contains(call.group(1))) {
                  faults.add(
                      place.fault(
                          "%s describes no operation '%s'."
                              .formatted(api.get().name(), call.group(1)),
                          Closest.to(call.group(1), known)
                              .map(near -> "Did you mean '" + near + "'?")
                              .orElse("Describe it there under operations:.")));
                }
              });
    }
    return faults;
  }

  /** Calls that leave out what the port asks the platform with, or wants to be told. */
  static List<Fault> unreadArguments(Project project) {
    Optional<Source> api = project.cxoneApi().filter(Source::isReadable);
    if (api.isEmpty()) {
      return List.of(); // told above, or where the configuration is looked at
    }
    List<JsonNode> routes = project.routeFiles().stream().map(file -> file.root().json()).toList();
    Place operations = api.get().root().get("operations");
    return UnreadArguments.find(routes, operations.json()).stream()
        .map(unread -> fault(operations.get(unread.call()), unread))
        .toList();
  }

  private static Fault fault(Place call, UnreadArguments.Unread unread) {
    Place made = call.get(unread.answer() ? "answer" : call.has("request") ? "request" : "path");
    return (made.exists() ? made : call).fault(unread.problem(), unread.remedy());
  }

  private static Fault withoutFile(Project project) {
    return project
        .settings()
        .place("cxone.api")
        .fault(
            "There is no file that describes the operations of the platform '%s'."
                .formatted(project.platform()),
            "Add config/cxone/%s.yaml, or name one of the files in config/cxone."
                .formatted(project.platform()));
  }
}
