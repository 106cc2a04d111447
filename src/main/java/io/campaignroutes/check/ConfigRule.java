package io.campaignroutes.check;

import java.util.List;
import java.util.function.Function;

/** What the files of {@code config/} are held to; one constant, one kind of mistake. */
public enum ConfigRule {
  /** YAML and JSON that can be read, with each key once. */
  READABLE(ConfigFiles::unreadable),
  /** The files that the service does not start without. */
  PRESENT(ConfigFiles::missing),
  /** Placeholders in settings that have a value. */
  SETTING_PLACEHOLDERS(SettingsRules::withoutValue),
  /** Values that the service can start with. */
  VALUES(SettingsRules::unusable),
  /** The schema that a file names in its first lines. */
  SCHEMAS(ConfigFiles::againstTheirSchemas),
  /** Settings of Spring Boot and Camel by the lists that their jars bring along. */
  SETTINGS_OF_OTHERS(SettingsRules::unknownToLibraries),
  /** JSLT templates that compile. */
  TEMPLATES(CxoneFile::brokenTemplates),
  /** The request schema, and defaults that fit it. */
  REQUESTS(ComplianceFiles::schemaAndDefaults),
  /** The table of transitions, complete and such that no campaign is left unwatched. */
  TRANSITIONS(LaunchFile::faults),
  /** Compliance profiles, which may only tighten what they extend. */
  POLICIES(ComplianceFiles::policies),
  /** Examples that the service would take, unless their name begins with {@code refused}. */
  EXAMPLES(ComplianceFiles::examples),
  /** References inside the description of the HTTP API. */
  API_REFERENCES(ConfigFiles::danglingReferences),
  /** Jars that others have put beside the service. */
  LIB(ConfigFiles::unusableJars);

  private final Function<Project, List<Fault>> faults;

  ConfigRule(Function<Project, List<Fault>> faults) {
    this.faults = faults;
  }

  public List<Fault> faults(Project project) {
    return faults.apply(project);
  }
}
