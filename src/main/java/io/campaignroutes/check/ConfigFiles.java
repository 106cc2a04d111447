package io.campaignroutes.check;

import com.networknt.schema.JsonSchema;
import io.campaignroutes.settings.LibFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules on all files of the configuration alike. */
final class ConfigFiles {
  private static final List<String> NEEDED =
      List.of(
          "application.yaml",
          "campaign-defaults.yaml",
          "campaign-request.schema.json",
          "launch.yaml",
          "openapi.yaml");

  private ConfigFiles() {}

  static List<Fault> unreadable(Project project) {
    return project.configFiles().stream().flatMap(f -> f.faults().stream()).toList();
  }

  static List<Fault> missing(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (String name : NEEDED) {
      if (project.config(name).isEmpty()) {
        faults.add(
            new Fault(
                project.configFolder().resolve(name).toString(),
                1,
                "The file is missing.",
                "Put it back; the service needs it."));
      }
    }
    return faults;
  }

  static List<Fault> unusableJars(Project project) {
    return LibFolder.findings(project.configFolder().resolveSibling(LibFolder.FOLDER)).stream()
        .map(found -> new Fault(found.file(), 1, "It " + found.problem(), found.remedy()))
        .toList();
  }

  /** Every document of a file whose first lines say {@code # yaml-language-server: $schema=..}. */
  static List<Fault> againstTheirSchemas(Project project) {
    List<Fault> faults = new ArrayList<>();
    if (project.configFiles().stream()
        .anyMatch(f -> f.name().endsWith(".schema.json") && !f.isReadable())) {
      return faults; // the schemas refer to each other; that one is broken is told
    }
    Map<Path, JsonSchema> schemas = new HashMap<>();
    for (Source file : project.configFiles()) {
      Optional<String> named = file.schema();
      if (named.isEmpty() || !file.isReadable() || named.get().matches("https?:.*")) {
        continue;
      }
      Path schema = file.path().resolveSibling(named.get()).normalize();
      if (!Files.isRegularFile(schema)) {
        faults.add(
            new Fault(
                file.name(),
                file.lineOf("$schema="),
                "There is no schema " + schema + ".",
                "Correct the path after $schema=, which is meant from this file."));
        continue;
      }
      try {
        JsonSchema read = schemas.computeIfAbsent(schema, Schemas::read);
        file.documents().forEach(document -> faults.addAll(Schemas.faults(read, document)));
      } catch (RuntimeException e) {
        faults.add(
            new Fault(
                schema.toString(),
                1,
                "This is not a valid JSON Schema: " + e.getMessage() + ".",
                "Restore it, or correct what it refers to."));
      }
    }
    return faults.stream().distinct().toList();
  }

  /** {@code $ref: "#/.."} in openapi.yaml that leads nowhere. */
  static List<Fault> danglingReferences(Project project) {
    List<Fault> faults = new ArrayList<>();
    project
        .config("openapi.yaml")
        .filter(Source::isReadable)
        .ifPresent(
            file ->
                file.root()
                    .walk(
                        (key, place) -> {
                          String ref = place.text();
                          // the schema of a request is put in when the service starts
                          if (key.equals("$ref")
                              && ref.startsWith("#/")
                              && !ref.equals("#/components/schemas/CampaignRequest")
                              && file.root().json().at(ref.substring(1)).isMissingNode()) {
                            faults.add(
                                place.fault(
                                    "%s leads nowhere.".formatted(ref),
                                    "Name something under components: that is there."));
                          }
                        }));
    return faults;
  }
}
