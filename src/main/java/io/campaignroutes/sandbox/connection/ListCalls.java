package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.CallingRecords;
import io.campaignroutes.dialer.OutboundCall;
import io.campaignroutes.sandbox.Json;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Calling lists: made, filled by uploads in jobs, counted, and what came of each attempt. */
final class ListCalls {

  private final BusinessUnit unit;
  private int jobs;

  ListCalls(BusinessUnit unit) {
    this.unit = unit;
  }

  void register(CallTable calls) {
    calls
        .add("lists", "GET", "/lists/call-lists", this::lists)
        .add("createList", "POST", "/lists/call-lists", this::create)
        .add("uploadJobs", "GET", "/lists/call-lists/jobs", this::uploads)
        .add("uploadJob", "GET", "/lists/call-lists/jobs/{}", this::upload)
        .add("cancelUpload", "DELETE", "/lists/call-lists/jobs/{}", this::cancel)
        .add("list", "GET", "/lists/call-lists/{}", this::list)
        .add("uploadList", "POST", "/lists/call-lists/{}/upload", this::fill)
        .add("listAttempts", "GET", "/lists/call-lists/{}/attempts", this::attempts);
  }

  private Answer lists(Call call) {
    return call.page(
        Json.object(),
        "callingLists",
        unit.lists().keySet().stream().map(this::json).toList(),
        50,
        100);
  }

  private Answer list(Call call) {
    known(call.number(0));
    ObjectNode list = json(call.number(0));
    list.putArray("contactRecords");
    return Answer.json(200, Json.object().set("resultSet", list));
  }

  private ObjectNode known(int id) {
    ObjectNode list = unit.lists().get(id);
    if (list == null) {
      throw Refused.header(404, "InvalidListId");
    }
    return list;
  }

  private ObjectNode json(int id) {
    ObjectNode json = unit.lists().get(id).deepCopy();
    json.remove("uploads");
    ArrayNode skills = json.putArray("skills");
    long total = 0;
    long finalized = 0;
    for (Skill skill : unit.skills()) {
      CallingRecords records = skill.lists().get(id);
      if (records != null) {
        total += records.total();
        finalized += records.finalized();
        skills
            .addObject()
            .put("skillId", skill.id())
            .put("skillName", skill.name())
            .put("totalRecords", records.total())
            .put("freshRecords", String.valueOf(records.fresh()))
            .put("finalizedRecords", records.finalized())
            .put("retriedRecords", records.retried());
      }
    }
    return json.put("totalRecords", total)
        .put("validRecords", total)
        .put("invalidRecords", 0)
        .put("finalizedRecords", finalized)
        .put("prospectiveContactCount", total - finalized);
  }

  private Answer create(Call call) {
    JsonNode body = call.body();
    String name = call.query().getOrDefault("listName", body.path("listName").asText());
    String external =
        call.query().getOrDefault("externalIdColumn", body.path("externalIdColumn").asText());
    if (name.isBlank() || external.isBlank()) {
      throw Refused.header(400, "InvalidListName");
    }
    int id =
        unit.lists().entrySet().stream()
            .filter(entry -> entry.getValue().get("listName").asText().equals(name))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseGet(() -> ((TreeMap<Integer, ObjectNode>) unit.lists()).lastKey() + 1);
    if (!unit.lists().containsKey(id)) {
      unit.addList(id, name);
    }
    return Answer.json(200, Json.object().put("listId", id));
  }

  private Answer fill(Call call) {
    int list = call.number(0);
    known(list);
    ObjectNode body = call.body();
    Skill skill = unit.skill(body.path("skillId").asInt(), 400);
    byte[] file;
    try {
      file = Base64.getDecoder().decode(body.path("listFile").asText());
    } catch (IllegalArgumentException e) {
      throw Refused.header(400, "InvalidListFile");
    }
    int rows =
        (int) new String(file, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).count();
    if (rows < 2) {
      throw Refused.header(400, "InvalidListFile");
    }
    String id = "job-" + ++jobs;
    unit.uploads()
        .put(
            id,
            new BusinessUnit.Upload(
                id,
                list,
                skill.id(),
                rows - 1,
                unit.now(),
                unit.now() + unit.properties().uploadDelay().toMillis()));
    return Answer.json(202, Json.object().put("jobId", id));
  }

  private Answer upload(Call call) {
    BusinessUnit.Upload upload = unit.uploads().get(call.parts().get(0));
    if (upload == null) {
      throw Refused.header(404, "InvalidJobId");
    }
    ObjectNode answer = Json.object();
    answer.putArray("uploadJobs").add(json(upload));
    return Answer.json(200, answer);
  }

  private Answer uploads(Call call) {
    List<ObjectNode> all = unit.uploads().values().stream().map(this::json).toList();
    return call.page(Json.object(), "uploadJobs", all, 50);
  }

  private Answer cancel(Call call) {
    BusinessUnit.Upload upload = unit.uploads().get(call.parts().get(0));
    if (upload == null) {
      throw Refused.header(404, "InvalidJobId");
    }
    if (upload.doneAt() <= unit.now()) {
      throw Refused.told(409, "The job is complete");
    }
    unit.uploads().remove(upload.id());
    return new Answer(204, Map.of(), new byte[0]);
  }

  private ObjectNode json(BusinessUnit.Upload upload) {
    boolean done = upload.doneAt() <= unit.now();
    ObjectNode json =
        Json.object()
            .put("jobId", upload.id())
            .put("listId", upload.listId())
            .put("listName", unit.lists().get(upload.listId()).get("listName").asText())
            .put("submitDate", Instant.ofEpochMilli(upload.submittedAt()).toString())
            .put("startDate", Instant.ofEpochMilli(upload.submittedAt()).toString())
            .put("isComplete", done)
            .put("isCancelled", false);
    if (done) {
      json.put("completedDate", Instant.ofEpochMilli(upload.doneAt()).toString());
    }
    return json;
  }

  private Answer attempts(Call call) {
    int id = call.number(0);
    known(id);
    Instant since = call.time("updatedSince");
    List<ObjectNode> attempts =
        unit.log().ended().stream()
            .filter(
                dialed ->
                    unit.skills().stream().anyMatch(s -> s.lists().get(id) == dialed.records()))
            .filter(dialed -> since == null || unit.millis(dialed.endedAt()) > since.toEpochMilli())
            .map(this::attempt)
            .toList();
    ObjectNode set = Json.object();
    call.page(set, "contactAttempts", attempts, 10_000);
    return Answer.json(200, Json.object().set("resultSet", set));
  }

  private ObjectNode attempt(OutboundCall dialed) {
    ObjectNode json =
        Json.object()
            .put("contactId", dialed.id())
            .put("externalId", "record-" + dialed.record())
            .put("formattedPhone", "(212) 555-01" + dialed.record() % 100)
            .put("dateOfCall", Instant.ofEpochMilli(unit.millis(dialed.dialedAt())).toString())
            .put("lastDuration", Math.round(dialed.endedAt() - dialed.dialedAt()))
            .put("systemClassName", dialed.outcome().name())
            .put("timeZone", TimeZones.BUSINESS_UNIT);
    if (dialed.agent() != null) {
      json.put("agentId", dialed.agent().id());
    }
    return json;
  }
}
