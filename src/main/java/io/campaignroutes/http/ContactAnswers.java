package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.contacts.ContactFile;
import io.campaignroutes.text.Json;
import java.util.Iterator;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What the routes about contacts answer. */
@Component
public class ContactAnswers {
  private static final String CSV = "text/csv;charset=utf-8";

  /** 201: the file is stored under its name. */
  public ApiAnswer stored(ContactFile file) {
    ObjectNode body = Json.object();
    body.put("name", file.name()).put("sha256", file.sha256()).put("size", file.size());
    return new ApiAnswer(201, ApiAnswer.JSON, Map.of(), Json.text(body));
  }

  /** 200 with lines of CSV, each page made when the reader can take it. */
  public ApiAnswer csv(Iterator<String> pages) {
    return new ApiAnswer(
        200, CSV, Map.of("Content-Disposition", "attachment; filename=\"contacts.csv\""), pages);
  }
}
