package io.campaignroutes.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Plain;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * By whose wish something is done, as history and audit tell it.
 *
 * @param name one line of at most {@value #MAX} characters
 * @param kind how that is known: a {@link Caller.Kind#word}; null where nothing was proved
 */
public record By(String name, String kind) {
  /** Longer names are cut. */
  static final int MAX = 200;

  /** Without any key whoever reaches the loopback address may do everything: nobody is known. */
  public static final By ANONYMOUS = new By("anonymous", null);

  /** A campaign's {@code activateAt} has come. */
  public static final By ACTIVATE_AT = of("activateAt", Caller.Kind.SCHEDULE);

  /** A campaign's {@code stopAt} has come. */
  public static final By STOP_AT = of("stopAt", Caller.Kind.SCHEDULE);

  private static final String UNPROVED = "-";

  /** What looks like a telephone number with its country. */
  private static final Pattern NUMBER = Pattern.compile("\\+\\d(?:[ ().-]{0,2}\\d){6,}");

  /**
   * Makes names that come from outside fit to stand in a line for ever: those of a token's client
   * and of files may be anything.
   */
  public By {
    name = Plain.line(name, MAX);
    name = name.isEmpty() ? "unnamed" : name;
  }

  static By of(String name, Caller.Kind kind) {
    return new By(name, kind.word());
  }

  /** Whoever put a file of this name into the inbox. */
  public static By inbox(String file) {
    return of(NUMBER.matcher(file).replaceAll("***"), Caller.Kind.INBOX);
  }

  /** As a column of the store has it; see {@link #stored(String)}. */
  public String stored() {
    return (kind == null ? UNPROVED : kind) + " " + name;
  }

  /** What {@link #stored()} made; null of null. */
  public static By stored(String column) {
    if (column == null) {
      return null;
    }
    int space = Math.max(0, column.indexOf(' '));
    String kind = column.substring(0, space);
    return new By(column.substring(space), kind.equals(UNPROVED) ? null : kind);
  }

  /**
   * What was stored beside a time, if the thing that it tells of still has that time. An older
   * version of the service, which knows nothing of it, may have put another in its place since.
   *
   * @param at when somebody wished for it; null for never
   * @param of the time of the thing itself; null where there is none
   */
  public static By stored(String column, Long at, Long of) {
    return at != null && Objects.equals(at, of) ? stored(column) : null;
  }

  /** {@code {name, kind}}; null of null. */
  public static JsonNode json(By by) {
    if (by == null) {
      return null;
    }
    ObjectNode json = Json.object().put("name", by.name);
    return by.kind == null ? json : json.put("kind", by.kind);
  }

  /** For people: "reports (key)". */
  @Override
  public String toString() {
    return kind == null ? name : name + " (" + kind + ")";
  }
}
