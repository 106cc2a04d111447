package io.campaignroutes.routes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What happened, a line each, in the order in which it did; and what whoever is called answers. */
final class Recorder {
  /** What somebody who is called does. */
  @FunctionalInterface
  interface Deed {
    Object of(Object[] arguments) throws Throwable;
  }

  private static final int MAX_LINES = 200;

  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Deed> deeds = Collections.synchronizedMap(new HashMap<>());

  void forget() {
    lines.clear();
    deeds.clear();
  }

  /** Ends what would never end. */
  void add(String line) {
    lines.add(line);
    if (lines.size() > MAX_LINES) {
      throw new AssertionError("The route goes on for ever: " + lines.subList(0, 10));
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void given(String name, Deed deed) {
    deeds.put(name, deed);
  }

  Deed deed(String name) {
    return deeds.get(name);
  }

  /** A message as it arrives somewhere: its headers, if there are any, and its body. */
  static String text(Message message) {
    Map<String, Object> headers = new TreeMap<>(message.getHeaders());
    return (headers.isEmpty() ? "" : headers + " ") + text(message.getBody());
  }

  static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    return value instanceof Exchange exchange ? text(exchange.getMessage()) : String.valueOf(value);
  }
}
