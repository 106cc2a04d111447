package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.OutboundCall;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  private Answer lists(TenantCall call) {
    Map<Integer, List<Skill>> users = new HashMap<>();
    for (Skill skill : unit.skills()) {
      for (Integer list : skill.lists().keySet()) {
        users.computeIfAbsent(list, id -> new ArrayList<>()).add(skill);
      }
    }
    List<ObjectNode> visible =
        unit.lists().values().stream()
            .filter(list -> list.visible(unit.now()))
            .map(list -> list.json(users.getOrDefault(list.id(), List.of())))
            .toList();
    return call.page(SandboxJson.object(), "callingLists", visible, 50, 100);
  }

  private Answer list(TenantCall call) {
    ObjectNode list = known(call.number(0)).json(unit.skills());
    list.putArray("contactRecords");
    return Answer.json(200, SandboxJson.object().set("resultSet", list));
  }

  private CallingList known(int id) {
    CallingList list = unit.lists().get(id);
    if (list == null) {
      throw Refused.header(404, "InvalidListId");
    }
    return list;
  }

  /** One of the same name is that list, with other columns from now on. */
  private Answer create(TenantCall call) {
    JsonNode body = call.body();
    String name = call.query().getOrDefault("listName", body.path("listName").asText());
    String external =
        call.query().getOrDefault("externalIdColumn", body.path("externalIdColumn").asText());
    if (name.isBlank() || external.isBlank()) {
      throw Refused.header(400, "InvalidListName");
    }
    ListFile.Columns columns = ListFile.Columns.of(external, body.path("destinationMappings"));
    CallingList list =
        unit.lists().values().stream()
            .filter(known -> known.name().equals(name))
            .findFirst()
            .orElseGet(
                () ->
                    unit.addList(
                        unit.lists().lastKey() + 1,
                        name,
                        columns,
                        unit.now() + unit.properties().listDelay().toMillis()));
    list.columns(columns);
    return Answer.json(200, SandboxJson.object().put("listId", list.id()));
  }

  private Answer fill(TenantCall call) {
    CallingList list = known(call.number(0));
    ObjectNode body = call.body();
    Skill skill = unit.skill(body.path("skillId").asInt(), 400);
    String zone = body.path("defaultTimeZone").asText(ZoneNames.BUSINESS_UNIT);
    if (!skill.dials() || !ZoneNames.knows(zone)) {
      throw Refused.header(400, "InvalidParameter");
    }
    byte[] file;
    try {
      file = Base64.getDecoder().decode(body.path("listFile").asText());
    } catch (IllegalArgumentException e) {
      throw Refused.header(400, "InvalidListFile");
    }
    ListFile contacts = ListFile.of(file, list.columns());
    String id = "job-" + ++jobs;
    long doneAt = unit.now() + unit.properties().uploadDelay().toMillis();
    unit.uploads().put(id, new ListUpload(id, list.id(), skill.id(), contacts, unit.now(), doneAt));
    return Answer.json(202, SandboxJson.object().put("jobId", id));
  }

  private Answer upload(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    answer.putArray("uploadJobs").add(json(known(call)));
    return Answer.json(200, answer);
  }

  private ListUpload known(TenantCall call) {
    ListUpload upload = unit.uploads().get(call.parts().get(0));
    if (upload == null) {
      throw Refused.header(404, "InvalidJobId");
    }
    return upload;
  }

  private Answer uploads(TenantCall call) {
    Instant from = call.time("startDate");
    Instant to = call.time("endDate");
    List<ObjectNode> some =
        unit.uploads().values().stream()
            .filter(upload -> from == null || upload.submittedAt() >= from.toEpochMilli())
            .filter(upload -> to == null || upload.submittedAt() <= to.toEpochMilli())
            .map(this::json)
            .toList();
    return call.page(SandboxJson.object(), "uploadJobs", some, 50, 100);
  }

  private Answer cancel(TenantCall call) {
    ListUpload upload = known(call);
    if (upload.done()) {
      throw Refused.told(409, "The job is complete");
    }
    upload.cancel();
    return new Answer(204, Map.of(), new byte[0]);
  }

  private ObjectNode json(ListUpload upload) {
    return upload.json(unit.lists().get(upload.listId()).name());
  }

  private Answer attempts(TenantCall call) {
    int id = call.number(0);
    known(id);
    Instant since = call.time("updatedSince");
    List<ObjectNode> attempts =
        unit.log().ended().stream()
            .filter(
                dialed ->
                    unit.skills().stream().anyMatch(s -> s.lists().get(id) == dialed.records()))
            .filter(dialed -> since == null || unit.millis(dialed.endedAt()) > since.toEpochMilli())
            .map(dialed -> attempt(dialed, known(id).row(dialed.record())))
            .toList();
    ObjectNode set = SandboxJson.object();
    call.page(set, "contactAttempts", attempts, 10_000);
    return Answer.json(200, SandboxJson.object().set("resultSet", set));
  }

  private ObjectNode attempt(OutboundCall dialed, ListFile.Row row) {
    long record = dialed.record();
    ObjectNode json =
        SandboxJson.object()
            .put("contactId", dialed.id())
            .put("externalId", row == null ? "record-" + record : row.externalId())
            .put("formattedPhone", row == null ? "(212) 555-01" + record % 100 : row.phone())
            .put("dateOfCall", Instant.ofEpochMilli(unit.millis(dialed.dialedAt())).toString())
            .put("lastDuration", Math.round(dialed.endedAt() - dialed.dialedAt()))
            .put("systemClassName", dialed.outcome().name())
            .put("timeZone", ZoneNames.BUSINESS_UNIT);
    if (dialed.agent() != null) {
      json.put("agentId", dialed.agent().id());
    }
    return json;
  }
}
