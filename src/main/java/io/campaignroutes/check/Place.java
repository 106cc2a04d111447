package io.campaignroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** A value in a file and where it stands. */
final class Place {
  private final Source source;
  private final Place above;
  private final String key;
  private final JsonNode json;

  /** This and everything below it, for the next one who walks. */
  private List<Under> all;

  private record Under(String key, Place place) {}

  /**
   * @param key the number of the document in its file
   */
  Place(Source source, String key, JsonNode json) {
    this(source, null, key, json);
  }

  private Place(Source source, Place above, String key, JsonNode json) {
    this.source = source;
    this.above = above;
    this.key = key;
    this.json = json;
  }

  /** The file. */
  Source source() {
    return source;
  }

  /** JSON pointer of the value, its first part being the number of the document. */
  String pointer() {
    return pointer(new StringBuilder()).toString();
  }

  private StringBuilder pointer(StringBuilder begun) {
    return (above == null ? begun : above.pointer(begun)).append('/').append(key());
  }

  /** The value; a missing node where there is none. */
  JsonNode json() {
    return json;
  }

  /** The value of a key; missing when this has no such key. */
  Place get(String key) {
    return new Place(source, this, key, json.path(key));
  }

  private Place get(int index) {
    return new Place(source, this, Integer.toString(index), json.path(index));
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
    return json.isArray()
        ? IntStream.range(0, json.size()).mapToObj(this::get).toList()
        : List.of();
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
    return source.line(pointer());
  }

  /** The key or index that this stands under, as it is written in a JSON pointer. */
  String key() {
    return Source.escaped(key);
  }

  Fault fault(String problem, String remedy) {
    return new Fault(source.name(), line(), problem, remedy);
  }

  /** Calls {@code visit} with this and everything below it, each with the key it stands under. */
  void walk(BiConsumer<String, Place> visit) {
    if (all == null) {
      List<Under> found = new ArrayList<>();
      collect("", found);
      all = List.copyOf(found);
    }
    all.forEach(one -> visit.accept(one.key(), one.place()));
  }

  private void collect(String key, List<Under> found) {
    found.add(new Under(key, this));
    items().forEach(item -> item.collect(key, found));
    fields().forEach(field -> field.getValue().collect(field.getKey(), found));
  }

  /** What lies at a pointer below this, as far down as there is something. */
  Place below(List<String> keys) {
    Place place = this;
    for (String key : keys) {
      Place next =
          place.json().isArray() && key.matches("\\d+")
              ? place.get(Integer.parseInt(key))
              : place.get(key);
      if (!next.exists()) {
        return place;
      }
      place = next;
    }
    return place;
  }
}
