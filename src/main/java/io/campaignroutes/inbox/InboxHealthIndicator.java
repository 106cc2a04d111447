package io.campaignroutes.inbox;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health {@code inbox}: DOWN, with the reason, while the folder cannot be looked into or what is
 * taken cannot be moved out of it. Files that stay because of what they are do not make it DOWN,
 * but are named.
 */
@Component
public class InboxHealthIndicator implements HealthIndicator {
  private static final int MAX_NAMED = 20;

  private final InboxFolder folder;
  private final CheckFolder checks;

  public InboxHealthIndicator(InboxFolder folder, CheckFolder checks) {
    this.folder = folder;
    this.checks = checks;
  }

  @Override
  public Health health() {
    String unusable = folder.unusable();
    Map<String, String> notFiled = folder.notFiled();
    Map<String, String> staying = folder.staying();
    boolean down = unusable != null || !notFiled.isEmpty();
    Health.Builder health = down ? Health.down() : Health.up();
    if (unusable != null) {
      health.withDetail("folder", unusable);
    }
    name(health, "notPutAway", notFiled);
    name(health, "stays", staying);
    name(health, "notChecked", checks.staying());
    return health.build();
  }

  private static void name(Health.Builder health, String what, Map<String, String> files) {
    if (!files.isEmpty()) {
      Map<String, String> named = new LinkedHashMap<>();
      files.entrySet().stream()
          .limit(MAX_NAMED)
          .forEach(file -> named.put(file.getKey(), file.getValue()));
      if (files.size() > MAX_NAMED) {
        named.put("...", files.size() - MAX_NAMED + " more");
      }
      health.withDetail(what, named);
    }
  }
}
