package io.campaignroutes.http;

import io.campaignroutes.access.By;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.contacts.ContactOutcome;
import io.campaignroutes.store.Ids;
import io.campaignroutes.webhook.DeliveryStatus;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a route needs to know of an HTTP request; none of its headers travels any further.
 *
 * @param id the {@code {id}} of the path, null where there is none
 * @param by who sent it
 * @param query the query's parameters as they came; see {@link #parameter}
 * @param prefer the {@code Prefer} header, several of them with commas between, null for none
 * @param idempotencyKey the header of that name, null for none
 * @param webhookToken what the header has that the platform sends the webhooks' secret in, null for
 *     none
 * @param body as it came
 */
public record ApiRequest(
    String id,
    By by,
    Map<String, List<String>> query,
    String prefer,
    String idempotencyKey,
    String webhookToken,
    byte[] body) {
  /** Nobody else reads a year of more than four digits. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private static final Pattern WAIT =
      Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,6})", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE_NAME =
      Pattern.compile("[^./\\\\][^/\\\\]*\\.csv", Pattern.CASE_INSENSITIVE);

  private static final int MAX_FILE_NAME = 200;
  private static final int MAX_WAIT_S = 300;
  private static final int DEFAULT_LIMIT = 100;
  private static final int HIGHEST_LIMIT = 1_000;

  /**
   * The {@code {id}} of the path. Camel hands the word null on as nothing, and takes quotes off
   * that stand around a text: between them the word is a text as any other.
   */
  @Override
  public String id() {
    return "null".equals(id) ? "'null'" : id;
  }

  /**
   * How long the caller wants to wait, in milliseconds ({@code Prefer: wait=N}, RFC 7240).
   *
   * @param otherwise where nothing is preferred
   */
  public long waitMillis(long otherwise) {
    Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
    return wait.find() ? 1_000L * Math.min(MAX_WAIT_S, Integer.parseInt(wait.group(1))) : otherwise;
  }

  /**
   * A parameter of the query, decoded; null when it is not there.
   *
   * @throws InvalidRequestException when it is there more than once, or is not encoded as it must
   */
  public String parameter(String name) {
    List<String> values = query.get(name);
    if (values == null) {
      return null;
    }
    if (values.size() > 1) {
      throw invalid(name, "repeated", name + " stands in the query more than once; send it once.");
    }
    String value = values.get(0);
    try {
      String text = value == null ? "" : URLDecoder.decode(value, StandardCharsets.UTF_8);
      if (text.indexOf('\ufffd') < 0) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw invalid(
        name, "encoding", name + " must be in UTF-8, percent-encoded; a % itself is %25.");
  }

  /**
   * How many items a list has at the most, 100 by default.
   *
   * @throws InvalidRequestException when {@code limit} is no number from 1 to 1000
   */
  public int limit() {
    String limit = parameter("limit");
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    if (!limit.matches("\\d{1,4}")
        || Integer.parseInt(limit) < 1
        || Integer.parseInt(limit) > HIGHEST_LIMIT) {
      throw invalid("limit", "range", "limit must be a number from 1 to " + HIGHEST_LIMIT + ".");
    }
    return Integer.parseInt(limit);
  }

  /**
   * Whether calls that are under way are to end, too.
   *
   * @throws InvalidRequestException when {@code force} is neither true nor false
   */
  public boolean force() {
    String force = parameter("force");
    if (force != null && !force.matches("true|false|")) {
      throw invalid("force", "boolean", "force must be true or false.");
    }
    return "true".equals(force);
  }

  /** One more than {@link #limit}: whether it is there tells whether there is another page. */
  public int limitAndOne() {
    return limit() + 1;
  }

  /**
   * The item after which a page begins; null for the first page.
   *
   * @throws InvalidRequestException when it has control characters
   */
  public String after() {
    return text("after");
  }

  /**
   * The campaign after which a page begins; null for the first page.
   *
   * @throws InvalidRequestException when it is no id
   */
  public String afterCampaign() {
    return afterId("cmp");
  }

  /**
   * The delivery after which a page begins; null for the first page.
   *
   * @throws InvalidRequestException when it is no id
   */
  public String afterDelivery() {
    return afterId("dlv");
  }

  private String afterId(String prefix) {
    String after = text("after");
    if (after != null && !Ids.isOne(prefix, after)) {
      throw invalid("after", "next", "after must be the value of next on the page before.");
    }
    return after;
  }

  /**
   * A whole number of the query; null when it is not there.
   *
   * @throws InvalidRequestException when it is none
   */
  public Long number(String name) {
    String text = parameter(name);
    if (text == null || text.isBlank()) {
      return null;
    }
    if (!text.matches("\\d{1,15}")) {
      throw invalid(name, "number", name + " must be the value of next on the page before.");
    }
    return Long.valueOf(text);
  }

  /**
   * The stage asked for; null for all.
   *
   * @throws InvalidRequestException when {@code status} is no stage
   */
  public Stage stage() {
    return oneOf(Stage.class, "status", parameter("status"));
  }

  /**
   * The status of deliveries asked for; null for all.
   *
   * @throws InvalidRequestException when {@code status} is none
   */
  public DeliveryStatus deliveryStatus() {
    return oneOf(DeliveryStatus.class, "status", text("status"));
  }

  /**
   * Whether the newest deliveries come first.
   *
   * @throws InvalidRequestException when {@code sort} is neither {@code created} nor {@code
   *     -created}
   */
  public boolean newestFirst() {
    String sort = text("sort");
    if (sort != null && !sort.equals("created") && !sort.equals("-created")) {
      throw invalid("sort", "enum", "sort must be created or -created.");
    }
    return "-created".equals(sort);
  }

  /**
   * The name that a file of contacts is given.
   *
   * @throws InvalidRequestException when there is none, or it is none of a CSV file
   */
  public String fileName() {
    String name = text("name");
    if (name == null || name.length() > MAX_FILE_NAME || !FILE_NAME.matcher(name).matches()) {
      throw invalid(
          "name",
          "fileName",
          "name must be that of a CSV file, as campaigns name it: 5 to "
              + MAX_FILE_NAME
              + " characters, ending in .csv, without slashes and not beginning with a dot.");
    }
    return name;
  }

  /**
   * The id of the file that was sent.
   *
   * @throws InvalidRequestException when none was
   */
  public String fileId() {
    if (body.length == 0) {
      throw invalid("", "body", "The body is empty. Send the CSV file as it.");
    }
    return new String(body, StandardCharsets.US_ASCII);
  }

  /**
   * The outcome of contacts asked for; null for all.
   *
   * @throws InvalidRequestException when {@code outcome} is none
   */
  public ContactOutcome contactOutcome() {
    return oneOf(ContactOutcome.class, "outcome", text("outcome"));
  }

  private static <E extends Enum<E>> E oneOf(Class<E> words, String name, String given) {
    if (given == null || given.isBlank()) {
      return null;
    }
    try {
      return Enum.valueOf(words, given.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw invalid(
          name,
          "enum",
          name + " must be one of " + Arrays.toString(words.getEnumConstants()) + ".");
    }
  }

  /** The destination asked for; null for all. */
  public String destination() {
    return text("destination");
  }

  /** The campaign asked for, by our id or CXone's; null for all. */
  public String campaign() {
    return text("campaign");
  }

  private String text(String name) {
    String text = parameter(name);
    if (text != null && text.chars().anyMatch(Character::isISOControl)) {
      throw invalid(name, "characters", name + " has control characters; leave them out.");
    }
    return text == null || text.isBlank() ? null : text;
  }

  /**
   * A time of the query, ISO 8601 with offset.
   *
   * @throws InvalidRequestException when it is none
   */
  public Instant time(String name, Instant otherwise) {
    String text = parameter(name);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      Instant time = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
      if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) {
        throw invalid(name, "range", name + " must be a time of the years 1970 to 9999.");
      }
      return time;
    } catch (DateTimeParseException e) {
      throw invalid(
          name, "dateTime", name + " must be a time with offset, such as 2026-01-31T09:00:00Z.");
    }
  }

  static InvalidRequestException invalid(String field, String rule, String message) {
    return new InvalidRequestException(List.of(new Finding(field, rule, message)));
  }
}
