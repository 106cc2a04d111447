package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A block of a skill's parameters: its fields, which values they take, and what a new skill has.
 */
enum SettingBlock {
  GENERAL(
      "general-settings",
      "generalSettings",
      true,
      """
      maximumRatio int 1 3 1
      aggressiveness text conservative
      blockMultipleCalls bool false
      percentageOfAgentsBeforeOverdial int 0 100 0
      overrideBusinessUnitAbandonRate bool false
      abandonRateThreshold number 0 99.9 3
      abandonRateCutoff number 0 100 0.2
      beginDampenPercentage number 0 100 50
      maximumRingingDuration int 1 60 20
      consecutiveAttemptsWithoutALiveConnect int 1 999 100
      maximumAttempts int 1 300 3
      minimumRetryMinutes int 1 50000 60
      loadCallbacks bool true
      loadFresh bool true
      loadNonFresh bool true
      defaultContactExpiration int 1 527039 43200
      getPriorityContactsOnContactInsertion bool false
      inactiveBlenderTimer int 15 999 60
      endOfListNotificationsDelay int 0 3600 60
      notifyAgentsWhenListIsEmpty bool false
      enableDialingByProficiency bool false
      proficiencyFactor int 1 999 1
      waitTimeFactor int 1 999 1
      maxConcurrentCallsPerAgent int 1 10 1
      maxWaitTimeSeconds int 0 999 0
      deliverCallbacksOnDNCHolidays bool false
      deliverPrioritiesOnDNCHolidays bool false
      """),
  RETRY(
      "retry-settings",
      "retrySettings",
      false,
      """
      loadNonFresh bool true
      finalizeWhenExhausted bool true
      maximumAttempts int 1 300 3
      minimumRetryMinutes int 1 50000 60
      maximumNumberOfHandledCalls int 1 300 1
      restrictedCallingMinutes int 0 9999 0
      restrictedCallingMaxAttempts int 0 10 0
      generalStaleMinutes int 10 1440 60
      callbackRestMinutes int 1 129600 60
      releaseAgentSpecificCalls bool false
      maximumNumberOfCallbacks int 1 300 3
      callbackStaleMinutes int 10 1440 60
      """),
  CPA(
      "cpa-management",
      "cpaSettings",
      false,
      """
      abandonTimeout int 0 60 2
      abandonMsgMode int 0 1 0
      abandonMessagePath text
      ansMachineDetMode int 0 9 2
      ansMachineMsg text
      ansMachineOverrideSeconds int 0 20 0
      treatProgressAsRinging bool false
      preConnectCPAEnabled bool true
      agentOverrideOptionFax bool false
      agentOverrideOptionAnsweringMachine bool false
      agentOverrideOptionBadNumber bool false
      utteranceMinimumSeconds number 0.1 0.5 0.2
      customerLiveSilenceSeconds number 0.5 2 1
      machineMinimumWithAgentSeconds number 2 10 3
      machineMinimumWithoutAgentSeconds number 2 10 3
      machineEndSilenceSeconds number 1 5 2
      machineEndTimeoutSeconds number 5 60 20
      agentNoResponseSeconds number 0.5 4 2
      agentVoiceThreshold int 100 100000 1000
      customerVoiceThreshold int 100 100000 1000
      exceptions list
      """),
  SCHEDULE("schedule-settings", "scheduleSettings", false, schedule()),
  ZONES("time-zones", "timeZoneSettings", true, "timeZoneSettings list\n"),
  DELIVERY(
      "delivery-preferences",
      "deliveryPreferences",
      false,
      """
      confirmationRequiredDisabled bool false
      confirmationRequiredDeliveryType int 0 5 0
      confirmationRequiredTimeout int 1 300 30
      confirmationRequiredDefaultAccept bool false
      confirmationRequiredDefault bool false
      complianceRecordsDisabled bool false
      complianceRecordsDeliveryType int 0 5 0
      complianceRecordsTimeout int 1 300 30
      complianceRecordsDefaultAccept bool false
      showBusyButton bool true
      showDisconnectButton bool true
      """);

  private final String path;
  private final String wrapper;
  private final boolean whole;
  private final Map<String, String[]> fields = new LinkedHashMap<>();

  SettingBlock(String path, String wrapper, boolean whole, String table) {
    this.path = path;
    this.wrapper = wrapper;
    this.whole = whole;
    table
        .lines()
        .map(line -> line.strip().split(" "))
        .forEach(words -> fields.put(words[0], Arrays.copyOfRange(words, 1, words.length)));
  }

  private static String schedule() {
    StringBuilder table = new StringBuilder("isScheduled bool false\n");
    for (String day :
        new String[] {
          "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
        }) {
      table.append(day).append("StartTime text 09:00\n");
      table.append(day).append("EndTime text 21:00\n");
      table.append(day).append("IsActive bool true\n");
    }
    return table.toString();
  }

  /** What follows {@code /parameters/} in the path. */
  String path() {
    return path;
  }

  /** What a PUT wraps it in. */
  String wrapper() {
    return wrapper;
  }

  /** The name under which faults are set on reading ({@code get}) or writing ({@code put}) it. */
  String label(String verb) {
    StringBuilder label = new StringBuilder(verb);
    for (String word : path.split("-")) {
      label.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return label.toString();
  }

  static SettingBlock of(String path) {
    return Arrays.stream(values())
        .filter(block -> block.path.equals(path))
        .findFirst()
        .orElseThrow(() -> Refused.header(404, "resource not found"));
  }

  /** What a new skill has. */
  ObjectNode usual() {
    ObjectNode values = SandboxJson.object();
    fields.forEach(
        (name, kind) -> {
          switch (kind[0]) {
            case "bool" -> values.put(name, Boolean.parseBoolean(kind[1]));
            case "int" -> values.put(name, Integer.parseInt(kind[3]));
            case "number" -> values.put(name, Double.parseDouble(kind[3]));
            case "list" -> values.putArray(name);
            default -> values.put(name, kind.length > 1 ? kind[1] : "");
          }
        });
    return values;
  }

  /**
   * What a skill has after a write: what was left out stays as it was, or in blocks that are
   * written whole becomes what a new skill has.
   */
  ObjectNode written(ObjectNode before, ObjectNode change) {
    ObjectNode after = whole ? usual() : before.deepCopy();
    change.properties().forEach(field -> set(after, field.getKey(), field.getValue()));
    return after;
  }

  private void set(ObjectNode values, String name, JsonNode value) {
    String[] kind = fields.get(name);
    if (kind == null) {
      return; // a tenant takes no notice of what it does not know
    }
    if (value.isNull()) {
      if (this == CPA) {
        throw Refused.told(400, name + ": expected " + word(kind[0]) + " but got Null");
      }
      values.set(name, value);
      return;
    }
    boolean good =
        switch (kind[0]) {
          case "bool" -> value.isBoolean() || value.asText().matches("true|false");
          case "int", "number" -> within(value, kind);
          case "list" -> value.isArray();
          default -> value.isTextual();
        };
    if (!good) {
      throw this == SCHEDULE
          ? Refused.header(400, "InvalidParameter")
          : Refused.told(400, "Invalid value for " + name);
    }
    switch (kind[0]) {
      case "bool" -> values.put(name, value.asBoolean());
      case "int" -> values.put(name, value.asInt());
      case "number" -> values.put(name, value.asDouble());
      default -> values.set(name, value);
    }
  }

  private static String word(String kind) {
    return kind.equals("int") ? "Integer" : kind;
  }

  private static boolean within(JsonNode value, String[] kind) {
    try {
      double number = Double.parseDouble(value.asText());
      return number >= Double.parseDouble(kind[1])
          && number <= Double.parseDouble(kind[2])
          && (kind[0].equals("number") || number == Math.rint(number));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
