package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.InjectedFault;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.UriUtils;

/**
 * A tenant of Personal Connection as its API shows it: token calls and discovery beside the API,
 * which checks the token, the role, the versions and what an answer may look like.
 */
public final class PersonalConnection implements SimulatedApi {

  /** Where it starts. */
  public static final String BASE = "/sandbox/personal-connection";

  private static final Logger LOG = LoggerFactory.getLogger(PersonalConnection.class);
  private static final Pattern SERVICE =
      Pattern.compile("(/tenant(?:-\\d+)?)/(?i:incontactapi)/services/v(\\d+)\\.0(/.*)");
  private static final String NO_RENDERING = "No known way to render data";

  private final PersonalConnectionProperties properties;
  private final BusinessUnit unit;
  private final AccessTokens tokens;
  private final SignIn signIn;
  private final CallTable open = new CallTable();
  private final CallTable services = new CallTable();
  private final FigureCalls figures;
  private final Set<String> forbidden = new TreeSet<>();
  private long second;
  private int callsOfSecond;
  private String callsDay = "";
  private long callsOfDay;

  /** A tenant in which nobody calls yet. */
  public PersonalConnection(Clock clock, PersonalConnectionProperties properties) {
    this.properties = properties;
    unit = new BusinessUnit(clock, properties);
    tokens = new AccessTokens(clock, properties.tokenLifetime());
    signIn = new SignIn(properties, tokens);
    signIn.register(open);
    figures = new FigureCalls(unit);
    new PeopleCalls(unit).register(services);
    new CampaignCalls(unit).register(services);
    new SkillCalls(unit).register(services);
    new SettingCalls(unit).register(services);
    new ListCalls(unit).register(services);
    figures.register(services);
  }

  @Override
  public List<String> operations() {
    return Stream.concat(open.labels().stream(), services.labels().stream()).toList();
  }

  @Override
  public Optional<String> operation(String method, String path) {
    Matcher service = SERVICE.matcher(path);
    Optional<CallTable.Found> found =
        service.matches() ? services.find(method, service.group(3)) : open.find(method, path);
    return found.map(call -> call.entry().label());
  }

  @Override
  public Answer answer(Request request) {
    try {
      Matcher service = SERVICE.matcher(request.path());
      synchronized (unit) {
        unit.advance();
        return service.matches()
            ? rendered(request, service(request, service))
            : answer(request, open, 0, request.path());
      }
    } catch (Refused e) {
      return e.answer();
    }
  }

  private Answer service(Request request, Matcher service) {
    if (!service.group(1).equals(signIn.apiPath())) {
      throw Refused.told(404, "Not Found"); // the tenant has moved
    }
    admit(request);
    String path = service.group(3);
    operation(request.method(), request.path())
        .filter(forbidden::contains)
        .ifPresent(
            label -> {
              throw Refused.told(403, "Forbidden. Check Security Profile permissions");
            });
    return answer(request, services, Integer.parseInt(service.group(2)), path);
  }

  private static Answer answer(Request request, CallTable calls, int version, String path) {
    CallTable.Found found =
        calls
            .find(request.method(), path)
            .orElseThrow(
                () ->
                    calls.knows(path)
                        ? Refused.header(405, "Method Not Allowed")
                        : Refused.header(404, "resource not found"));
    return found
        .entry()
        .work()
        .apply(new TenantCall(version, found.parts(), query(request.query()), request));
  }

  private void admit(Request request) {
    String authorization = request.header("Authorization");
    if (authorization == null
        || !authorization.startsWith("Bearer ")
        || !tokens.good(authorization.substring("Bearer ".length()).trim())) {
      throw Refused.told(401, "The token is expired, unknown or malformed");
    }
    long now = unit.now();
    String today =
        Instant.ofEpochMilli(now).atZone(ZoneNames.BUSINESS_UNIT_ID).toLocalDate().toString();
    callsOfDay = today.equals(callsDay) ? callsOfDay + 1 : 1;
    callsDay = today;
    callsOfSecond = now / 1000 == second ? callsOfSecond + 1 : 1;
    second = now / 1000;
    if (properties.rateLimit() > 0 && callsOfSecond > properties.rateLimit()) {
      throw Refused.told(429, "Too many requests");
    }
  }

  /** Without the right header an answer's body is a text that no client can read. */
  private static Answer rendered(Request request, Answer answer) {
    String accept = request.header("Accept");
    if (answer.body().length == 0 || accept != null && accept.contains("application/json")) {
      return answer;
    }
    return new Answer(
        answer.status(),
        Map.of("Content-Type", "text/plain"),
        NO_RENDERING.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new HashMap<>();
    for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1).replace('+', ' ');
      try {
        query.put(name, UriUtils.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) { // a stray percent sign
        throw Refused.header(400, "InvalidParameter");
      }
    }
    return query;
  }

  @Override
  public Answer faulted(InjectedFault fault, String operation) {
    String code = fault.errorCode() == null ? "sandbox fault" : fault.errorCode();
    if (InjectedFault.HEADER.equals(fault.shape())) {
      return Refused.headerOnly(fault.status(), code);
    }
    if (InjectedFault.ERRORS.equals(fault.shape())) {
      ObjectNode told = SandboxJson.object().put("errorCount", 1);
      for (String results : List.of("skillsResults", "campaignResults", "agentResults")) {
        told.putArray(results).addObject().put("success", false).put("error", code);
      }
      return Answer.json(fault.status(), told);
    }
    return Answer.json(
        fault.status(),
        SandboxJson.object()
            .put("error", Refused.word(fault.status()))
            .put("error_description", code + " on " + operation));
  }

  @Override
  public Answer reshaped(InjectedFault fault, Answer answer) {
    if (!InjectedFault.NO_ID.equals(fault.shape())) {
      return answer;
    }
    try {
      ObjectNode body = (ObjectNode) SandboxJson.read(answer.body());
      body.findParents("skillId").forEach(of -> ((ObjectNode) of).remove("skillId"));
      body.findParents("campaignId").forEach(of -> ((ObjectNode) of).remove("campaignId"));
      body.remove("id");
      return Answer.json(answer.status(), body);
    } catch (IOException e) {
      throw new IllegalStateException("answers are JSON", e);
    }
  }

  /** Lets time pass. */
  public void advance() {
    synchronized (unit) {
      unit.advance();
    }
  }

  /** What people do in CXone's pages, and what happens to the tenant. */
  PeopleAtWork people() {
    return new PeopleAtWork(unit, tokens, signIn, forbidden, () -> callsOfDay);
  }

  /** Adds skills that run, with agents and records: for trials of many. */
  public void addRunningSkills(int first, int count, int agentsOfEach, int records) {
    synchronized (unit) {
      unit.advance();
      for (int n = 0; n < count; n++) {
        ObjectNode fields =
            SandboxJson.object()
                .put("mediaTypeId", 4)
                .put("skillName", "Trial " + (first + n))
                .put("campaignId", 501)
                .put("isOutbound", true)
                .put("outboundStrategy", "Personal Connection")
                .put("isActive", true);
        Skill skill = unit.addSkill(first + n, fields, Long.MIN_VALUE);
        unit.addAgents(skill, 100_000 + (first + n) * 50, agentsOfEach);
        int list = 50_000 + first + n;
        unit.addList(list, "Trial list " + list).filled(records);
        unit.bind(skill, list, records);
        skill.runs(true, false, unit.now());
      }
      LOG.info("sandbox: {} skills run", count);
    }
  }
}
