package io.campaignroutes.cxone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.IntFunction;

/**
 * The pages of one answer. They are asked for one after the other, until one is shorter than asked
 * for or says that none follows; a call then has the first of them with the entries of all.
 */
final class Pages {
  /** So many pages are no list but an API that gives the same page again and again. */
  private static final int MAX_PAGES = 1_000;

  private final String items;
  private final int size;
  private final IntFunction<String> query;
  private final ArrayNode all = JsonNodeFactory.instance.arrayNode();
  private JsonNode first;
  private JsonNode last;
  private int taken;

  /**
   * @param items the field that holds the entries, at the top or within {@code resultSet}
   * @param size entries of a page, as they are asked for
   * @param query the query string that skips so many entries
   */
  Pages(String items, int size, IntFunction<String> query) {
    this.items = items;
    this.size = size;
    this.query = query;
  }

  /** The query string that asks for the page after those that were taken. */
  String query() {
    return query.apply(all.size());
  }

  /**
   * Takes a page.
   *
   * @return whether there is another one to be asked for; not after one that cannot be read
   * @throws CxoneUnavailableException when pages have no end: what was taken is not the whole
   */
  boolean take(byte[] body) {
    JsonNode page;
    try {
      page = CxoneJson.read(body);
    } catch (JsonProcessingException e) {
      first = null;
      return false; // told by whoever reads the answer
    }
    JsonNode entries = holder(page).path(items);
    if (!entries.isEmpty() && entries.equals(last)) {
      throw endless("the same page twice");
    }
    last = entries;
    first = first == null ? page : first;
    entries.forEach(all::add);
    JsonNode links = holder(page).path("_links");
    boolean more =
        links.isObject() ? !links.path("next").asText("").isBlank() : entries.size() >= size;
    if (more && !entries.isEmpty() && ++taken >= MAX_PAGES) {
      throw endless(MAX_PAGES + " pages, and says that more follow");
    }
    return more && !entries.isEmpty();
  }

  private CxoneUnavailableException endless(String what) {
    return new CxoneUnavailableException(
        CxoneUnavailableException.Kind.UNREACHABLE,
        "CXone gave %s of %s: the list is not whole.".formatted(what, items),
        null,
        null);
  }

  /** The answer with the entries of all pages; null when a page could not be read. */
  JsonNode whole() {
    if (first != null && holder(first) instanceof ObjectNode holder && holder.has(items)) {
      holder.set(items, all);
    }
    return first;
  }

  private JsonNode holder(JsonNode page) {
    return page.path("resultSet").has(items) ? page.get("resultSet") : page;
  }
}
