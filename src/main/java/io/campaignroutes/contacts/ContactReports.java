package io.campaignroutes.contacts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What became of the contacts that a campaign brought, for whoever handed it in. */
@Component
public class ContactReports {
  /** Lines of a report that are in memory. */
  private static final int PAGE = 1_000;

  private static final Set<String> FIXED = Set.of("phone", "externalId", "timeZone");

  private final Store store;
  private final ContactImports imports;
  private final ContactUploads uploads;

  public ContactReports(Store store, ContactImports imports, ContactUploads uploads) {
    this.store = store;
    this.imports = imports;
    this.uploads = uploads;
  }

  /**
   * Counts by outcome, and how far everything is.
   *
   * @throws NotFoundException when it brought none
   */
  public ObjectNode summary(String campaignId) {
    ContactImport contacts = get(campaignId);
    ContactUploads.Progress upload = uploads.progress(campaignId, ContactUploads.Word.WAITS);
    ObjectNode summary = Json.object();
    summary.put("campaignId", campaignId);
    summary.put("state", contacts.state().name());
    summary.put("progress", Math.floor(contacts.progress() * 1_000) / 1_000);
    summary.put("size", contacts.file().size());
    summary.setAll(contacts.told());
    summary.put("uploaded", upload.accepted()).put("refusedByPlatform", upload.refused());
    summary.put("problem", contacts.problem());
    return summary;
  }

  /**
   * The lines of the file with their outcomes as CSV, page by page.
   *
   * @param outcome only those; null for all
   * @throws NotFoundException when it brought none
   */
  public Iterator<String> csv(String campaignId, ContactOutcome outcome) {
    List<String> names = names(get(campaignId));
    return new Iterator<>() {
      private String upcoming = header(names);
      private long after;

      @Override
      public boolean hasNext() {
        return upcoming != null;
      }

      @Override
      public String next() {
        String next = upcoming;
        List<Contact> page = ContactRows.page(store.read(), campaignId, outcome, after, PAGE);
        upcoming =
            page.isEmpty()
                ? null
                : page.stream().map(c -> line(c, names)).collect(Collectors.joining());
        after = page.isEmpty() ? after : page.get(page.size() - 1).number();
        return next;
      }
    };
  }

  /** The file's own columns, as far as it can be read. */
  private List<String> names(ContactImport contacts) {
    if (contacts.state() == ContactImport.State.REMOVED) {
      return List.of();
    }
    try {
      Set<String> names = new TreeSet<>(imports.columns(contacts.campaignId()));
      names.removeAll(FIXED);
      return List.copyOf(names);
    } catch (CsvFault e) {
      return List.of();
    }
  }

  private ContactImport get(String campaignId) {
    return imports
        .find(campaignId)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "No contacts",
                    "Campaign "
                        + campaignId
                        + " brought no contacts: its request has no \"contacts\"."));
  }

  private static String header(List<String> names) {
    List<String> cells =
        new ArrayList<>(List.of("line", "outcome", "phone", "externalId", "timeZone"));
    cells.addAll(names);
    return row(cells);
  }

  private static String line(Contact contact, List<String> names) {
    List<String> cells = new ArrayList<>();
    cells.add(Long.toString(contact.line()));
    cells.add(contact.outcome().name());
    cells.add(contact.phone());
    cells.add(contact.externalId());
    cells.add(contact.timeZone());
    names.forEach(name -> cells.add(contact.fields().get(name)));
    return row(cells);
  }

  private static String row(List<String> cells) {
    return cells.stream().map(ContactReports::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  /** A cell that a spreadsheet takes for no formula, whatever it holds. */
  static String cell(String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    boolean formula = "=+-@\t\r".indexOf(text.charAt(0)) >= 0 && !text.matches("\\+\\d+");
    String safe = formula ? "'" + text : text;
    return safe.matches("[^,;\"\\r\\n\\t]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
