package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.CallingRecords;
import io.campaignroutes.sandbox.SandboxJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A calling list. What is told of it as a whole is of its last file, but for what is done with,
 * which is of all of them; what is told of a skill is of all files that were uploaded for it.
 */
final class CallingList {

  private final int id;
  private final String name;
  private final long madeAt;
  private final long visibleFrom;
  private final List<ListFile.Row> rows = new ArrayList<>();
  private ListFile.Columns columns;
  private long received;
  private long valid;
  private long invalid;

  /**
   * A list without contacts.
   *
   * @param visibleFrom time from which all lists tell of it, in milliseconds since the epoch, as
   *     {@code madeAt}
   */
  CallingList(int id, String name, ListFile.Columns columns, long madeAt, long visibleFrom) {
    this.id = id;
    this.name = name;
    this.columns = columns;
    this.madeAt = madeAt;
    this.visibleFrom = visibleFrom;
  }

  int id() {
    return id;
  }

  String name() {
    return name;
  }

  boolean visible(long now) {
    return now >= visibleFrom;
  }

  ListFile.Columns columns() {
    return columns;
  }

  void columns(ListFile.Columns other) {
    columns = other;
  }

  /** Contacts nobody knows the numbers of were uploaded. */
  void filled(int records) {
    received += records;
    valid = records;
    invalid = 0;
  }

  /** A file was uploaded; returns how many of its contacts are taken. */
  int filled(ListFile file) {
    List<ListFile.Row> taken = file.taken(rows);
    received += file.rows().size();
    rows.addAll(taken);
    valid = taken.size();
    invalid = file.rows().size() - taken.size();
    return taken.size();
  }

  /** A contact by its record; null for one of whom nothing is known. */
  ListFile.Row row(long record) {
    return record < rows.size() ? rows.get(Math.toIntExact(record)) : null;
  }

  /** Contacts that came with files, good and bad ones, doubled ones too. */
  long received() {
    return received;
  }

  /** Different numbers among those that are taken. */
  long numbers() {
    Set<String> numbers = new HashSet<>();
    rows.forEach(row -> numbers.add(row.phone()));
    return numbers.size();
  }

  /** As it is told, with what the skills have of it. */
  ObjectNode json(Iterable<Skill> skills) {
    ObjectNode json =
        SandboxJson.object()
            .put("listId", id)
            .put("listName", name)
            .put("status", "Active")
            .put("createDate", Instant.ofEpochMilli(madeAt).toString());
    long total = 0;
    long finalized = 0;
    var told = json.putArray("skills");
    for (Skill skill : skills) {
      CallingRecords records = skill.lists().get(id);
      if (records != null) {
        total += records.total();
        finalized += records.finalized();
        told.addObject()
            .put("skillId", skill.id())
            .put("skillName", skill.name())
            .put("totalRecords", records.total())
            .put("freshRecords", String.valueOf(records.fresh()))
            .put("finalizedRecords", records.finalized())
            .put("retriedRecords", records.retried());
      }
    }
    return json.put("totalRecords", valid + invalid)
        .put("validRecords", valid)
        .put("invalidRecords", String.valueOf(invalid))
        .put("finalizedRecords", finalized)
        .put("prospectiveContactCount", total - finalized);
  }
}
