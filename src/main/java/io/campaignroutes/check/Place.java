package io.campaignroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A value in a file and where it stands.
 *
 * @param source the file
 * @param pointer JSON pointer of the value, its first part being the number of the document
 * @param json the value; a missing node where there is none
 */
record Place(Source source, String pointer, JsonNode json) {

  /** The value of a key; missing when this has no such key. */
  Place get(String key) {
    return new Place(source, pointer + "/" + Source.escaped(key), json.path(key));
  }

  /** The value under several keys, one below the other. */
  Place at(String... keys) {
    Place place = this;
    for (String key : keys) {
      place = place.get(key);
    }
    return place;
  }

  /** The elements of a list; none when this is no list. */
  List<Place> items() {
    List<Place> items = new ArrayList<>();
    if (json.isArray()) {
      for (JsonNode item : json) {
        items.add(new Place(source, pointer + "/" + items.size(), item));
      }
    }
    return items;
  }

  /** The values of a map by their keys; none when this is no map. */
  List<Map.Entry<String, Place>> fields() {
    List<Map.Entry<String, Place>> fields = new ArrayList<>();
    json.properties().forEach(f -> fields.add(Map.entry(f.getKey(), get(f.getKey()))));
    return fields;
  }

  boolean has(String key) {
    return json.has(key);
  }

  boolean exists() {
    return !json.isMissingNode();
  }

  /** The text of a scalar, empty for everything else. */
  String text() {
    return json.asText("");
  }

  int line() {
    return source.line(pointer);
  }

  /** The key or index that this stands under. */
  String key() {
    return pointer.substring(pointer.lastIndexOf('/') + 1);
  }

  Fault fault(String problem, String remedy) {
    return new Fault(source.name(), line(), problem, remedy);
  }

  /** Calls {@code visit} with this and everything below it, each with the key it stands under. */
  void walk(BiConsumer<String, Place> visit) {
    walk("", visit);
  }

  private void walk(String key, BiConsumer<String, Place> visit) {
    visit.accept(key, this);
    items().forEach(item -> item.walk(key, visit));
    fields().forEach(field -> field.getValue().walk(field.getKey(), visit));
  }

  /** What lies at a pointer below this, as far down as there is something. */
  Place below(List<String> keys) {
    Place place = this;
    for (String key : keys) {
      Place next =
          place.json().isArray() && key.matches("\\d+")
              ? new Place(
                  place.source(),
                  place.pointer() + "/" + key,
                  place.json().path(Integer.parseInt(key)))
              : place.get(key);
      if (!next.exists()) {
        return place;
      }
      place = next;
    }
    return place;
  }
}
