package io.campaignroutes.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An API that the sandbox plays: what {@link ApiHandler} carries calls to. */
public interface SimulatedApi {

  /**
   * A call.
   *
   * @param path what follows where the API starts, as it was sent
   * @param query null for none
   * @param headers by their name in lower case; the first of several
   * @param origin scheme, host and port to which it was sent
   */
  record Request(
      String method,
      String path,
      String query,
      Map<String, String> headers,
      String origin,
      byte[] body) {

    /** A header; null for none. */
    public String header(String name) {
      return headers.get(name.toLowerCase(java.util.Locale.ROOT));
    }
  }

  /** An answer; an empty body for none. */
  record Answer(int status, Map<String, String> headers, byte[] body) {

    /** An answer in JSON. */
    public static Answer json(int status, Object body) {
      return new Answer(
          status, Map.of("Content-Type", "application/json"), SandboxJson.bytes(body));
    }
  }

  /**
   * The names under which faults are set and calls counted, in the order in which they are told.
   */
  List<String> operations();

  /** What a call asks for; empty when there is no such call. */
  Optional<String> operation(String method, String path);

  /** Does what a call asks for. */
  Answer answer(Request request);

  /** What is answered in place of doing the work, where a fault has a status. */
  Answer faulted(InjectedFault fault, String operation);

  /** What becomes of an answer where a fault has a shape and no status. */
  default Answer reshaped(InjectedFault fault, Answer answer) {
    return answer;
  }
}
