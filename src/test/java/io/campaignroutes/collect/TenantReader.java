package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.connection.TestTenant;

/** Reads the simulated tenant page by page, in the shape in which routes hand answers over. */
final class TenantReader {
  private final TestTenant tenant;
  private DayCalls counts;
  private long calls;

  TenantReader(TestTenant tenant) {
    this.tenant = tenant;
  }

  /** Has every call counted by somebody besides. */
  void countedBy(DayCalls counts) {
    this.counts = counts;
  }

  /** Notes calls that were made otherwise. */
  void called(int times) {
    calls += times;
    counts.ended(true, times);
  }

  /** Calls that were made. */
  long calls() {
    return calls;
  }

  JsonNode read(CollectRun run) {
    String since = run.request().arguments().path("updatedSince").asText();
    String changes = since.isEmpty() ? "" : "&updatedSince=" + since;
    return switch (run.collector()) {
      case ACTIVITY -> {
        ArrayNode skills = JsonNodeFactory.instance.arrayNode();
        for (JsonNode skill : pages("/skills/activity?isOutbound=true", "skillActivity", 1000)) {
          skills
              .addObject()
              .put("id", skill.get("skillId").asText())
              .put("staffed", skill.get("agentsLoggedIn").asInt());
        }
        yield answer("skills", skills);
      }
      case STATES -> {
        ArrayNode agents = JsonNodeFactory.instance.arrayNode();
        ArrayNode states = pages("/agents/states?x=" + changes, "agentStates", 1000);
        for (JsonNode state : states) {
          ObjectNode agent = agents.addObject();
          agent.put("id", state.get("agentId").asText());
          agent.set("skillId", state.get("skillId"));
          agent.set("teamId", state.get("teamId"));
          agent.set("state", state.get("agentStateName"));
          agent.set("contactId", state.get("contactId"));
          agent.set("wrapUp", state.get("isACW"));
        }
        yield answer("agents", agents);
      }
      case COMPLETED -> {
        ArrayNode contacts = JsonNodeFactory.instance.arrayNode();
        for (JsonNode told :
            pages("/contacts/completed?x=" + changes, "completedContacts", 10_000)) {
          ObjectNode contact = contacts.addObject();
          contact.put("id", told.get("contactId").asText());
          contact.set("skillId", told.get("skillId"));
          contact.set("agentId", told.get("agentId"));
          contact.set("abandoned", told.get("abandoned"));
          contact.set("agentSeconds", told.get("agentSeconds"));
          contact.set("wrapUpSeconds", told.get("acwSeconds"));
        }
        yield answer("contacts", contacts);
      }
      case SKILLS -> {
        ArrayNode skills = JsonNodeFactory.instance.arrayNode();
        for (JsonNode skill : pages("/skills?mediaTypeId=4", "skills", 100)) {
          skills
              .addObject()
              .put("id", skill.get("skillId").asText())
              .put("running", skill.get("isRunning").asBoolean())
              .put("active", skill.get("isActive").asBoolean());
        }
        yield answer("skills", skills);
      }
      case LISTS -> {
        ArrayNode lists = JsonNodeFactory.instance.arrayNode();
        for (JsonNode list : pages("/lists/call-lists?x=", "callingLists", 100)) {
          ObjectNode told = lists.addObject().put("id", list.get("listId").asText());
          ArrayNode skills = told.putArray("skills");
          for (JsonNode skill : list.get("skills")) {
            skills
                .addObject()
                .put("id", skill.get("skillId").asText())
                .put("total", skill.get("totalRecords").asLong())
                .put("fresh", skill.get("freshRecords").asLong())
                .put("finalized", skill.get("finalizedRecords").asLong());
          }
        }
        yield answer("lists", lists);
      }
      case SETTINGS -> answer("skills", JsonNodeFactory.instance.arrayNode());
    };
  }

  void write(Collect collect, CollectRun run, JsonNode answer) {
    switch (run.collector()) {
      case ACTIVITY -> collect.activity(run, answer);
      case STATES -> collect.states(run, answer);
      case COMPLETED -> collect.completed(run, answer);
      case SKILLS -> collect.skills(run, answer);
      case LISTS -> collect.lists(run, answer);
      case SETTINGS -> collect.settings(run);
    }
  }

  private String pollTime;

  private ObjectNode answer(String name, ArrayNode entries) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("pollTime", pollTime).set(name, entries);
    return answer;
  }

  private ArrayNode pages(String path, String name, int size) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    pollTime = null;
    while (true) {
      called(1);
      JsonNode page = tenant.read(path + "&top=" + size + "&skip=" + all.size());
      if (page == null) {
        return all;
      }
      pollTime = pollTime == null ? page.path("lastPollTime").asText(null) : pollTime;
      page.get(name).forEach(all::add);
      if (page.get(name).size() < size) {
        return all;
      }
    }
  }
}
