package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.contacts.ContactFiles;
import io.campaignroutes.text.Plain;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
}
