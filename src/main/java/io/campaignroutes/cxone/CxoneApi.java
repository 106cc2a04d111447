package io.campaignroutes.cxone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import io.campaignroutes.cxone.CxoneRefusedException.Meaning;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What each operation of CXone's API is, read from one file of {@code config/cxone/}: which method,
 * path and body it has and how its answer is read. A tenant whose API differs needs another such
 * file and no code.
 */
public final class CxoneApi {
  /** The call that gives a platform contacts; one that has none takes none. */
  public static final String UPLOAD_CONTACTS = "uploadContacts";

  /**
   * The call that stops a campaign and ends its calls; a platform without it has soft stops only.
   */
  static final String FORCE_STOP = "forceStop";

  /** A read of what every tenant has: unless it is answered, no 404 of another call is believed. */
  static final String API_THERE = "apiThere";

  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final Map<String, String> messages;
  private final Map<String, RemoteStatus> statuses;
  private final Map<Integer, Meaning> refusals;
  private final Expression error;
  private final CampaignTemplate campaign;
  private final Map<String, JsonNode> variables;
  private final CallMeters meters;
  private final Reachability reachability;
  private Consumer<Call> listener = call -> {};
  private RunFence fence = arguments -> {};

  /**
   * @param file such as {@code config/cxone/v2.yaml}
   * @param variables what templates may use as {@code $name}
   * @throws IllegalStateException when the file cannot be read or one of its templates is wrong,
   *     saying which
   */
  public CxoneApi(Path file, Map<String, String> variables) {
    this(ApiFile.read(file), file, variables, CallMeters.NONE, new Reachability());
  }

  /**
   * @param variables what templates may use as {@code $name}; texts that must not be shown
   */
  CxoneApi(
      ApiFile text,
      Path file,
      Map<String, String> variables,
      CallMeters meters,
      Reachability reachability) {
    this.meters = meters;
    this.reachability = reachability;
    this.messages = text.messages() == null ? Map.of() : text.messages();
    this.statuses = text.statuses() == null ? Map.of() : text.statuses();
    this.refusals = text.refusals() == null ? Map.of() : text.refusals();
    this.error = ApiFile.template(file, "error", text.error());
    this.variables = new ConcurrentHashMap<>();
    variables.forEach(this::with);
    Expression failed = ApiFile.template(file, "failed", text.failed());
    text.operations()
        .forEach(
            (name, o) ->
                operations.put(
                    name,
                    new Operation(
                        name,
                        o.method(),
                        o.path(),
                        o.query(),
                        o.kind(),
                        o.scope(),
                        o.permission(),
                        o.accept() == null ? Set.of() : o.accept(),
                        ApiFile.template(file, name + ".request", o.request()),
                        ApiFile.answerTemplate(file, name + ".answer", o.answer()),
                        o.needs() == null ? List.of() : o.needs(),
                        o.empty() == null ? List.of() : o.empty(),
                        o.page(),
                        o.failed() == null
                            ? failed
                            : ApiFile.template(file, name + ".failed", o.failed()),
                        text.errorHeader(),
                        o.hidesNumbers())));
    if (statuses.isEmpty()) { // or no campaign would ever be seen to dial
      throw new IllegalStateException(
          file
              + " does not say what the platform's words for how a campaign stands mean. Add"
              + " statuses: as config/cxone/v2.yaml has it.");
    }
    this.campaign = text.campaignOf(file);
  }

  /** Has what came of every call told to somebody besides. */
  CxoneApi telling(Consumer<Call> whom) {
    this.listener = whom;
    return this;
  }

  /** Has writes of runs that have lost their campaign end before they are sent. */
  CxoneApi fencedBy(RunFence fence) {
    this.fence = fence;
    return this;
  }

  /** Gives what templates use as {@code $name} another text, one that must not be shown. */
  final void with(String name, String text) {
    variables.put(name, TextNode.valueOf(text));
  }

  /** Adds what templates may use besides as {@code $name}. */
  CxoneApi with(Map<String, JsonNode> more) {
    variables.putAll(more);
    return this;
  }

  /** What a campaign is created from: the {@code payload} of {@link PlatformRequests}. */
  public CampaignTemplate campaign() {
    return campaign;
  }

  /** Whether the platform can be given contacts. */
  public boolean takesContacts() {
    return operations.containsKey(UPLOAD_CONTACTS);
  }

  /** Whether a stop can end the calls that are under way, too. */
  public boolean forcesStops() {
    return operations.containsKey(FORCE_STOP);
  }

  /**
   * A call that is ready to be sent.
   *
   * @param name the operation
   * @param request whose arguments its path, query and body are made from
   * @throws IllegalArgumentException when there is no such operation or an argument is missing
   */
  public Call call(String name, PlatformRequest request, int repeats) {
    Operation operation = operations.get(name);
    if (operation == null) {
      throw new IllegalArgumentException(
          "The API file describes no operation '" + name + "'; it has " + operations.keySet());
    }
    JsonNode arguments = request.arguments();
    byte[] body = null;
    if (operation.request() != null) {
      body = CxoneJson.bytes(operation.request().apply(variables, arguments));
    }
    return new Call(
        operation,
        Placeholders.fill(operation.path(), arguments),
        operation.query() == null || operation.page() != null
            ? null
            : Placeholders.fill(operation.query(), arguments),
        operation.page() == null ? null : pages(operation, arguments),
        body,
        request,
        repeats,
        meters,
        reachability);
  }

  private static Pages pages(Operation operation, JsonNode arguments) {
    Operation.Page page = operation.page();
    ObjectNode of = JsonNodeFactory.instance.objectNode().setAll((ObjectNode) arguments);
    of.put("top", page.size());
    return new Pages(
        page.items(),
        page.size(),
        skip -> Placeholders.fill(operation.query(), of.put("skip", skip)));
  }

  /**
   * The token that the next sending of a call carries.
   *
   * @throws RuntimeException when it is a write and its run has lost its campaign: it is not sent
   */
  public void carry(Call call, Token token) {
    if (call.operation().kind() != Operation.Kind.READ) {
      fence.check(call.arguments());
    }
    call.carry(token);
  }

  /**
   * A call could not be sent, or its answer was lost.
   *
   * @param cause null when the circuit breaker is open and nothing was sent
   */
  public void failed(Call call, Throwable cause) {
    call.failed(cause);
  }

  /**
   * The answer to a call in the shape that the routes work with.
   *
   * @throws CxoneRefusedException when CXone said no
   * @throws CxoneUnavailableException when it said nothing that can be used, or was not asked: a
   *     call that a stop of the service kept from being sent has no answer
   */
  public JsonNode answer(Call call) {
    call.ended();
    listener.accept(call);
    int status = call.status();
    boolean done = status / 100 == 2 || call.operation().accept().contains(status);
    JsonNode answer = null;
    CxoneUnavailableException none = call.failure();
    if (none == null && done) {
      try {
        if (status / 100 == 2) {
          JsonNode told = json(call);
          done = !failed(call, told);
          answer = done ? shaped(call, told) : null;
        } else {
          answer = shape(call, NullNode.instance);
        }
        reachability.answered();
      } catch (CxoneUnavailableException e) {
        reachability.failed(e.getMessage());
        none = e;
      }
    }
    meters.ended(call.operation().name(), none, !done);
    if (none != null) {
      throw none;
    }
    if (done) {
      return answer;
    }
    Refusal said = refusal(call);
    Meaning meaning = refusals.getOrDefault(status, Meaning.ofHttp(status));
    var refused =
        new CxoneRefusedException(
            status,
            said.code(),
            RefusalSentence.of(call, said, said.code() == null ? null : messages.get(said.code())),
            meaning);
    boolean nowhere = call.operation().name().equals(API_THERE);
    if (refused.gone() && (nowhere || page(call.answerBody()))) {
      throw unusable(call, nowhere ? "finds no API" : "is a web page");
    }
    throw refused.gone() && operations.containsKey(API_THERE) ? refused.unproved() : refused;
  }

  /** The call that tells whether the API is there at which another one has found nothing. */
  public Call callApiThere(Call other, int repeats) {
    return call(API_THERE, other.request(), repeats);
  }

  /**
   * Throws what CXone has answered, out of what has wrapped it on its way.
   *
   * @throws Exception the failure itself where CXone has not answered
   */
  public void fail(Exception failure) throws Exception {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CxoneException answer) {
        throw answer;
      }
    }
    throw failure;
  }

  /** Throws a refusal that has been proved. */
  public void refuse(CxoneRefusedException proved) {
    throw proved;
  }

  /** Whether it is HTML: that something does not exist is then not CXone's word. */
  static boolean page(byte[] body) {
    return new String(body, 0, Math.min(body.length, 100), StandardCharsets.ISO_8859_1)
        .stripLeading()
        .startsWith("<");
  }

  private JsonNode shape(Call call, JsonNode answer) {
    Expression template = call.operation().answer();
    return template == null ? answer : template.apply(variables, answer);
  }

  /** Whether a 2xx tells that what was asked for was not done. */
  private boolean failed(Call call, JsonNode told) {
    Expression failed = call.operation().failed();
    try {
      return failed != null && failed.apply(variables, told).asBoolean();
    } catch (JsltException e) {
      throw unusable(call, "has another shape than expected");
    }
  }

  /** A 2xx that lacks what the operation needs is somebody else's, a proxy's say, and no answer. */
  private JsonNode shaped(Call call, JsonNode told) {
    JsonNode answer;
    try {
      answer = shape(call, told);
    } catch (JsltException e) {
      throw unusable(call, "has another shape than expected");
    }
    if (call.status() == 204 && answer instanceof ObjectNode nothing) {
      call.operation().empty().forEach(nothing::putArray);
    }
    for (String field : call.operation().needs()) {
      JsonNode value = answer.path(field);
      if (value.isMissingNode()
          || value.isNull()
          || value.isBoolean() // which would pass for the text "false"
          || value.isObject()
          || value.isTextual() && value.asText().isBlank()) {
        throw unusable(call, "tells no '" + field + "'");
      }
    }
    return answer;
  }

  private static CxoneUnavailableException unusable(Call call, String why) {
    return new CxoneUnavailableException(
        CxoneUnavailableException.Kind.UNREACHABLE,
        "CXone's answer to %s (%d) %s, so it cannot be used. A proxy may be answering in CXone's place; if the tenant's API differs, describe it in config/cxone."
            .formatted(call.operation().name(), call.status(), why),
        null,
        null);
  }

  /** What an operator reads for an error code of CXone's; the code as it came when unknown. */
  public String message(String code) {
    return messages.getOrDefault(code, code);
  }

  /**
   * What a word of the platform's for how a campaign stands means.
   *
   * @param word null for none
   */
  public RemoteStatus status(String word) {
    return word == null ? RemoteStatus.UNKNOWN : statuses.getOrDefault(word, RemoteStatus.UNKNOWN);
  }

  /** The platform's own word for it, to be shown; null when it has none. */
  public String word(RemoteStatus status) {
    return statuses.entrySet().stream()
        .filter(known -> known.getValue() == status)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private Refusal refusal(Call call) {
    List<String> secrets =
        call.secrets(
            variables.values().stream().filter(JsonNode::isTextual).map(JsonNode::asText).toList());
    return call.operation()
        .told(
            Refusal.of(
                    call.answerBody(),
                    body -> error == null ? NullNode.instance : error.apply(variables, body),
                    call.answerSaid(),
                    secrets)
                .named(call.errorNamed(), secrets));
  }

  private static JsonNode json(Call call) {
    JsonNode pages = call.pages();
    try {
      return pages == null ? CxoneJson.read(call.answerBody()) : pages;
    } catch (StreamConstraintsException e) {
      throw unusable(call, "is larger, or nested deeper, than any that was asked for");
    } catch (JsonProcessingException e) {
      throw unusable(call, "is not JSON");
    }
  }
}
