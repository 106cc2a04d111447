package io.campaignroutes.settings;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** The settings that the service binds, and what they are. */
public final class SettingTypes {
  private SettingTypes() {}

  public static Map<String, Class<?>> all() {
    Map<String, Class<?>> types = new TreeMap<>();
    SettingGroups.PERIODS.forEach(name -> types.put(name, Duration.class));
    SettingGroups.ALL.forEach((prefix, type) -> add(types, prefix, type));
    return types;
  }

  private static void add(Map<String, Class<?>> types, String prefix, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
      if (component.getType().isRecord()) {
        add(types, name, component.getType());
      } else {
        types.put(name, component.getType());
      }
    }
  }
}
