package io.campaignroutes.campaign;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.campaignroutes.text.JsonFault;
import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The entries of an inbox file, in chunks, read as they are asked for: a file of any size is never
 * held in memory.
 */
final class InboxEntries implements Iterator<List<InboxEntries.Entry>>, AutoCloseable {
  /**
   * One request of the file.
   *
   * @param number from 0
   * @param origin what it is and where it begins
   * @param bytes the entry; null when it is too large
   */
  record Entry(long number, Origin origin, byte[] bytes) {
    /** The line on which it begins, from 1. */
    long line() {
      return origin.line();
    }
  }

  private interface Source extends AutoCloseable {
    /** The next entry, null at the end. */
    Entry next() throws IOException;

    @Override
    void close() throws IOException;
  }

  private final Source source;
  private final int chunk;
  private List<Entry> upcoming;

  /**
   * @param file whose first {@code file.taken()} entries are passed over
   * @throws UnreadableJsonException when a {@code .json} file is no whole JSON
   */
  InboxEntries(InboxFile file, InboxProperties properties) {
    this.chunk = properties.chunk();
    try {
      this.source =
          file.lines()
              ? new Lines(file.path(), properties.largestEntry())
              : new Elements(file.path(), properties.largestEntry());
      for (long skip = 0; skip < file.taken() && source.next() != null; skip++) {
        // taken before a restart
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

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() throws IOException {
    upcoming = new ArrayList<>(chunk);
    Entry entry;
    while (upcoming.size() < chunk && (entry = source.next()) != null) {
      upcoming.add(entry);
    }
    if (upcoming.isEmpty()) {
      source.close();
    }
  }

  /**
   * Reads a {@code .json} file from one end to the other without keeping any of it.
   *
   * @return whether it is one object or array in UTF-8 and nothing else
   * @throws JsonProcessingException where it stops being JSON
   */
  static boolean wholeJson(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      if (JsonFault.wideEncoding(in.readNBytes(4)).isPresent()) {
        return false;
      }
    }
    try (JsonParser parser = Json.STREAMS.createParser(file.toFile())) {
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
    private long line;
    private long number;

    Lines(Path file, int largest) throws IOException {
      this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      this.largest = largest;
    }

    @Override
    public Entry next() throws IOException {
      while (true) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        boolean blank = true;
        long length = 0;
        int b;
        while ((b = in.read()) != -1 && b != '\n') {
          blank &= b == ' ' || b == '\t' || b == '\r';
          if (++length <= largest) {
            bytes.write(b);
          }
        }
        if (b == -1 && length == 0) {
          return null;
        }
        line++;
        if (!blank) {
          Origin origin = new Origin(Kind.LINE, line, 1, true);
          return new Entry(number++, origin, length > largest ? null : bytes.toByteArray());
        }
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** The elements of an array, or the one document that the file is, cut out by their offsets. */
  private static final class Elements implements Source {
    private final JsonParser parser;
    private final RandomAccessFile bytes;
    private final int largest;
    private final boolean array;
    private long number;
    private boolean ended;

    Elements(Path file, int largest) throws IOException {
      requireOneDocument(file);
      this.largest = largest;
      this.parser = Json.STREAMS.createParser(file.toFile());
      this.bytes = new RandomAccessFile(file.toFile(), "r");
      JsonToken first = parser.nextToken();
      this.array = first == JsonToken.START_ARRAY;
    }

    private static void requireOneDocument(Path file) throws IOException {
      boolean broken = false;
      try {
        if (wholeJson(file)) {
          return;
        }
      } catch (JsonProcessingException e) {
        broken = true; // told by what stands in the file
      }
      Optional<JsonFault> fault = JsonFault.in(file, Origin.of(Kind.REQUESTS, false));
      if (broken || fault.isPresent()) {
        throw UnreadableJsonException.of(fault, 1);
      }
    }

    @Override
    public Entry next() throws IOException {
      if (ended) {
        return null;
      }
      JsonToken token = array ? parser.nextToken() : parser.currentToken();
      ended = !array || token == JsonToken.END_ARRAY;
      if (array && ended) {
        return null;
      }
      long start = parser.currentTokenLocation().getByteOffset();
      JsonLocation at = parser.currentTokenLocation();
      Origin origin = new Origin(Kind.REQUESTS, at.getLineNr(), at.getColumnNr(), true);
      parser.skipChildren();
      if (token.isScalarValue()) {
        parser.finishToken();
      }
      long length = parser.currentLocation().getByteOffset() - start;
      byte[] entry = null;
      if (length <= largest) {
        entry = new byte[(int) length];
        bytes.seek(start);
        bytes.readFully(entry);
      }
      return new Entry(number++, origin, entry);
    }

    @Override
    public void close() throws IOException {
      parser.close();
      bytes.close();
    }
  }
}
