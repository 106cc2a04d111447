package io.campaignroutes.compliance;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a profile demands about do-not-call lists. The service does not hold such lists; CXone does.
 *
 * @param registries names of the lists that numbers have to be compared with
 * @param maxAge oldest age of such a list; null when the profile does not say
 * @param honour time until a person's own wish is observed; null when the profile does not say
 */
public record DoNotCall(List<String> registries, Duration maxAge, Honour honour) {
  private static final Pattern DAYS = Pattern.compile("P([1-9]\\d{0,3})(B?)D");

  /**
   * A number of days.
   *
   * @param days how many
   * @param business whether only business days count
   */
  public record Honour(int days, boolean business) {
    static Honour parse(String text) {
      Matcher matcher = DAYS.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(text);
      }
      return new Honour(Integer.parseInt(matcher.group(1)), !matcher.group(2).isEmpty());
    }

    boolean longerThan(Honour other) {
      return days > other.days || (business && !other.business);
    }
  }

  /**
   * Reads the {@code dnc} of a profile.
   *
   * @throws PolicyException when a key is unknown, missing or has a wrong value
   */
  static DoNotCall parse(ConfigNode config) {
    config.only("registries", "max_age", "honour_within");
    return new DoNotCall(
        config.need("registries").list().stream().map(ConfigNode::text).toList(),
        config.get("max_age").map(Durations::duration).orElse(null),
        config
            .get("honour_within")
            .map(value -> value.parsed(Honour::parse, "days such as P14D or P10BD"))
            .orElse(null));
  }

  /** The key in which this is less strict than the other; null if none. */
  String looserThan(DoNotCall other) {
    if (!new HashSet<>(registries).containsAll(other.registries)) {
      return "registries";
    }
    if (Durations.longer(maxAge, other.maxAge)) {
      return "max_age";
    }
    boolean longer = other.honour != null && (honour == null || honour.longerThan(other.honour));
    return longer ? "honour_within" : null;
  }
}
