package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.tenant.FakeTenant.Answer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calling lists of a {@link FakeTenant}. It makes every list it is asked for and takes every
 * line it is given, so that whatever comes twice is there twice.
 */
final class FakeLists {
  final Map<String, ObjectNode> lists = new TreeMap<>();
  final Map<String, List<String>> lines = new TreeMap<>();
  final Map<String, ObjectNode> jobs = new TreeMap<>();
  final List<JsonNode> uploads = new ArrayList<>();

  /** Looks at a job before it is complete. */
  int looks = 1;

  /** Lines of each file that are not taken. */
  int invalid;

  /** Whether jobs are not told of. */
  boolean silent;

  private int next = 40_100;

  /** A list of a skill that is there, all records of which are done. */
  void done(String skillId) {
    brought(skillId);
    lists.get(skillId + "1").put("done", true);
  }

  /** A list that a skill has of its own, with records to call. */
  void brought(String skillId) {
    String id = skillId + "1";
    ObjectNode list = FakeTenant.JSON.createObjectNode().put("listId", id);
    lists.put(id, list.put("listName", "Autumn " + skillId).put("skillId", skillId));
    lines.put(id, List.of("one", "two"));
  }

  void clear() {
    lists.clear();
    lines.clear();
    jobs.clear();
    uploads.clear();
  }

  Answer answer(String method, String[] parts, String query, JsonNode said) {
    if (parts.length == 3) {
      return method.equals("GET") ? all() : made(query);
    }
    if (parts[3].equals("jobs")) {
      return parts.length == 4 ? allJobs() : job(jobs.get(parts[4]));
    }
    ObjectNode list = lists.get(parts[3]);
    if (list == null) {
      return new Answer(404, null);
    }
    return method.equals("GET")
        ? ok(FakeTenant.JSON.createObjectNode().set("resultSet", told(list)))
        : uploaded(list, said);
  }

  private static Answer ok(JsonNode body) {
    return new Answer(200, body);
  }

  private Answer all() {
    ObjectNode all = FakeTenant.JSON.createObjectNode();
    ArrayNode array = all.putArray("callingLists");
    lists.values().forEach(list -> array.add(told(list)));
    return ok(all);
  }

  private Answer made(String query) {
    String name = query.replaceFirst(".*listName=([^&]*).*", "$1");
    ObjectNode list = FakeTenant.JSON.createObjectNode().put("listId", next++);
    list.put("listName", URLDecoder.decode(name, StandardCharsets.UTF_8));
    lists.put(list.path("listId").asText(), list);
    lines.put(list.path("listId").asText(), new ArrayList<>());
    return ok(FakeTenant.JSON.createObjectNode().put("listId", list.path("listId").asText()));
  }

  private Answer uploaded(ObjectNode list, JsonNode said) {
    uploads.add(said);
    String id = "job-" + (jobs.size() + 1);
    ObjectNode job = FakeTenant.JSON.createObjectNode().put("jobId", id).put("left", looks);
    job.put("listId", list.path("listId").asInt()).put("isComplete", false);
    jobs.put(id, job);
    list.put("skillId", said.path("skillId").asText());
    String file =
        new String(
            Base64.getDecoder().decode(said.path("listFile").asText()), StandardCharsets.UTF_8);
    List<String> all = file.lines().skip(1).toList();
    lines.get(list.path("listId").asText()).addAll(all.subList(invalid, all.size()));
    return new Answer(202, FakeTenant.JSON.createObjectNode().put("jobId", id));
  }

  private Answer allJobs() {
    ObjectNode all = FakeTenant.JSON.createObjectNode();
    ArrayNode array = all.putArray("uploadJobs");
    jobs.values().forEach(array::add);
    return jobs.isEmpty() || silent ? new Answer(204, null) : ok(all);
  }

  private Answer job(ObjectNode job) {
    if (job == null) {
      return new Answer(404, null);
    }
    job.put("isComplete", job.path("left").asInt() <= 0 ? "true" : "false");
    job.put("left", job.path("left").asInt() - 1);
    ObjectNode one = FakeTenant.JSON.createObjectNode();
    one.putArray("uploadJobs").add(job);
    return ok(one);
  }

  private ObjectNode told(ObjectNode list) {
    int total = lines.get(list.path("listId").asText()).size();
    ObjectNode told = list.deepCopy().put("invalidRecords", String.valueOf(invalid));
    ArrayNode skills = told.putArray("skills");
    if (list.has("skillId")) {
      skills
          .addObject()
          .put("skillId", list.path("skillId").asText())
          .put("totalRecords", total)
          .put("freshRecords", list.path("done").asBoolean() ? 0 : total)
          .put("finalizedRecords", list.path("done").asBoolean() ? total : 0);
    }
    return told;
  }
}
