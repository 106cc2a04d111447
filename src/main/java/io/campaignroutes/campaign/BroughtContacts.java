package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.contacts.ContactFiles;
import io.campaignroutes.text.Plain;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether the file of contacts that a request names can be taken with it. */
final class BroughtContacts {
  private BroughtContacts() {}

  /** Whether it is stored, or the request names none. */
  static boolean areStored(JdbcClient sql, ObjectNode request) {
    return !request.has("contacts")
        || ContactFiles.find(sql, request.at("/contacts/file").asText()).isPresent();
  }

  /** What is wrong with a request whose file is not there. */
  static Finding missing(ObjectNode request) {
    String name = Plain.escaped(request.at("/contacts/file").asText());
    return new Finding(
        "contacts.file",
        "contacts.unknown",
        "There is no file \"%s\" of contacts. Put it into the inbox beside the campaign's file, or send it before: POST /contacts?name=%s."
            .formatted(name, URLEncoder.encode(name, StandardCharsets.UTF_8)));
  }

  /** What is wrong with a request in the inbox whose file went with an earlier one of campaigns. */
  static Finding gone(ObjectNode request) {
    String name = Plain.escaped(request.at("/contacts/file").asText());
    return new Finding(
        "contacts.file",
        "contacts.unknown",
        "\"%s\" went with an earlier file of campaigns and does not lie beside this one. Put it, or a newer one, into the inbox with this file again, or send it: POST /contacts?name=%s."
            .formatted(name, URLEncoder.encode(name, StandardCharsets.UTF_8)));
  }

  /**
   * What a launch would be rejected for.
   *
   * @param held what is known of the file, see {@link
   *     io.campaignroutes.contacts.ContactImports#preview}; null for no file
   */
  static Optional<Finding> uncallable(ObjectNode held) {
    boolean callable = held == null || held.at("/outcomes/CALLABLE").asLong() > 0;
    boolean none = !callable && held.path("all").asBoolean();
    if (held == null || !none && !held.has("problem")) {
      return Optional.empty();
    }
    String why = held.path("problem").asText("None of its contacts may be called.");
    return Optional.of(
        new Finding(
            "contacts.file",
            none ? "contacts.callable" : "contacts.file",
            held.path("file").asText() + ": " + why));
  }
}
