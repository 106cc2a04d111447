package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.core.env.PropertyResolver;

/**
 * Looks at each value while it is bound. A length of time without a unit is refused: Spring would
 * take it for milliseconds. So is one that is no length at all, unless {@link DurationMin} allows
 * it, and a number that is none or beyond its limits.
 */
final class Values implements BindHandler {
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+([.,][0-9]+)?");

  /** How a group of settings begins what it says of one of them. */
  private static final Pattern NAMED =
      Pattern.compile("(?s)([a-z][a-z0-9-]*(?:\\.[a-z0-9-]+)+) (.*)");

  private static final Duration MAX_LENGTH = Duration.ofDays(36_500);
  private static final String LENGTHS =
      "Write a number with its unit, such as 250ms, 5s, 2m or 24h.";

  private final PropertyResolver resolver;
  private final boolean ours;
  private final Refusal refusal;

  /** What is done about a value that cannot be used. */
  interface Refusal {
    /**
     * @return what is bound instead; null for the default
     */
    Object of(String property, UnusableException why);
  }

  /**
   * @param ours whether values have limits besides their type; Spring's own may be 0 or -1
   */
  Values(PropertyResolver resolver, boolean ours, Refusal refusal) {
    this.resolver = resolver;
    this.ours = ours;
    this.refusal = refusal;
  }

  @Override
  public Object onSuccess(
      ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
    String text = text(name, context);
    if (text != null && target.getAnnotation(DurationUnit.class) == null) {
      hold(target, text, result);
    }
    return result;
  }

  @Override
  public Object onFailure(
      ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
    String text = text(name, context);
    if (error instanceof UnusableException unusable) {
      return refusal.of(name.toString(), unusable);
    }
    if (text != null) {
      return refusal.of(name.toString(), wrong(target, text, error));
    }
    return refused(name.toString(), error);
  }

  /**
   * A group of settings says why it cannot be made of its values.
   *
   * @return what is bound instead; null for the default
   */
  Object refused(String group, Exception error) {
    String said = innermost(error);
    Matcher named = NAMED.matcher(said);
    return named.matches()
        ? refusal.of(named.group(1), new UnusableException(named.group(2), ""))
        : refusal.of(group, new UnusableException("cannot be used:", said));
  }

  /** What is bound, its placeholders resolved; null where it is a group of settings. */
  private String text(ConfigurationPropertyName name, BindContext context) {
    ConfigurationProperty property = context.getConfigurationProperty();
    if (property == null || !property.getName().equals(name)) {
      return null;
    }
    String raw = String.valueOf(property.getValue());
    try {
      return resolver.resolvePlaceholders(raw);
    } catch (IllegalArgumentException e) {
      return raw; // refers to itself; the binder tells
    }
  }

  private void hold(Bindable<?> target, String text, Object result) {
    if (result instanceof Duration length) {
      length(target, text, text, length);
    } else if (result instanceof Double number) {
      number(target, text, number);
    } else if (result instanceof Number number) {
      whole(target, text, number.longValue());
    } else if (result instanceof Collection<?> all
        && target.getType().resolveGeneric(0) == Duration.class) {
      lengths(target, text, List.copyOf(all));
    }
  }

  private void lengths(Bindable<?> target, String text, List<?> all) {
    List<String> parts = Stream.of(text.split(",")).map(String::strip).toList();
    if (all.isEmpty()) {
      throw new UnusableException("is empty.", "Write lengths of time, such as 5s,30s,2m.");
    }
    if (parts.stream().allMatch(part -> NUMBER.matcher(part).matches())) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ": numbers without a unit.",
          "Write " + parts.stream().map(p -> p + "s").collect(Collectors.joining(",")) + ".");
    }
    for (int i = 0; i < all.size(); i++) {
      length(target, text, parts.get(i), (Duration) all.get(i));
    }
  }

  private void length(Bindable<?> target, String all, String text, Duration length) {
    String is = "is " + Plain.quoted(all);
    if (NUMBER.matcher(text).matches()) {
      throw new UnusableException(
          is + (all.equals(text) ? "" : ", in which " + text + " is") + " without a unit.",
          "Write %1$ss for seconds (or %1$sms, %1$sm, %1$sh).".formatted(text));
    }
    if (!ours) {
      return;
    }
    DurationMin min = target.getAnnotation(DurationMin.class);
    Duration least =
        min == null
            ? null
            : Duration.ofMillis(min.millis()).plusSeconds(min.seconds()).plusNanos(min.nanos());
    if (length.isNegative()
        || least == null && length.isZero()
        || least != null && length.compareTo(least) < 0) {
      throw new UnusableException(
          is + ", which is too short.",
          least == null || least.isZero()
              ? "It has to be longer than nothing, such as 5s."
              : "It has to be at least " + written(least) + ".");
    }
    if (length.compareTo(MAX_LENGTH) > 0) {
      throw new UnusableException(is + ", which is too long.", "At most a hundred years.");
    }
  }

  private static String written(Duration length) {
    return length.toMillis() % 1000 == 0 ? length.toSeconds() + "s" : length.toMillis() + "ms";
  }

  private static void number(Bindable<?> target, String text, double number) {
    DecimalMin min = target.getAnnotation(DecimalMin.class);
    if (!Double.isFinite(number)) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ", which is no number.", "Write one, such as 20 or 0.5.");
    }
    if (min != null && number < Double.parseDouble(min.value())) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ".", "It has to be at least " + min.value() + ".");
    }
    DecimalMax max = target.getAnnotation(DecimalMax.class);
    if (max != null && number > Double.parseDouble(max.value())) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ".", "It has to be at most " + max.value() + ".");
    }
  }

  private static void whole(Bindable<?> target, String text, long number) {
    Min min = target.getAnnotation(Min.class);
    Max max = target.getAnnotation(Max.class);
    if (min != null && number < min.value() || max != null && number > max.value()) {
      throw new UnusableException(
          "is " + Plain.quoted(text) + ".",
          "It has to be "
              + (max == null
                  ? "at least " + min.value()
                  : "from " + (min == null ? 0 : min.value()) + " to " + max.value())
              + ".");
    }
  }

  private static UnusableException wrong(Bindable<?> target, String text, Exception error) {
    Class<?> type = target.getType().toClass();
    String is = "is " + Plain.quoted(text) + ", which is no ";
    if (text.contains("${")) {
      return new UnusableException(
          "is " + Plain.quoted(text) + ", which refers to something that is not set.",
          "Set that, or write the value itself.");
    }
    if (type == Duration.class || Collection.class.isAssignableFrom(type)) {
      return new UnusableException(is + "duration.", LENGTHS);
    }
    if (type.isEnum()) {
      return new UnusableException(
          "is " + Plain.quoted(text) + ".",
          "It has to be one of "
              + Stream.of(type.getEnumConstants())
                  .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                  .collect(Collectors.joining(", "))
              + ".");
    }
    if (type == boolean.class || type == Boolean.class) {
      return new UnusableException("is " + Plain.quoted(text) + ".", "It has to be true or false.");
    }
    if (type == double.class || type == Double.class) {
      return new UnusableException(is + "number.", "Write one, such as 20 or 0.5.");
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return new UnusableException(is + "whole number.", "Write one, such as 20.");
    }
    return new UnusableException(
        "is " + Plain.quoted(text) + ", which cannot be used here.", innermost(error));
  }

  private static String innermost(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String said = String.valueOf(root.getMessage()).strip();
    return said.endsWith(".") ? said : said + ".";
  }
}
