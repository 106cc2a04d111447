package io.campaignroutes.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a CSV file, the header being the first of them, read as they are asked for. The
 * separator is the one of comma, semicolon and tab that the header has most of. Empty lines are
 * none.
 */
final class CsvReader implements AutoCloseable {
  /** Characters that a cell may have; a quote that is never closed would make one of the file. */
  static final int MAX_CELL = 10_000;

  static final int MAX_COLUMNS = 500;

  /** A header longer than this has no separator in it that anybody means. */
  private static final int MAX_HEADER = 1 << 16;

  private static final CsvFactory CSV =
      CsvFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(MAX_CELL).build())
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .build();

  /**
   * @param number from 0, which is the header
   * @param line on which it begins, from 1
   */
  record Row(long number, long line, List<String> cells) {}

  private final Utf8Input bytes;
  private final CsvParser parser;
  private long number;

  /**
   * @throws CsvFault when it does not begin as text in UTF-8
   */
  CsvReader(InputStream in) throws IOException {
    this.bytes = new Utf8Input(in);
    BufferedReader text =
        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8), MAX_HEADER);
    char separator = separator(text);
    this.parser = CSV.createParser(text);
    parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(separator));
  }

  /** Bytes of the file that were read, of which some may still be looked at. */
  long bytes() {
    return bytes.count();
  }

  /**
   * The next row; null at the end.
   *
   * @throws CsvFault when it is no row of a CSV file
   */
  Row next() {
    try {
      if (parser.nextToken() == null) {
        return null;
      }
      List<String> cells = new ArrayList<>();
      long line = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        line = cells.isEmpty() ? parser.currentTokenLocation().getLineNr() : line;
        if (cells.size() == MAX_COLUMNS) {
          throw new CsvFault(line, "has more than " + MAX_COLUMNS + " cells. Leave some out.");
        }
        cells.add(cell(line));
      }
      return new Row(number++, line, cells);
    } catch (JsonProcessingException e) {
      throw fault(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String cell(long line) throws IOException {
    String text = parser.getText();
    if (text.length() > MAX_CELL) {
      throw tooLong(line);
    }
    return text.strip();
  }

  private CsvFault fault(JsonProcessingException e) {
    long line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
    return e instanceof StreamConstraintsException
        ? tooLong(parser.currentLocation().getLineNr())
        : new CsvFault(
            line,
            "is no row of a CSV file: after a quoted cell comes a separator or the end of the"
                + " line, and a quote within one stands twice. Correct it.");
  }

  private static CsvFault tooLong(long line) {
    return new CsvFault(
        line,
        "ends a cell of more than %d characters. Perhaps a quote before it is not closed; close it, or shorten the cell."
            .formatted(MAX_CELL));
  }

  /** Looks at the header and leaves it to be read. */
  private static char separator(BufferedReader text) throws IOException {
    text.mark(MAX_HEADER);
    int commas = 0;
    int semicolons = 0;
    int tabs = 0;
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < MAX_HEADER - 1; i++) {
      int c = text.read();
      boolean lineEnd = c == '\n' || c == '\r';
      if (c < 0 || lineEnd && !quoted && begun) {
        break;
      }
      begun |= !lineEnd;
      quoted ^= c == '"';
      commas += c == ',' && !quoted ? 1 : 0;
      semicolons += c == ';' && !quoted ? 1 : 0;
      tabs += c == '\t' && !quoted ? 1 : 0;
    }
    text.reset();
    int most = Math.max(commas, Math.max(semicolons, tabs));
    return commas == most ? ',' : semicolons == most ? ';' : '\t';
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
