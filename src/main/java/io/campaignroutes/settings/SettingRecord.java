package io.campaignroutes.settings;

import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.ResolvableType;

/**
 * A record of settings, bound as Spring binds it, value by value. Spring reads what is written at
 * the parameters of a record anew each time, all of it for each of them; this reads it once.
 */
final class SettingRecord {
  private static final Map<Class<?>, SettingRecord> KNOWN = new ConcurrentHashMap<>();

  private final Class<?> type;
  private final Constructor<?> constructor;
  private final List<Part> parts = new ArrayList<>();

  /**
   * @param group what it is where it is a record itself
   * @param unset its value where nothing is given
   */
  private record Part(String name, Bindable<?> target, SettingRecord group, Object unset) {}

  private SettingRecord(Class<?> type) {
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    try {
      constructor =
          type.getDeclaredConstructor(
              Stream.of(components).map(RecordComponent::getType).toArray(Class[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has this constructor", e);
    }
    constructor.setAccessible(true);
    Annotation[][] annotations = constructor.getParameterAnnotations();
    for (int i = 0; i < components.length; i++) {
      Bindable<?> target =
          Bindable.of(ResolvableType.forConstructorParameter(constructor, i))
              .withAnnotations(annotations[i]);
      Class<?> of = components[i].getType();
      SettingRecord group = of.isRecord() ? new SettingRecord(of) : null;
      parts.add(
          new Part(
              DataObjectPropertyName.toDashedForm(components[i].getName()),
              target,
              group,
              unset(target, of, group)));
    }
  }

  private static Object unset(Bindable<?> target, Class<?> type, SettingRecord group) {
    DefaultValue written = target.getAnnotation(DefaultValue.class);
    if (written == null) {
      return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
    }
    if (group != null) {
      return group.made(group.parts.stream().map(Part::unset).toArray());
    }
    String text = String.join(",", written.value());
    return new Binder(new MapConfigurationPropertySource(Map.of("unset", text)))
        .bind("unset", target)
        .get();
  }

  /**
   * Looks at all values of a group of settings, and makes the group of them.
   *
   * @param values is told of each, and of what the group itself refuses
   */
  static void bind(Binder binder, String prefix, Class<?> type, Values values) {
    KNOWN.computeIfAbsent(type, SettingRecord::new).bind(binder, prefix, values);
  }

  /** The group; null where nothing of it is given. */
  private Object bind(Binder binder, String prefix, Values values) {
    if (binder.bind(prefix, String.class).isBound()) {
      return binder.bind(prefix, Bindable.of(type), values).orElse(null); // no group: refused
    }
    Object[] given = new Object[parts.size()];
    boolean bound = false;
    for (int i = 0; i < given.length; i++) {
      Part part = parts.get(i);
      String name = prefix + "." + part.name();
      Object value =
          part.group() == null
              ? binder.bind(name, part.target(), values).orElse(null)
              : part.group().bind(binder, name, values);
      bound |= value != null;
      given[i] = value == null ? part.unset() : value;
    }
    try {
      return bound ? made(given) : null;
    } catch (IllegalArgumentException e) {
      return values.refused(prefix, e);
    }
  }

  private Object made(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record can be made of its components", e);
    }
  }
}
