package io.campaignroutes.check;

import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import io.campaignroutes.text.Closest;
import io.campaignroutes.text.TemplateFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Rules on {@code config/cxone/*.yaml}: what CXone's operations are. */
final class CxoneFile {

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

  /**
   * Operations that a route sets the variable "operation" to and the API file does not describe.
   */
  static List<Fault> unknownOperations(Project project) {
    Optional<Source> api = project.cxoneApi().filter(Source::isReadable);
    List<Fault> faults = new ArrayList<>();
    if (api.isEmpty()) {
      if (project.settings().isReadable() && project.cxoneApi().isEmpty()) {
        faults.add(
            project
                .settings()
                .place("cxone.api")
                .fault(
                    "There is no file that describes CXone's API, which cxone.api names.",
                    "Name one of the files in config/cxone."));
      }
      return faults;
    }
    Set<String> known = new TreeSet<>();
    api.get().root().get("operations").fields().forEach(f -> known.add(f.getKey()));
    for (Source file : project.routeFiles()) {
      file.root()
          .walk(
              (key, place) -> {
                Place operation = place.at("expression", "constant", "expression");
                if (key.equals("setVariable")
                    && place.get("name").text().equals("operation")
                    && operation.exists()
                    && !known.contains(operation.text())) {
                  faults.add(
                      operation.fault(
                          "%s describes no operation '%s'."
                              .formatted(api.get().name(), operation.text()),
                          Closest.to(operation.text(), known)
                              .map(near -> "Did you mean '" + near + "'?")
                              .orElse("Describe it there under operations:.")));
                }
              });
    }
    return faults;
  }
}
