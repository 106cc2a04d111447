package io.campaignroutes.sandbox.connection;

import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which request is which call, and who answers it. */
final class CallTable {

  private final List<Entry> entries = new ArrayList<>();

  /** One call: the name under which faults are set, and what is done. */
  record Entry(String label, String method, Pattern path, Function<TenantCall, Answer> work) {}

  /** A call that was found, with the parts of its path that name something. */
  record Found(Entry entry, List<String> parts) {}

  /**
   * Adds a call.
   *
   * @param template of the path, with {@code {}} for what names something
   */
  CallTable add(String label, String method, String template, Function<TenantCall, Answer> work) {
    String path = template.replace("{}", "([^/]+)");
    entries.add(new Entry(label, method, Pattern.compile(path), work));
    return this;
  }

  Optional<Found> find(String method, String path) {
    for (Entry entry : entries) {
      Matcher matcher = entry.path().matcher(path);
      if (entry.method().equals(method) && matcher.matches()) {
        List<String> parts = new ArrayList<>();
        for (int n = 1; n <= matcher.groupCount(); n++) {
          parts.add(matcher.group(n));
        }
        return Optional.of(new Found(entry, parts));
      }
    }
    return Optional.empty();
  }

  /** Whether the path is known with another method. */
  boolean knows(String path) {
    return entries.stream().anyMatch(entry -> entry.path().matcher(path).matches());
  }

  List<String> labels() {
    return entries.stream().map(Entry::label).distinct().toList();
  }
}
