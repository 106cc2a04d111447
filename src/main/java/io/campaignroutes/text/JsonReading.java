package io.campaignroutes.text;

import io.campaignroutes.text.JsonFault.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON as RFC 8259 has it, keeping none of it, up to the first character that does not fit.
 * What is wrong there is said by {@link JsonWords}.
 */
final class JsonReading {
  static final int MAX_DEPTH = 1_000;
  static final int MAX_DIGITS = 1_000;
  static final int MAX_NAME = 50_000;
  static final int MAX_TEXT = 20_000_000;

  /** What may come next. */
  enum Wanted {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    COMMA_OR_END,
    NOTHING
  }

  /**
   * An object or list that is not closed yet.
   *
   * @param line where it begins
   * @param column where it begins
   * @param names where each of its names stands; null when names may repeat or it is a list
   */
  record Open(boolean object, long line, long column, Map<String, long[]> names) {
    String at() {
      return JsonWords.place(line, column);
    }

    String kind() {
      return object ? "object" : "list";
    }

    char end() {
      return object ? '}' : ']';
    }
  }

  /** Ends the reading at a fault. */
  static final class Stopped extends Exception {
    private final transient JsonFault fault;

    Stopped(JsonFault fault) {
      super(null, null, false, false);
      this.fault = fault;
    }

    JsonFault fault() {
      return fault;
    }
  }

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private final CodePoints text;
  private final Origin origin;
  private final JsonWords words;
  private final Deque<Open> open = new ArrayDeque<>();
  private final StringBuilder start = new StringBuilder(); // of a number
  private final Matcher number = NUMBER.matcher(start);
  private long commaLine;
  private long commaColumn;
  private long line;
  private long column;

  JsonReading(InputStream in, Origin origin) {
    this.text = new CodePoints(in, origin.line(), origin.column());
    this.origin = origin;
    this.words = new JsonWords(origin.kind());
  }

  void readAll() throws IOException, Stopped {
    String wide = text.wide().orElse(null);
    if (wide != null) {
      throw new Stopped(new JsonFault(origin.line(), 1, words.wide(origin, wide), false));
    }
    if (next() == 0xfeff && origin.line() == 1 && origin.column() == 1) {
      next();
    }
    Wanted wanted = Wanted.VALUE;
    while (true) {
      skipSpace();
      if (text.current() == CodePoints.END) {
        if (wanted == Wanted.NOTHING) {
          return;
        }
        if (open.isEmpty()) {
          throw new Stopped(new JsonFault(origin.line(), 1, words.empty(origin), false));
        }
        throw fault(words.cutOff(open.peek(), wanted));
      }
      wanted = step(wanted);
    }
  }

  private Wanted step(Wanted wanted) throws IOException, Stopped {
    int c = text.current();
    Open in = open.peek();
    switch (wanted) {
      case COLON -> {
        if (c == ':') {
          next();
          return Wanted.VALUE;
        }
      }
      case COMMA_OR_END -> {
        if (c == ',') {
          commaLine = text.line();
          commaColumn = text.column();
          next();
          return in.object() ? Wanted.NAME : Wanted.VALUE;
        }
        if (c == in.end()) {
          return close();
        }
      }
      case NAME, NAME_OR_END -> {
        if (c == '"') {
          name(in);
          return Wanted.COLON;
        }
        if (c == '}' && wanted == Wanted.NAME_OR_END) {
          return close();
        }
      }
      case VALUE, VALUE_OR_END -> {
        if (c == ']' && wanted == Wanted.VALUE_OR_END) {
          return close();
        }
        if (c == '{' || c == '[') {
          return open(c == '{');
        }
        if (scalar(c)) {
          return after();
        }
      }
      default -> {
        // anything is too much
      }
    }
    boolean element = wanted == Wanted.VALUE && in != null && !in.object();
    if (wanted == Wanted.NAME && c == '}' || element && c == ']') {
      throw fault(commaLine, commaColumn, words.commaTooMany((char) c));
    }
    place();
    String word = word(c);
    throw fault(line, column, words.unexpected(c, word, wanted, in));
  }

  /** Notes where something begins. */
  private void place() {
    line = text.line();
    column = text.column();
  }

  private Wanted after() {
    return open.isEmpty() ? Wanted.NOTHING : Wanted.COMMA_OR_END;
  }

  private Wanted open(boolean object) throws IOException, Stopped {
    if (open.size() == MAX_DEPTH) {
      throw limit("More than 1,000 objects and lists lie within each other. Check what wrote it.");
    }
    boolean names = object && origin.uniqueNames();
    open.push(new Open(object, text.line(), text.column(), names ? new HashMap<>() : null));
    next();
    return object ? Wanted.NAME_OR_END : Wanted.VALUE_OR_END;
  }

  private Wanted close() throws IOException, Stopped {
    open.pop();
    next();
    return after();
  }

  private void name(Open in) throws IOException, Stopped {
    long nameLine = text.line();
    long nameColumn = text.column();
    String name = string(in.names() != null, MAX_NAME, "name");
    if (in.names() != null) {
      long[] before = in.names().putIfAbsent(name, new long[] {nameLine, nameColumn});
      if (before != null) {
        String first = JsonWords.place(before[0], before[1]);
        throw fault(nameLine, nameColumn, words.twice(name, first));
      }
    }
  }

  private boolean scalar(int c) throws IOException, Stopped {
    if (c == '"') {
      string(false, MAX_TEXT, "text");
      return true;
    }
    if (c == '-' || c >= '0' && c <= '9') {
      number();
      return true;
    }
    if (c != 't' && c != 'f' && c != 'n') {
      return false;
    }
    place();
    String word = word(c);
    if (word.equals("true") || word.equals("false") || word.equals("null")) {
      return true;
    }
    throw fault(line, column, words.unexpected(c, word, Wanted.VALUE, null));
  }

  /** The letters, digits and signs from here on that may belong to one word or number. */
  private String word(int c) throws IOException, Stopped {
    StringBuilder word = new StringBuilder();
    while (word.length() < 60
        && (Character.isLetterOrDigit(c) || c > 0 && "_$.+-".indexOf(c) >= 0)) {
      word.appendCodePoint(c);
      c = next();
    }
    if (word.isEmpty() && c == '/') {
      word.append('/').appendCodePoint(Math.max(0, next()));
    }
    return word.toString();
  }

  private void number() throws IOException, Stopped {
    place();
    start.setLength(0);
    int length = 0;
    int c = text.current();
    while (Character.isLetterOrDigit(c) || c > 0 && "_+-.".indexOf(c) >= 0) {
      if (start.length() < 60) {
        start.appendCodePoint(c);
      }
      length++;
      boolean plain = c < 0x80 && (c >= '0' && c <= '9' || "eE+-.".indexOf(c) >= 0);
      if (length > 60 && !plain) {
        throw fault(line, column, words.number(start.toString(), c));
      }
      c = next();
    }
    if (length <= 60 && !number.reset().matches()) {
      throw fault(line, column, words.number(start.toString(), c));
    }
    if (length > MAX_DIGITS) {
      throw limit("A number has more than 1,000 digits. Check what wrote it.");
    }
  }

  /**
   * @param kept whether what it stands for is wanted
   * @return that, else null
   */
  private String string(boolean kept, int max, String what) throws IOException, Stopped {
    place();
    StringBuilder value = kept ? new StringBuilder() : null;
    long length = 0;
    int c = next();
    while (c != '"') {
      if (c == CodePoints.END) {
        throw fault(words.unclosed(what, JsonWords.place(line, column)));
      }
      if (c < 0x20) {
        throw fault(words.inText(c, what, JsonWords.place(line, column)));
      }
      int meant = c == '\\' ? escape() : c;
      if (text.current() == CodePoints.END) { // within an escape
        throw fault(words.unclosed(what, JsonWords.place(line, column)));
      }
      if (kept) {
        value.appendCodePoint(meant);
      }
      if (++length > max) {
        throw limit("A %s has more than %,d characters. Check what wrote it.".formatted(what, max));
      }
      c = next();
    }
    next();
    return kept ? value.toString() : null;
  }

  private int escape() throws IOException, Stopped {
    long escapeLine = text.line();
    long escapeColumn = text.column();
    int c = next();
    if (c == CodePoints.END) {
      return ' '; // told as a text that is not closed
    }
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (c != 'u') {
      throw fault(escapeLine, escapeColumn, words.escape(c));
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0 || text.current() > 0x7f) {
        throw fault(escapeLine, escapeColumn, words.escape('u'));
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private void skipSpace() throws IOException, Stopped {
    int c = text.current();
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      c = next();
    }
  }

  private int next() throws IOException, Stopped {
    try {
      return text.next();
    } catch (CodePoints.NotUtf8Exception e) {
      throw fault(words.notUtf8(e.found()));
    }
  }

  private Stopped fault(String what) {
    return fault(text.line(), text.column(), what);
  }

  private Stopped fault(long atLine, long atColumn, String what) {
    String head = words.head(atLine, atColumn);
    return new Stopped(new JsonFault(atLine, atColumn, head + what, false));
  }

  private Stopped limit(String what) {
    String at = JsonWords.place(text.line(), text.column());
    return new Stopped(new JsonFault(text.line(), text.column(), "At " + at + ": " + what, true));
  }
}
