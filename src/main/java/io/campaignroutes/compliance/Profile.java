package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One profile as its file states it, before what it extends is added. What it does not state is
 * null.
 */
record Profile(
    ConfigNode place,
    String name,
    String version,
    String parent,
    boolean override,
    List<Source> sources,
    Severity severity,
    InForce inForce,
    CallingWindows callingHours,
    List<FrequencyLimit> frequency,
    Double callsPerSecond,
    ConfigNode abandonment,
    Holidays holidays,
    DoNotCall doNotCall,
    Period records,
    UnresolvedTimeZone unresolvedTimeZone) {

  private static final Set<String> TOPICS =
      Set.of("calling_windows", "frequency", "pacing", "abandonment", "holidays", "dnc", "records");
  private static final double MAX_CALLS_PER_SECOND = 1000;

  /** Where a profile has rules from; without topics, all of them. */
  record Source(String cite, LocalDate checked, Set<String> topics) {
    static Source parse(ConfigNode config) {
      config.only("cite", "url", "checked", "for");
      config.get("url").ifPresent(ConfigNode::text);
      return new Source(
          config.need("cite").text(),
          config.need("checked").parsed(LocalDate::parse, "a date such as 2026-01-31"),
          config.get("for").map(Source::topics).orElse(Set.of()));
    }

    boolean covers(String topic) {
      return topics.isEmpty() || topics.contains(topic);
    }

    private static Set<String> topics(ConfigNode config) {
      return config.list().stream().map(Source::topic).collect(Collectors.toUnmodifiableSet());
    }

    private static String topic(ConfigNode config) {
      if (!TOPICS.contains(config.text())) {
        throw config.wrong(
            "has to be one of " + String.join(", ", TOPICS.stream().sorted().toList()));
      }
      return config.text();
    }
  }

  /**
   * Reads a profile.
   *
   * @throws PolicyException when a key is unknown, missing or has a wrong value
   */
  static Profile parse(String name, String version, ConfigNode config) {
    config.only(
        "extends",
        "override",
        "applies_to",
        "effective",
        "source",
        "calling_windows",
        "holidays",
        "unresolved_timezone",
        "frequency",
        "pacing",
        "abandonment",
        "dnc",
        "records",
        "severity");
    if (!name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
      throw config.wrong("has a name that is not made of lower-case letters, digits and hyphens");
    }
    config.get("applies_to").ifPresent(Profile::checkAppliesTo);
    Profile profile =
        new Profile(
            config,
            name,
            version,
            config.get("extends").map(ConfigNode::text).orElse(null),
            config.get("override").map(ConfigNode::flag).orElse(false),
            config.need("source").list().stream().map(Source::parse).toList(),
            config.get("severity").map(value -> value.oneOf(Severity.class)).orElse(null),
            config.get("effective").map(InForce::parse).orElse(null),
            config.get("calling_windows").map(CallingWindows::parse).orElse(null),
            config.get("frequency").map(Profile::frequency).orElse(null),
            config.get("pacing").map(Profile::callsPerSecond).orElse(null),
            config.get("abandonment").map(ConfigNode::object).orElse(null),
            config.get("holidays").map(Holidays::parse).orElse(null),
            config.get("dnc").map(DoNotCall::parse).orElse(null),
            config.get("records").map(Profile::records).orElse(null),
            config
                .get("unresolved_timezone")
                .map(value -> value.oneOf(UnresolvedTimeZone.class))
                .orElse(null));
    profile.checkComplete();
    return profile;
  }

  /** One rule that this profile states. */
  <T> PolicyRule<T> rule(String topic, Severity severity, T value) {
    String cite =
        sources.stream()
            .filter(source -> source.covers(topic))
            .map(Source::cite)
            .findFirst()
            .orElseThrow(
                () ->
                    new PolicyException(
                        place.file(),
                        "No source of " + place.path() + " is for its " + topic + ".",
                        "Add one that is."));
    return new PolicyRule<>(name, cite, severity, value);
  }

  /** The keys of this profile's own abandonment over those of the one it extends. */
  Optional<ConfigNode> abandonmentOver(ConfigNode inherited) {
    if (abandonment == null || inherited == null) {
      return Optional.ofNullable(abandonment == null ? inherited : abandonment);
    }
    ObjectNode merged = inherited.json().deepCopy();
    merged.setAll((ObjectNode) abandonment.json());
    return Optional.of(new ConfigNode(place.file(), abandonment.path(), merged));
  }

  private void checkComplete() {
    if (sources.isEmpty()) {
      throw place.need("source").wrong("has to name at least one source");
    }
    if (parent == null && override) {
      throw place.need("override").wrong("has to stand beside extends");
    }
    if (parent == null && callingHours == null) {
      place.need("calling_windows");
    }
  }

  /** For people only; which profile applies is said by the campaign and the settings. */
  private static void checkAppliesTo(ConfigNode config) {
    config.only("country", "region", "purpose");
    config.get("country").ifPresent(ConfigNode::text);
    config.get("region").ifPresent(value -> value.list().forEach(ConfigNode::text));
    config.get("purpose").ifPresent(value -> value.list().forEach(ConfigNode::text));
  }

  private static List<FrequencyLimit> frequency(ConfigNode config) {
    return config.list().stream().map(FrequencyLimit::parse).toList();
  }

  private static Double callsPerSecond(ConfigNode config) {
    return config
        .only("max_calls_per_second")
        .need("max_calls_per_second")
        .number(0, MAX_CALLS_PER_SECOND);
  }

  private static Period records(ConfigNode config) {
    return config
        .only("retain")
        .need("retain")
        .parsed(Period::parse, "a period such as P5Y or P36M");
  }
}
