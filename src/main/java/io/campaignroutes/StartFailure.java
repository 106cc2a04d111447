package io.campaignroutes;

import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.store.StartRefusedException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.web.embedded.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Says in one line why a start has failed, whatever threw. Spring Boot finds it by {@code
 * META-INF/spring.factories} and then prints neither a trace nor a page of its own.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartFailure implements SpringBootExceptionReporter {
  private static final Logger LOG = LoggerFactory.getLogger(StartFailure.class);
  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(?:[a-z][\\w]*\\.){2,}[A-Z][\\w$]*(?::\\s*)?");
  private static final String PACKAGE = StartFailure.class.getPackageName();
  private static final String CHECK =
      "java -jar target/cxone-campaign-routes.jar check looks for mistakes in routes/ and config/.";
  private static final String NOT_UTF_8 =
      "config/application.yaml is not in UTF-8. Save it in UTF-8.";
  private static final String NO_JSON =
      "SPRING_APPLICATION_JSON is not valid JSON. Correct it, or leave it out.";
  private static final int MAX_SENTENCE = 500;

  @Override
  public boolean reportException(Throwable failure) {
    LOG.debug("The start has failed.", failure);
    return true;
  }

  /** The line that an operator reads; several, where several settings are wrong. */
  static String sentence(Throwable failure) {
    List<Throwable> causes = causes(failure);
    return first(causes, FaultySettingsException.class, Throwable::getMessage)
        .or(() -> first(causes, StartRefusedException.class, Throwable::getMessage))
        .or(() -> first(causes, PolicyException.class, e -> clean(e.getMessage())))
        .or(() -> first(causes, MarkedYAMLException.class, StartFailure::yaml))
        .or(() -> first(causes, CharacterCodingException.class, e -> NOT_UTF_8))
        .or(() -> first(causes, JsonParseException.class, e -> NO_JSON))
        .or(() -> first(causes, PortInUseException.class, e -> portInUse(e.getPort())))
        .or(() -> first(causes, ConnectorStartFailedException.class, e -> portInUse(e.getPort())))
        .or(() -> first(causes, BindException.class, StartFailure::setting))
        .or(() -> first(causes, FailedToCreateRouteException.class, e -> route(e.getRouteId(), e)))
        .or(() -> first(causes, FailedToStartRouteException.class, e -> route(e.getRouteId(), e)))
        .or(() -> ours(causes))
        .orElseGet(() -> unforeseen(innermost(failure)));
  }

  private static String unforeseen(String said) {
    return said.contains(".camel.yaml")
        ? "A route cannot be read: " + said + " " + CHECK
        : "The service cannot start: "
            + said
            + " --logging.level.io.campaignroutes=DEBUG shows where.";
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable e = failure; e != null && !causes.contains(e); e = e.getCause()) {
      causes.add(e);
    }
    return causes;
  }

  /** What the service's own classes say of what they met. */
  private static Optional<String> ours(List<Throwable> causes) {
    return causes.stream()
        .filter(
            e ->
                (e instanceof IllegalStateException || e instanceof IllegalArgumentException)
                    && e.getStackTrace().length > 0
                    && e.getStackTrace()[0].getClassName().startsWith(PACKAGE))
        .map(e -> clean(e.getMessage()))
        .reduce((outer, inner) -> inner);
  }

  private static <E extends Throwable> Optional<String> first(
      List<Throwable> causes, Class<E> type, Function<E, String> sentence) {
    return causes.stream().filter(type::isInstance).map(type::cast).findFirst().map(sentence);
  }

  private static String portInUse(int port) {
    return "Port "
        + port
        + " is in use by another process. Stop that one, or set PORT (or MANAGEMENT_PORT, where it is"
        + " that one) to another port.";
  }

  /** Of all files Spring reads only this one so; those of the service tell of themselves. */
  private static String yaml(MarkedYAMLException e) {
    return "config/application.yaml is no YAML%s: %s. Correct that line."
        .formatted(
            e.getProblemMark() == null ? "" : " in line " + (e.getProblemMark().getLine() + 1),
            clean(e.getProblem()));
  }

  private static String setting(BindException e) {
    ConfigurationProperty property = e.getProperty();
    boolean secret = e.getName().toString().matches(".*(secret|password|key|token).*");
    return "%s%s cannot be used%s"
        .formatted(
            property != null && property.getOrigin() instanceof PropertySourceOrigin from
                ? from.getPropertyName()
                : e.getName(),
            property == null || secret
                ? ""
                : " is " + "'" + clean(property.getValue().toString()) + "', which",
            property == null ? ": " + innermost(e) : " here: it has to be another kind of value.");
  }

  private static String route(String id, Throwable e) {
    return "The route " + id + " cannot be started: " + innermost(e) + " " + CHECK;
  }

  private static String innermost(Throwable failure) {
    List<Throwable> causes = causes(failure);
    String said = "no reason was given";
    for (Throwable cause : causes) {
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        said = clean(cause.getMessage());
      }
    }
    return said.endsWith(".") ? said : said + ".";
  }

  /** On one line, without the names of classes. */
  private static String clean(String said) {
    String line =
        CLASS_NAME.matcher(said).replaceAll("").replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > MAX_SENTENCE ? line.substring(0, MAX_SENTENCE) + "..." : line;
  }
}
