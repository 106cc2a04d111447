package io.campaignroutes.inbox;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.JsonFault;
import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import io.campaignroutes.text.UnreadableJsonException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The entries of an inbox file, in chunks, read as they are asked for: a file of any size is never
 * held in memory. What an entry costs is in proportion to its bytes: of entries that are too short
 * to be a request only the first are given one by one, the others as runs.
 */
final class InboxEntries implements Iterator<List<InboxEntries.Entry>> {
  /** No request has fewer bytes, however short its values: its names alone are longer. */
  static final int MIN_REQUEST = 40;

  /** So many entries that are too short are looked at like any other. */
  static final int MAX_SHORT = 100;

  private static final int MAX_RUN = 1_000_000;
  private static final int MAX_CHUNK_BYTES = 4 << 20;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /**
   * One request of the file, or a run of entries that are none.
   *
   * @param number from 0; that of the first one of a run
   * @param origin what it is and where it begins
   * @param count 1, or how many entries the run has
   * @param lastLine where the last of them begins
   * @param bytes the entry; null when it is refused unseen
   * @param refusal why it is refused unseen; null when it is not
   */
  record Entry(
      long number, Origin origin, long count, long lastLine, byte[] bytes, Problem refusal) {
    /** The line on which it begins, from 1. */
    long line() {
      return origin.line();
    }

    /** The number of the entry after it. */
    long next() {
      return number + count;
    }
  }

  /** Where entries come from: each is announced with its size, then given or passed over. */
  private interface Source {
    /** Goes to the next entry; false at the end. */
    boolean next() throws IOException;

    Origin origin();

    long length();

    /** The bytes of the entry that was gone to. */
    byte[] bytes() throws IOException;
  }

  private final Source source;
  private final int chunk;
  private final int largest;
  private long number;
  private long shortOnes;
  private boolean ahead; // whether the source stands at an entry that was not given yet
  private List<Entry> upcoming;

  /**
   * @param file whose first {@code file.taken()} entries are passed over
   * @throws UnreadableJsonException when a {@code .json} file is no whole JSON, or the text is in
   *     an encoding that is not understood
   */
  InboxEntries(InboxFile file, InboxProperties properties) {
    this(file.content(), file.name().lines(), file.taken(), properties);
  }

  /**
   * @param lines whether there is one request on each line; else it is one document
   * @param taken so many entries are passed over
   * @throws UnreadableJsonException as above
   */
  InboxEntries(InboxContent content, boolean lines, long taken, InboxProperties properties) {
    this.chunk = properties.chunk();
    this.largest = properties.largestEntry();
    try {
      this.source = lines ? new Lines(content, largest) : new Elements(content);
      while (number < taken && source.next()) {
        shortOnes += source.length() < MIN_REQUEST ? 1 : 0; // taken before a restart
        number++;
      }
      read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean hasNext() {
    return !upcoming.isEmpty();
  }

  @Override
  public List<Entry> next() {
    if (upcoming.isEmpty()) {
      throw new NoSuchElementException();
    }
    List<Entry> now = upcoming;
    try {
      read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return now;
  }

  private void read() throws IOException {
    upcoming = new ArrayList<>(chunk);
    long bytes = 0;
    while (upcoming.size() < chunk && bytes < MAX_CHUNK_BYTES && (ahead || source.next())) {
      ahead = false;
      Entry entry = entry();
      upcoming.add(entry);
      number = entry.next();
      bytes += entry.bytes() == null ? 0 : entry.bytes().length;
    }
  }

  private Entry entry() throws IOException {
    Origin origin = source.origin();
    long line = origin.line();
    if (source.length() >= MIN_REQUEST || shortOnes < MAX_SHORT) {
      shortOnes += source.length() < MIN_REQUEST ? 1 : 0;
      return source.length() > largest
          ? new Entry(number, origin, 1, line, null, tooLarge())
          : new Entry(number, origin, 1, line, source.bytes(), null);
    }
    long lastLine;
    long count = 0;
    do {
      lastLine = source.origin().line();
      count++;
    } while (count < MAX_RUN && (ahead = source.next()) && source.length() < MIN_REQUEST);
    return new Entry(number, origin, count, lastLine, null, tooShort(line, lastLine, count));
  }

  private Problem tooLarge() {
    return Problem.of(413, "Too large", "The entry has more than " + largest + " bytes.");
  }

  private static Problem tooShort(long line, long lastLine, long count) {
    String where = line == lastLine ? "On line " + line : "From line " + line + " to " + lastLine;
    return Problem.of(
        422,
        "Too short",
        where
            + (count == 1 ? " stands an entry" : " stand " + count + " entries")
            + " too short to be a request.");
  }

  /**
   * Reads a {@code .json} file from one end to the other without keeping any of it.
   *
   * @return whether it is one object or array and nothing else
   * @throws JsonProcessingException where it stops being JSON
   */
  static boolean wholeJson(Path file, long size) throws IOException {
    try (InboxContent content = InboxContent.open(file, size);
        JsonParser parser = Json.STREAMS.createParser(content.raw())) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null && first.isStructStart();
    }
  }

  /** One entry a line; blank lines do not count. */
  private static final class Lines implements Source {
    private final InputStream in;
    private final int largest;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private long line;
    private long length;

    Lines(InboxContent content, int largest) throws IOException {
      this.in = new BufferedInputStream(content.text(), 1 << 16);
      this.largest = largest;
      in.mark(BYTE_ORDER_MARK.length);
      if (!Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
        in.reset();
      }
    }

    @Override
    public boolean next() throws IOException {
      while (true) {
        bytes.reset();
        boolean blank = true;
        length = 0;
        int b;
        while ((b = in.read()) != -1 && b != '\n') {
          blank &= b == ' ' || b == '\t' || b == '\r';
          if (++length <= largest) {
            bytes.write(b);
          }
        }
        if (b == -1 && length == 0) {
          return false;
        }
        line++;
        if (!blank) {
          return true;
        }
      }
    }

    @Override
    public Origin origin() {
      return new Origin(Kind.LINE, line, 1, true);
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public byte[] bytes() {
      return bytes.toByteArray();
    }
  }

  /** The elements of an array, or the one document that the file is, cut out by their offsets. */
  private static final class Elements implements Source {
    private final InboxContent content;
    private final JsonParser parser;
    private final boolean array;
    private boolean ended;
    private long start;
    private Origin origin;
    private long length;

    Elements(InboxContent content) throws IOException {
      this.content = content;
      requireOneDocument();
      this.parser = Json.STREAMS.createParser(content.text());
      JsonToken first = parser.nextToken();
      this.array = first == JsonToken.START_ARRAY;
    }

    private void requireOneDocument() throws IOException {
      boolean broken = false;
      try (JsonParser parser = Json.STREAMS.createParser(content.text())) {
        if (parser.nextToken() != null) {
          parser.skipChildren();
          if (parser.nextToken() == null) {
            return;
          }
        }
      } catch (JsonProcessingException e) {
        broken = true; // told by what stands in the file
      }
      Optional<JsonFault> fault;
      try (InputStream text = new BufferedInputStream(content.text(), 1 << 16)) {
        fault = JsonFault.in(text, Origin.of(Kind.REQUESTS, false));
      }
      if (broken || fault.isPresent()) {
        throw UnreadableJsonException.of(fault, 1);
      }
    }

    @Override
    public boolean next() throws IOException {
      if (ended) {
        return false;
      }
      JsonToken token = array ? parser.nextToken() : parser.currentToken();
      ended = !array || token == JsonToken.END_ARRAY;
      if (array && ended) {
        return false;
      }
      JsonLocation at = parser.currentTokenLocation();
      start = at.getByteOffset();
      origin = new Origin(Kind.REQUESTS, at.getLineNr(), at.getColumnNr(), true);
      parser.skipChildren();
      if (token.isScalarValue()) {
        parser.finishToken();
      }
      length = parser.currentLocation().getByteOffset() - start;
      return true;
    }

    @Override
    public Origin origin() {
      return origin;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public byte[] bytes() throws IOException {
      return content.text(start, (int) length);
    }
  }
}
