package io.campaignroutes.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Adds audit lines to a campaign's chain, in the transaction of the change they tell of, and reads
 * them back. A line is one JSON object:
 *
 * <pre>
 * seq, timestamp, campaignId, event, (details of the event), activationLatencyMs (number or null),
 * dialSuccessRatio (number), attemptedCalls,
 * pacingHistory [{timestamp, maxCallsPerSecond, reason}], complianceStatus,
 * policy {name, version, sha256}, auditVersion "1", prev
 * </pre>
 *
 * {@code prev} is the SHA-256 (hex) of the bytes of the line before without its newline, 64 zeros
 * in the first one: {@code sed -n 1p file | tr -d '\n' | sha256sum} gives the second line's. {@code
 * dialSuccessRatio} is connected by attempted calls, rounded to four places; 0 while {@code
 * attemptedCalls} is 0. The file follows from the rows, see {@link AuditFiles}.
 */
@Component
public class AuditLog {
  /** Names that every line has. */
  static final Set<String> FIXED =
      Set.of(
          "seq",
          "timestamp",
          "campaignId",
          "event",
          "activationLatencyMs",
          "dialSuccessRatio",
          "attemptedCalls",
          "pacingHistory",
          "complianceStatus",
          "policy",
          "auditVersion",
          "prev");

  static final String VERSION = "1";

  /**
   * The chain of what is about no campaign alone: destinations that are switched, deliveries that
   * are sent again, files of contacts. Its lines have no figures.
   */
  public static final String SERVICE = "service";

  /** The event of a line that tells of a torn one. */
  static final String RECOVERED = "AUDIT_RECOVERED";

  private static final int PAGE = 500;
  private static final int SHORT_PAGE = 16;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final JsonFactory JSON = new JsonFactory();
  private static final JsonMapper TREES =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private final Store store;

  public AuditLog(Store store) {
    this.store = store;
  }

  /**
   * Adds the next line of the event's campaign within the caller's transaction; four statements.
   * The line's time is the transaction's.
   *
   * @throws IllegalArgumentException for a detail of a type that has no place in a line
   * @throws org.springframework.dao.DataAccessException when the store refuses
   */
  public void append(Tx tx, AuditEvent event) {
    BigDecimal ratio =
        event.attemptedCalls() == 0
            ? BigDecimal.ZERO
            : BigDecimal.valueOf(event.connectedCalls())
                .divide(BigDecimal.valueOf(event.attemptedCalls()), 4, RoundingMode.HALF_UP);
    add(
        tx,
        event.campaignId(),
        event.event(),
        event.details(),
        json -> {
          if (event.activationLatencyMs() == null) {
            json.writeNullField("activationLatencyMs");
          } else {
            json.writeNumberField("activationLatencyMs", event.activationLatencyMs());
          }
          json.writeFieldName("dialSuccessRatio");
          json.writeNumber(AuditText.plain(ratio));
          json.writeNumberField("attemptedCalls", event.attemptedCalls());
          json.writeArrayFieldStart("pacingHistory");
          for (AuditEvent.PacingChange change : event.pacingHistory()) {
            json.writeStartObject();
            json.writeStringField("timestamp", AuditText.time(change.at()));
            if (change.ratio() == null) {
              json.writeFieldName("maxCallsPerSecond");
              json.writeNumber(AuditText.plain(BigDecimal.valueOf(change.maxCallsPerSecond())));
            } else {
              json.writeNumberField("ratio", change.ratio());
              if (change.overdialPercentage() != null) {
                json.writeNumberField("overdialPercentage", change.overdialPercentage());
              }
            }
            json.writeStringField("reason", change.reason());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeFieldName("complianceStatus");
          tree(json, event.complianceStatus());
          json.writeObjectFieldStart("policy");
          json.writeStringField("name", event.policyName());
          json.writeStringField("version", event.policyVersion());
          json.writeStringField("sha256", event.policySha256());
          json.writeEndObject();
        });
  }

  /**
   * Keeps others from adding lines of a campaign until the transaction ends. For transactions that
   * lock something else before they add theirs: the trail is locked first by all of them.
   */
  public void lock(Tx tx, String campaignId) {
    tx.sql()
        .sql("select seq from audit_head where campaign_id = ?" + store.rowLock())
        .param(campaignId)
        .query(Long.class)
        .optional();
  }

  /**
   * Adds a line to the chain {@value #SERVICE}.
   *
   * @param event upper snake case, such as {@code DESTINATION_OFF}
   * @param details its fields, as those of {@link AuditEvent}
   */
  public void appendService(Tx tx, String event, Map<String, ?> details) {
    add(tx, SERVICE, event, details, json -> {});
  }

  /**
   * Keeps others from adding lines to the chain {@value #SERVICE} until the transaction ends, its
   * first one too.
   */
  public void lockService(Tx tx) {
    AuditRows.prepare(tx, SERVICE);
    lock(tx, SERVICE);
  }

  /**
   * All lines of a campaign, oldest first, without newlines; empty for an unknown one. For chains
   * that fit in memory: {@link #forEachLine} reads any length.
   *
   * @throws IllegalArgumentException when the id cannot be a campaign's
   */
  public List<String> lines(String campaignId) {
    List<String> lines = new ArrayList<>();
    forEachLine(campaignId, lines::add);
    return lines;
  }

  /**
   * Hands over a campaign's lines one by one, oldest first, without newlines, holding a page of
   * them at a time. Reads the store, not the file: a line is there as soon as its change is.
   *
   * @throws IllegalArgumentException when the id cannot be a campaign's
   */
  public void forEachLine(String campaignId, Consumer<String> reader) {
    checkedId(campaignId);
    long from = 1;
    List<AuditRows.Row> page;
    do {
      page = AuditRows.page(store.read(), campaignId, from, PAGE);
      page.forEach(row -> reader.accept(row.line()));
      from += page.size();
    } while (page.size() == PAGE);
  }

  /**
   * A campaign's lines as they are in its file, each with its newline, a few at a time. The first
   * are read at once, the others as they are asked for.
   *
   * @throws IllegalArgumentException when the id cannot be a campaign's
   */
  public Iterator<String> text(String campaignId) {
    checkedId(campaignId);
    return new Iterator<>() {
      private long from = 1;
      private List<AuditRows.Row> page = read();

      private List<AuditRows.Row> read() {
        return AuditRows.page(store.read(), campaignId, from, SHORT_PAGE);
      }

      @Override
      public boolean hasNext() {
        return !page.isEmpty();
      }

      @Override
      public String next() {
        if (page.isEmpty()) {
          throw new NoSuchElementException();
        }
        String text = page.stream().map(row -> row.line() + "\n").collect(Collectors.joining());
        from += page.size();
        page = page.size() < SHORT_PAGE ? List.of() : read();
        return text;
      }
    };
  }

  /**
   * The line that tells of the first event of a kind.
   *
   * @return empty when there is none
   */
  public Optional<String> first(String campaignId, String event) {
    String name = "\"event\":\"" + event + "\"";
    for (Iterator<String> text = text(campaignId); text.hasNext(); ) {
      Optional<String> line = text.next().lines().filter(l -> l.contains(name)).findFirst();
      if (line.isPresent()) {
        return line;
      }
    }
    return Optional.empty();
  }

  /**
   * Adds {@value #RECOVERED}: the file had a torn last line, which now lies in a file of its own.
   * The campaign's figures are those of its newest line.
   */
  void appendRecovered(Tx tx, String campaignId, TornLine torn) {
    JsonNode newest = newest(tx, campaignId);
    add(
        tx,
        campaignId,
        RECOVERED,
        new TreeMap<>(
            Map.of("file", torn.aside(), "fileBytes", torn.bytes(), "fileSha256", torn.sha256())),
        json -> {
          for (String name :
              List.of(
                  "activationLatencyMs",
                  "dialSuccessRatio",
                  "attemptedCalls",
                  "pacingHistory",
                  "complianceStatus",
                  "policy")) {
            json.writeFieldName(name);
            tree(json, newest.get(name));
          }
        });
  }

  /**
   * Returns the id.
   *
   * @throws IllegalArgumentException when it cannot safely be a campaign's file name
   */
  static String checkedId(String campaignId) {
    if (!isId(campaignId)) {
      throw new IllegalArgumentException(
          "A campaign id has 1 to 64 of A-Z a-z 0-9 _ - and is not 'checkpoints'; this one cannot"
              + " name an audit file");
    }
    return campaignId;
  }

  /** Whether it can be a campaign's id, and so name a file. */
  static boolean isId(String text) {
    return text != null && ID.matcher(text).matches() && !text.equals(AuditRows.CHECKPOINTS);
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static void add(
      Tx tx, String campaignId, String event, Map<String, ?> details, Fields figures) {
    AuditRows.Next next = AuditRows.next(tx, campaignId);
    var text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("seq", next.seq());
      json.writeStringField("timestamp", AuditText.time(tx.now()));
      json.writeStringField("campaignId", campaignId);
      json.writeStringField("event", event);
      for (Map.Entry<String, ?> detail : details.entrySet()) {
        if (detail.getValue() != null) {
          json.writeFieldName(detail.getKey());
          detail(json, detail.getKey(), detail.getValue());
        }
      }
      figures.write(json);
      json.writeStringField("auditVersion", VERSION);
      json.writeStringField("prev", next.prev());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("An audit line cannot be made of " + event, e);
    }
    AuditRows.add(tx, campaignId, next.seq(), AuditText.oneLine(text.toString()));
  }

  private static void detail(JsonGenerator json, String name, Object value) throws IOException {
    if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(AuditText.plain(number));
    } else if (value instanceof Double number && Double.isFinite(number)) {
      json.writeNumber(AuditText.plain(BigDecimal.valueOf(number)));
    } else if (value instanceof Enum<?> constant) {
      json.writeString(constant.name());
    } else if (value instanceof Instant time) {
      json.writeString(AuditText.time(time.toEpochMilli()));
    } else if (value instanceof JsonNode node) {
      tree(json, node);
    } else {
      throw new IllegalArgumentException(
          "The detail "
              + name
              + " is a "
              + value.getClass().getName()
              + ", which has no JSON form");
    }
  }

  private static void tree(JsonGenerator json, JsonNode node) throws IOException {
    if (node == null) {
      json.writeNull();
    } else {
      TREES.writeTree(json, node);
    }
  }

  private static JsonNode newest(Tx tx, String campaignId) {
    String line =
        tx.sql()
            .sql("select line from audit_line where campaign_id = ? order by seq desc limit 1")
            .param(campaignId)
            .query(String.class)
            .single();
    try {
      return TREES.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The newest audit line of " + campaignId + " is no JSON", e);
    }
  }
}
