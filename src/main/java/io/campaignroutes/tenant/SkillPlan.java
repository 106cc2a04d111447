package io.campaignroutes.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.Call;
import io.campaignroutes.cxone.CxoneApi;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.text.Masked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The calls that a launch would make of a request, in order, for a dry run: each as the platform's
 * file makes it. What only CXone's answers tell stands in braces, as in {@code {skillId}}; of a
 * block of settings only the fields that would be changed are shown.
 */
public final class SkillPlan {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CxoneApi api;
  private final SkillProperties properties;

  SkillPlan(CxoneApi api, SkillProperties properties) {
    this.api = api;
    this.properties = properties;
  }

  /**
   * The calls of a launch.
   *
   * @param request complete, with its defaults
   * @param payload what the campaign would be created from
   * @param contacts what its file would be, {@code {size, columns, outcomes}}; null when it brings
   *     none or cannot
   * @return {@code [{method, path, body}]}, without a body where none is sent
   */
  public ArrayNode calls(JsonNode request, JsonNode payload, JsonNode contacts) {
    ArrayNode calls = JsonNodeFactory.instance.arrayNode();
    Optional<SkillPool> pool =
        SkillPool.of(request.path("agentPoolId").asText(), properties.pool());
    if (pool.isPresent()) {
      boolean adopted = pool.get().isSkill();
      ObjectNode with = arguments(request, payload, pool.get());
      if (!adopted && payload.path("respectDnc").asBoolean()) {
        add(calls, with, "dncGroups");
      }
      if (!adopted) {
        add(calls, with, "groups", "createGroup", "findSkills", "createSkill");
      }
      add(calls, with, "getSkill");
      if (adopted) {
        add(calls, with, "lists");
      }
      settings(calls, with);
      if (!adopted) {
        add(calls, with, "agents", "skillAgents", "assignAgents", "agents", "skillAgents");
        scrubs(calls, with, payload);
      }
      if (!adopted && contacts != null) {
        upload(calls, with, contacts);
      }
      add(calls, with, "getSkill", "startSkill");
    }
    return calls;
  }

  /** The list is made, then each part goes the way of the first, which is shown. */
  private void upload(ArrayNode calls, ObjectNode with, JsonNode contacts) {
    with.put("listName", with.path("skillName").asText()).put("listId", "{listId}");
    with.put("jobId", "{jobId}").put("listFile", "{callable contacts as CSV, in Base64}");
    with.put("fileName", ContactSheet.name(with.path("skillName").asText(), 1));
    with.put("expires", "{a year from now}");
    ArrayNode custom = with.putArray("customColumns");
    ContactSheet.customColumns(contacts.path("columns"))
        .forEach(column -> custom.add(Masked.numbers(column.asText())));
    add(calls, with, "lists", "createList", "uploadContacts", "uploadJob", "list");
  }

  private void settings(ArrayNode calls, ObjectNode with) {
    List<String> reads = List.of("generalSettings", "retrySettings", "cpaSettings");
    reads.forEach(read -> add(calls, with, read));
    add(calls, with, "setGeneral", "setRetry");
    if (with.has("cpa")) {
      add(calls, with, "setCpa");
    }
    reads.forEach(read -> add(calls, with, read));
  }

  private void scrubs(ArrayNode calls, ObjectNode with, JsonNode payload) {
    if (payload.path("respectDnc").asBoolean()) {
      for (String group : properties.dncGroups()) {
        add(calls, with.deepCopy().put("dncGroupId", group), "scrubSkill", "scrubbedSkills");
      }
    }
  }

  private ObjectNode arguments(JsonNode request, JsonNode payload, SkillPool pool) {
    ObjectNode with = JsonNodeFactory.instance.objectNode();
    String name = request.path("name").asText();
    with.put("skillId", pool.isSkill() ? pool.id() : "{skillId}");
    with.put("teamId", pool.id()).put("groupId", "{groupId}");
    with.put("skillName", SkillName.of("{id}", name)).put("notes", SkillName.notes("{id}", name));
    with.put("windowsZone", WindowsZones.named(request.path("timeZone").asText()).orElse(null));
    with.set("general", payload.at("/settings/general"));
    with.set("retry", payload.at("/settings/retry"));
    if (properties.abandonTimeout() >= 0) {
      with.putObject("cpa").put("abandonTimeout", properties.abandonTimeout());
    }
    with.putArray("missing").add("{agentId}");
    return with;
  }

  private void add(ArrayNode calls, ObjectNode with, String... operations) {
    for (String operation : operations) {
      Call call = api.call(operation, new PlatformRequest(with, Urgency.LAUNCH, 0), 0);
      ObjectNode shown = calls.addObject().put("method", call.method().name());
      String query = call.query() == null ? "" : "?" + call.query();
      shown.put("path", (call.path() + query).replace("%7B", "{").replace("%7D", "}"));
      if (call.body() != null) {
        shown.set("body", json(call.body()));
      }
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a body that was just made is JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
