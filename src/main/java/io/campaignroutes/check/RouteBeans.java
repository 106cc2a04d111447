package io.campaignroutes.check;

import io.campaignroutes.text.Closest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.springframework.util.ClassUtils;

/** Rules on beans: those that a route names are there, with the methods that it calls. */
final class RouteBeans {
  /** Steps and expressions that name a bean by {@code ref}. */
  private static final Set<String> WITH_REF = Set.of("bean", "process", "method");

  /** Fields whose value is the name of a bean, with or without '#'. */
  private static final Set<String> NAMES =
      Set.of(
          "onRedeliveryRef",
          "onExceptionOccurredRef",
          "onPrepareFailureRef",
          "idempotentRepository",
          "aggregationStrategy",
          "aggregationRepository",
          "executorService");

  private final Map<String, Class<?>> known = new TreeMap<>();
  private final List<Fault> faults = new ArrayList<>();

  private RouteBeans(Project project) {
    Beans beans = Beans.ofTheService();
    beans.names().forEach(name -> known.put(name, beans.type(name).orElseThrow()));
    for (Source file : project.routeFiles()) {
      for (Place element : file.root().items()) {
        element.get("beans").items().forEach(this::addOwn);
      }
    }
  }

  /** A bean that a route file brings along. */
  private void addOwn(Place bean) {
    Class<?> type = type(bean.get("type"));
    known.put(bean.get("name").text(), type == null ? Object.class : type);
  }

  static List<Fault> faults(Project project) {
    RouteBeans rule = new RouteBeans(project);
    for (Source file : project.routeFiles()) {
      file.root().walk(rule::look);
    }
    return rule.faults;
  }

  private void look(String key, Place place) {
    if (WITH_REF.contains(key) && place.get("ref").json().isTextual()) {
      Class<?> type = bean(place.get("ref"), place.get("ref").text());
      if (type != null && key.equals("process") && !Processor.class.isAssignableFrom(type)) {
        faults.add(
            place
                .get("ref")
                .fault(
                    "The bean '%s' is no Processor.".formatted(place.get("ref").text()),
                    "Call one of its methods with 'bean: {ref, method}' instead."));
      } else if (type != null && place.get("method").json().isTextual()) {
        method(place.get("method"), place.get("ref").text(), type);
      }
    }
    String uri = place.json().isObject() ? place.get("uri").text() : "";
    if (uri.startsWith("bean:")) {
      String name = uri.substring("bean:".length()).split("\\?")[0];
      Class<?> type = bean(place.get("uri"), name);
      Place method = place.at("parameters", "method");
      if (type != null && method.json().isTextual()) {
        method(method, name, type);
      }
    }
    if (place.json().isTextual()) {
      text(key, place);
    }
  }

  private void text(String key, Place place) {
    String text = place.text();
    RouteExpressions.BEAN_CALL
        .matcher(text)
        .results()
        .forEach(
            call -> {
              Class<?> type = bean(place, call.group(1));
              if (type != null && call.group(2) != null) {
                method(place, call.group(2), call.group(1), type);
              }
            });
    if (text.startsWith("#class:") || text.startsWith("#type:")) {
      String name = text.substring(text.indexOf(':') + 1).split("[(#]")[0];
      if (!ClassUtils.isPresent(name, null)) {
        unknownClass(place, name);
      }
    } else if (text.matches("#[\\w:.-]+")) {
      bean(place, text.replaceFirst("^#(bean:)?", ""));
    } else if (NAMES.contains(key)) {
      bean(place, text);
    } else if (key.equals("exception") || key.equals("unmarshalType")) {
      type(place);
    }
  }

  private Class<?> bean(Place place, String name) {
    Class<?> type = known.get(name);
    if (type == null && !name.contains("{{") && !name.contains("${")) {
      faults.add(
          place.fault(
              "There is no bean '%s'.".formatted(name),
              Closest.to(name, known.keySet())
                  .map(near -> "Did you mean '" + near + "'?")
                  .orElse("Name a bean of the service, or one under 'beans:' in a route file.")));
    }
    return type;
  }

  private Class<?> type(Place place) {
    try {
      return ClassUtils.forName(place.text(), null);
    } catch (ClassNotFoundException | LinkageError e) {
      unknownClass(place, place.text());
      return null;
    }
  }

  private void unknownClass(Place place, String name) {
    faults.add(
        place.fault(
            "There is no class %s.".formatted(name),
            "Write its full name as the Java sources have it, package included."));
  }

  private void method(Place place, String bean, Class<?> type) {
    method(place, place.text().strip(), bean, type);
  }

  private void method(Place place, String text, String bean, Class<?> type) {
    int paren = text.indexOf('(');
    String name = paren < 0 ? text : text.substring(0, paren).strip();
    List<Method> named = Beans.methods(type).filter(m -> m.getName().equals(name)).toList();
    if (named.isEmpty()) {
      Set<String> others =
          Beans.methods(type).map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
      faults.add(
          place.fault(
              "The bean '%s' (%s) has no method '%s'.".formatted(bean, type.getSimpleName(), name),
              Closest.remedy(name, others)));
    } else if (paren >= 0) {
      int given = arguments(text.substring(paren + 1, Math.max(paren + 1, text.lastIndexOf(')'))));
      if (named.stream().noneMatch(m -> m.getParameterCount() == given)) {
        faults.add(
            place.fault(
                "%s.%s is called with %d arguments.".formatted(bean, name, given),
                "It takes "
                    + named.stream()
                        .map(m -> String.valueOf(m.getParameterCount()))
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(" or "))
                    + "."));
      }
    }
  }

  /** How many values stand between commas that are in no quotes and no brackets. */
  private static int arguments(String text) {
    int depth = 0;
    char quote = 0;
    int commas = 0;
    for (char c : text.toCharArray()) {
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if ("({[".indexOf(c) >= 0) {
        depth++;
      } else if (")}]".indexOf(c) >= 0) {
        depth--;
      } else if (c == ',' && depth == 0) {
        commas++;
      }
    }
    return text.isBlank() ? 0 : commas + 1;
  }
}
