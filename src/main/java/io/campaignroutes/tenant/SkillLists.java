package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.PlatformRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The calling list of a created skill: one, called like the skill, to which the campaign's contacts
 * are uploaded part by part, each as a job of CXone's. What became of an upload is read: a job of
 * the list that is not known here, or what the list holds.
 */
@Component
public final class SkillLists {
  /** Around the time at which a part was sent its job is looked for. */
  private static final Duration CLOCKS = Duration.ofDays(1);

  private final SkillRows rows;

  SkillLists(SkillRows rows) {
    this.rows = rows;
  }

  /**
   * Whether a skill has a list, be anybody left to call in it or not.
   *
   * @param lists {@code {lists: [{id, skills: [{id}]}]}}
   */
  static boolean any(String skillId, JsonNode lists) {
    for (JsonNode list : lists.path("lists")) {
      for (JsonNode skill : list.path("skills")) {
        if (skill.path("id").asText().equals(skillId)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a list is one of a skill's. */
  static boolean has(String skillId, String listId, JsonNode lists) {
    for (JsonNode list : lists.path("lists")) {
      for (JsonNode skill : list.path("skills")) {
        if (list.path("id").asText().equals(listId) && skill.path("id").asText().equals(skillId)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether somebody is left to call in a skill's lists.
   *
   * @param lists {@code {lists: [{id, skills: [{id, total, fresh, finalized}]}]}}
   */
  static boolean callable(String skillId, JsonNode lists) {
    for (JsonNode list : lists.path("lists")) {
      for (JsonNode skill : list.path("skills")) {
        boolean left =
            skill.path("fresh").asLong() > 0
                || skill.path("finalized").asLong() < skill.path("total").asLong();
        if (left && skill.path("id").asText().equals(skillId)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a skill's lists have records, all of which are done. */
  static boolean through(String skillId, JsonNode lists) {
    boolean records = false;
    for (JsonNode list : lists.path("lists")) {
      for (JsonNode skill : list.path("skills")) {
        records |= skill.path("id").asText().equals(skillId) && skill.path("total").asLong() > 0;
      }
    }
    return records && !callable(skillId, lists);
  }

  /**
   * The request about the campaign's list, with its name and, where it is known, its id.
   *
   * @throws CxoneRefusedException when the skill is not one that was created
   */
  public PlatformRequest of(PlatformRequest request) {
    SkillRow row = rows.known(request);
    if (row.mode() != SkillRow.Mode.CREATED) {
      throw Skills.refused(
          "SKILL_ADOPTED",
          "Skill %s is adopted: it keeps the lists that it has.".formatted(row.skillId()));
    }
    PlatformRequest with = request.with("listName", TextNode.valueOf(row.name()));
    JsonNode upload = request.arguments().path("upload");
    with = with.with("customColumns", ContactSheet.customColumns(upload.path("columns")));
    String list = upload.path("list").asText("");
    if (!list.isEmpty()) {
      with = with.with("listId", TextNode.valueOf(list));
    }
    String job = upload.path("job").asText("");
    return job.isEmpty() ? with : with.with("jobId", TextNode.valueOf(job));
  }

  /** Whether the campaign's list is known. */
  public boolean isKnown(PlatformRequest request) {
    return request.arguments().has("listId");
  }

  /** Whether it is not. */
  public boolean isUnknown(PlatformRequest request) {
    return !isKnown(request);
  }

  /**
   * Takes the campaign's list from those that there are: of exactly its name, and nobody else's.
   *
   * @param lists {@code {lists: [{id, name, skills: [{id}]}]}}
   * @throws CxoneRefusedException when another skill has it, or there are two
   */
  public PlatformRequest named(PlatformRequest request, JsonNode lists) {
    String name = request.arguments().path("listName").asText();
    String skillId = request.arguments().path("skillId").asText();
    PlatformRequest with = request;
    for (JsonNode list : lists.path("lists")) {
      if (name.equals(list.path("name").asText())) {
        boolean others = false;
        for (JsonNode skill : list.path("skills")) {
          others |= !skill.path("id").asText().equals(skillId);
        }
        if (others || isKnown(with)) {
          throw Skills.refused(
              "LIST_NAME_TAKEN",
              "CXone has a list called %s that is not this campaign's alone (%s). Rename it in CXone, then retry the campaign."
                  .formatted(name, list.path("id").asText()));
        }
        with = made(with, list);
      }
    }
    return with;
  }

  /**
   * CXone has made the list.
   *
   * @param list {@code {id}}
   */
  public PlatformRequest made(PlatformRequest request, JsonNode list) {
    return request.with("listId", TextNode.valueOf(list.path("id").asText()));
  }

  /**
   * The request that uploads a part: with the file, and the zone of contacts that have none.
   *
   * @throws CxoneRefusedException when CXone has no name for the campaign's zone
   */
  public PlatformRequest file(PlatformRequest request) {
    JsonNode arguments = request.arguments();
    JsonNode upload = arguments.path("upload");
    String zone = arguments.at("/payload/timeZone").asText();
    String windows =
        WindowsZones.named(zone)
            .orElseThrow(
                () ->
                    Skills.refused(
                        "ZONE_UNKNOWN", "CXone has no name for the time zone %s.".formatted(zone)));
    String name = arguments.path("listName").asText();
    return request
        .with("listFile", TextNode.valueOf(ContactSheet.base64(upload)))
        .with("fileName", TextNode.valueOf(ContactSheet.name(name, upload.path("part").asInt())))
        .with("windowsZone", TextNode.valueOf(windows))
        .with("expires", TextNode.valueOf(ContactSheet.expires(upload.path("sentAt").asLong())));
  }

  /** Only the list is there so far. */
  public JsonNode listed(PlatformRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    return answer.put("list", request.arguments().path("listId").asText(null));
  }

  /**
   * CXone has taken a part.
   *
   * @param answer {@code {job}}
   */
  public JsonNode sent(PlatformRequest request, JsonNode answer) {
    return ((ObjectNode) listed(request)).put("job", answer.path("job").asText());
  }

  /** The request that reads which uploads there were around the time at which a part was sent. */
  public PlatformRequest around(PlatformRequest request) {
    Instant sentAt = Instant.ofEpochMilli(request.arguments().at("/upload/sentAt").asLong());
    return request
        .with("from", TextNode.valueOf(sentAt.minus(CLOCKS).toString()))
        .with("to", TextNode.valueOf(sentAt.plus(CLOCKS).toString()));
  }

  /**
   * Takes the job of a part whose answer was lost: the only one of the list that is not known here.
   *
   * @param jobs {@code {jobs: [{id, list}]}}
   * @throws CxoneRefusedException when there are several
   */
  public PlatformRequest unheard(PlatformRequest request, JsonNode jobs) {
    String listId = request.arguments().path("listId").asText();
    List<String> known = new ArrayList<>();
    request.arguments().at("/upload/jobs").forEach(job -> known.add(job.asText()));
    List<String> others = new ArrayList<>();
    for (JsonNode job : jobs.path("jobs")) {
      String id = job.path("id").asText();
      if (job.path("list").asText().equals(listId) && !known.contains(id)) {
        others.add(id);
      }
    }
    if (others.size() > 1) {
      throw Skills.refused(
          "UPLOAD_UNCLEAR",
          "CXone shows uploads to list %s that were not made here (jobs %s). Look at the list in CXone; launch a new campaign with the file, this one is not dialed."
              .formatted(listId, String.join(", ", others)));
    }
    return others.isEmpty() ? request : request.with("jobId", TextNode.valueOf(others.get(0)));
  }

  /** Whether the job of a part is known. */
  public boolean hasJob(PlatformRequest request) {
    return request.arguments().has("jobId");
  }

  /** The part whose answer was lost is at CXone. */
  public JsonNode arrived(PlatformRequest request) {
    return ((ObjectNode) listed(request)).put("job", request.arguments().path("jobId").asText());
  }

  /**
   * CXone shows no job for the part: what the list holds more than was uploaded before tells
   * whether it has the part.
   *
   * @param list {@code {refused, skills: [{id, total}]}}: of its last file, and of all files
   */
  public JsonNode unannounced(PlatformRequest request, JsonNode list) {
    ObjectNode answer = (ObjectNode) listed(request);
    answer.put("accepted", gained(request, list));
    return answer.put("refused", list.path("refused").asLong());
  }

  /** How many contacts the campaign's skill has of the list beside those of earlier parts. */
  private static long gained(PlatformRequest request, JsonNode list) {
    return Math.max(0, held(request, list) - request.arguments().at("/upload/uploaded").asLong());
  }

  /** How many contacts the campaign's skill has of the list. */
  private static long held(PlatformRequest request, JsonNode list) {
    String skillId = request.arguments().path("skillId").asText();
    long held = 0;
    for (JsonNode skill : list.path("skills")) {
      held += skill.path("id").asText().equals(skillId) ? skill.path("total").asLong() : 0;
    }
    return held;
  }

  /**
   * Whether CXone is through with a part is known.
   *
   * @param job {@code {complete, cancelled}}
   * @throws CxoneRefusedException when somebody has cancelled it
   */
  public PlatformRequest worked(PlatformRequest request, JsonNode job) {
    if (job.path("cancelled").asBoolean()) {
      throw Skills.refused(
          "UPLOAD_CANCELLED",
          "The upload %s to list %s was cancelled in CXone. Look at the list there."
              .formatted(
                  request.arguments().path("jobId").asText(),
                  request.arguments().path("listId").asText()));
    }
    return request.with("complete", job.path("complete"));
  }

  /** Whether CXone is through with a part. */
  public boolean isComplete(PlatformRequest request) {
    return request.arguments().path("complete").asBoolean();
  }

  /** CXone still works on the part. */
  public JsonNode working() {
    return JsonNodeFactory.instance.objectNode().put("complete", false);
  }

  /**
   * How many contacts of the part the skill has got, and how many were refused.
   *
   * @param list {@code {refused, skills: [{id, total}]}}: of its last file, and of all files
   */
  public JsonNode counted(PlatformRequest request, JsonNode list) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("complete", true);
    answer.put("accepted", gained(request, list));
    return answer.put("refused", list.path("refused").asLong());
  }
}
