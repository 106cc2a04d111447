package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The port: what the flow asks of a platform. Each method is an operation, which a route {@code
 * direct:platform-<operation>} of every platform serves; it makes the request that such a call
 * carries, so that a route shows what it asks with. {@code check} holds routes and platforms to it.
 *
 * <p>A campaign is {@code {id, name, poolId, remoteId, ended, payload}}: our id, its name, its
 * agent pool, the platform's id once it has one, whether it has ended here, and what it is created
 * from. An operation ends with the answer that is told here, or with a {@link CxoneException}. Of
 * answers that hold a {@code status} that is the platform's own word, to be shown; {@code id} is
 * the platform's id of what the answer tells of.
 */
public final class PlatformRequests {
  private final boolean byRatio;
  private final boolean fineLever;

  /** Requests to a platform that dials at a rate. */
  public PlatformRequests() {
    this(false, false);
  }

  /**
   * @param byRatio whether the platform dials for agents who wait, with so many lines for each
   * @param fineLever whether the share of agents who have to wait for more than one is told too
   */
  PlatformRequests(boolean byRatio, boolean fineLever) {
    this.byRatio = byRatio;
    this.fineLever = fineLever;
  }

  /** What a call of an operation is made from, see {@link #arguments}. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  private @interface From {
    String[] value();
  }

  /**
   * What the answer of an operation has to tell or say that there is none, see {@link #answers}.
   */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  private @interface Tells {
    String value();
  }

  /** On operations that a platform may lack, all of them together. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  private @interface MayLack {}

  /**
   * The operations that a platform need not serve: those about contacts, and what there is against
   * a request.
   */
  public static Set<String> optional() {
    Set<String> names = new TreeSet<>();
    for (Method method : PlatformRequests.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(MayLack.class)) {
        names.add(operation(method.getName()));
      }
    }
    return names;
  }

  /** The names of all operations, as routes call them: {@code set-rate}, say. */
  public static Set<String> operations() {
    Set<String> names = new TreeSet<>();
    Stream.of(PlatformRequests.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> method.getReturnType() == PlatformRequest.class)
        .map(Method::getName)
        .forEach(name -> names.add(operation(name)));
    return names;
  }

  /**
   * What a platform has to make its calls from, by the operation's name: first what each call needs
   * to tell whom it is about, then what some call of the operation has to carry.
   */
  static Map<String, List<String>> arguments() {
    Map<String, List<String>> arguments = new TreeMap<>();
    for (Method method : PlatformRequests.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(From.class)) {
        arguments.put(
            operation(method.getName()), List.of(method.getAnnotation(From.class).value()));
      }
    }
    return arguments;
  }

  /**
   * A field of an operation's answer, by the operation's name, which an answer may leave empty and
   * its template must make all the same: nobody would miss it.
   */
  static Map<String, String> answers() {
    Map<String, String> answers = new TreeMap<>();
    for (Method method : PlatformRequests.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Tells.class)) {
        answers.put(operation(method.getName()), method.getAnnotation(Tells.class).value());
      }
    }
    return answers;
  }

  private static String operation(String method) {
    return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /**
   * Who is in an agent pool. The answer is an {@link AgentPools.Pool}, also of a pool that there is
   * not. Of the statuses of agents {@code AVAILABLE} is who takes calls now, {@code NOT_READY} who
   * is there besides; all other words are away, and shown.
   */
  @From("poolId")
  public PlatformRequest agents(String poolId, Urgency urgency, long dueSince) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("poolId", poolId);
    return new PlatformRequest(arguments, urgency, dueSince);
  }

  /**
   * What there is at the platform against a request, before a campaign is created from it. The
   * answer is {@code {findings, warnings}}, each {@code [{field, rule, message}]}: why the campaign
   * cannot be run, and what may keep it from that and need not. A pool that there is not is no
   * finding here: {@link #agents} tells.
   *
   * @param asked {@code {id, poolId, contactListId, respectDnc, activateAt}}: our id of the
   *     campaign, not there in a dry run; its agent pool; its contact list, if it names one;
   *     whether it keeps to do-not-call lists; when it is to begin, ISO 8601 with offset, not there
   *     for at once
   */
  @MayLack
  public PlatformRequest findings(JsonNode asked, Urgency urgency, long dueSince) {
    return new PlatformRequest(asked, urgency, dueSince);
  }

  /**
   * Creates a campaign that does not dial yet. The answer is {@code {id, status, takesOver}}: the
   * last says whether one that has ended here may have had that id before.
   */
  @From("payload")
  public PlatformRequest create(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /**
   * Campaigns that may be the one whose create was not answered, by its name. The answer is {@code
   * {campaigns: [{id, name, status, payload, takesOver}]}}, the payload as far as the platform
   * tells it.
   */
  @From("name")
  public PlatformRequest find(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /**
   * Has the platform tell of a campaign's events; {@link PlatformEvents} is what they tell. The
   * answer is {@code {id}}, or {@code {}}; {@code observed} is true where the platform posts none.
   */
  @From("remoteId")
  public PlatformRequest register(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /** Has a campaign dial, for the first time or again. The answer is that of {@link #status}. */
  @From("remoteId")
  @Tells("failureCode")
  public PlatformRequest activate(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /** Has a campaign dial no more for now. The answer is that of {@link #status}. */
  @From("remoteId")
  @Tells("failureCode")
  public PlatformRequest pause(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /** Has a campaign dial no more for good. The answer is that of {@link #status}. */
  @From("remoteId")
  @Tells("failureCode")
  public PlatformRequest stop(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /**
   * How a campaign stands. The answer is {@code {id, status, failureCode}}: the last is the
   * platform's own code for what went wrong with a campaign whose status is an error.
   */
  @From("remoteId")
  @Tells("failureCode")
  public PlatformRequest status(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /**
   * What is counted for a campaign now. The answer is {@code {connected, abandoned, attempted,
   * avgHandleTime, agents, staffed}}, each a number or not there; refused as not found where there
   * are no figures yet.
   */
  @From("remoteId")
  public PlatformRequest figures(JsonNode campaign, Urgency urgency, long dueSince) {
    return new PlatformRequest(campaign, urgency, dueSince);
  }

  /**
   * What was counted for a campaign in a period. The answer is {@code {attemptedCalls,
   * connectedCalls, abandonedCalls}} and whatever else the platform counts.
   */
  @From({"remoteId", "from", "to"})
  public PlatformRequest totals(
      JsonNode campaign, TimeRange period, Urgency urgency, long dueSince) {
    ObjectNode arguments = copy(campaign);
    arguments.put("from", period.from().toString()).put("to", period.to().toString());
    return new PlatformRequest(arguments, urgency, dueSince);
  }

  /**
   * Has a campaign dial at another rate, whatever else of its pacing is as it is. The answer is a
   * {@link RateWrites.Outcome}: whether that rate is in force.
   *
   * <p>A platform that dials for agents who wait ({@code pacing.platform.actuator: ratio}) is told
   * {@code ratio} (1 to 3), {@code blockMultipleCalls} and, where that is ours to set, {@code
   * overdialPercentage} (0 to 100), see {@link DialingRatio}.
   *
   * @param rate calls a second, or lines for each agent who waits
   */
  @From({"remoteId", "rate"})
  public PlatformRequest setRate(JsonNode campaign, double rate, Urgency urgency, long dueSince) {
    ObjectNode arguments = copy(campaign);
    arguments.put("rate", rate);
    if (byRatio) {
      DialingRatio ratio = DialingRatio.of(rate, fineLever);
      arguments.put("ratio", ratio.ratio());
      arguments.put("blockMultipleCalls", ratio.blockMultipleCalls());
      if (ratio.overdialPercentage() != null) {
        arguments.put("overdialPercentage", ratio.overdialPercentage());
      }
    }
    return new PlatformRequest(arguments, urgency, dueSince);
  }

  /**
   * Gives a platform a part of a campaign's contacts; one that takes none has no such operation. It
   * is sent once: whoever lost the answer asks by {@link #findUpload}. The answer is {@code {list,
   * job}}: the platform's ids of the list that the contacts are in, and of the upload. One without
   * a job says that nothing of the part was sent yet: a platform may make the list first, and is
   * asked again with that.
   *
   * @param upload {@code {part, list, size, sentAt, uploaded, jobs, columns, contacts}}: as for
   *     {@link #findUpload}, with the names of the columns, which are the same in every part, and
   *     for each contact its cells
   */
  @MayLack
  @From({"remoteId", "upload"})
  public PlatformRequest uploadContacts(
      JsonNode campaign, JsonNode upload, Urgency urgency, long dueSince) {
    return about(campaign, upload, urgency, dueSince);
  }

  /**
   * What became of a part whose answer was lost. The answer is {@code {list, job, accepted,
   * refused}}, without a job when the platform shows no upload of it, then with how many contacts
   * its list holds beside earlier parts and how many of the last upload it refused; with a list
   * that was not known when only that was made.
   *
   * @param upload {@code {part, list, size, sentAt, uploaded, jobs}}: its number from 1, the list
   *     of earlier parts or null, how many contacts it has, when it was sent in milliseconds since
   *     the epoch, how many the platform has taken of earlier parts, and the uploads of those
   */
  @MayLack
  @From("remoteId")
  public PlatformRequest findUpload(
      JsonNode campaign, JsonNode upload, Urgency urgency, long dueSince) {
    return about(campaign, upload, urgency, dueSince);
  }

  /**
   * How far a platform is with a part. The answer is {@code {complete, accepted, refused}}: whether
   * it has done all, and how many of the part's contacts it has taken and how many not.
   *
   * @param upload {@code {part, list, job, size, sentAt, uploaded, jobs}}
   */
  @MayLack
  @From("remoteId")
  public PlatformRequest uploadStatus(
      JsonNode campaign, JsonNode upload, Urgency urgency, long dueSince) {
    return about(campaign, upload, urgency, dueSince);
  }

  private static PlatformRequest about(
      JsonNode campaign, JsonNode upload, Urgency urgency, long dueSince) {
    ObjectNode arguments = copy(campaign);
    arguments.set("upload", upload);
    return new PlatformRequest(arguments, urgency, dueSince);
  }

  /** With the same values, which nobody changes. */
  private static ObjectNode copy(JsonNode campaign) {
    return JsonNodeFactory.instance.objectNode().setAll((ObjectNode) campaign);
  }
}
