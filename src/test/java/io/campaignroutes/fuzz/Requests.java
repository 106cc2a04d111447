package io.campaignroutes.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.fuzz.FuzzInput.Door;
import io.campaignroutes.fuzz.Operations.Operation;
import io.campaignroutes.text.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests over HTTP: operations of the API with something odd about them. */
public final class Requests {
  private static final int LARGE = 1 << 20;

  private final Operations operations;
  private final Campaigns campaigns;
  private final long seed;
  private final String key;
  private final String token;

  /**
   * Reads examples and the description of the API.
   *
   * @param config the folder {@code config/}
   * @param known ids of campaigns that are there
   * @param key an API key
   * @param token what events carry as {@code X-Webhook-Token}
   */
  public Requests(Path config, List<String> known, long seed, String key, String token)
      throws IOException {
    this.operations = new Operations(config, known);
    this.campaigns = new Campaigns(config);
    this.seed = seed;
    this.key = key;
    this.token = token;
  }

  /** A request while it is put together. */
  static final class Draft {
    String method;
    String target;
    final List<String> headers = new ArrayList<>();
    byte[] body = new byte[0];
    boolean framed = true;

    byte[] bytes(boolean last) {
      var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
      headers.forEach(header -> head.append(header).append("\r\n"));
      if (framed && (body.length > 0 || !method.equals("GET"))) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      head.append(last ? "Connection: close\r\n\r\n" : "\r\n");
      var out = new ByteArrayOutputStream();
      out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(body);
      return out.toByteArray();
    }
  }

  /** The n-th request to the API. */
  public FuzzInput api(long number) {
    Random dice = FuzzInput.dice(seed, number);
    Operation operation = dice.nextInt(3) == 0 ? operations.taking(dice) : operations.any(dice);
    var draft = new Draft();
    draft.method = operation.method();
    boolean oddPath = dice.nextInt(5) == 0;
    draft.target = operations.path(operation, oddPath, dice) + operations.query(operation, dice);
    draft.headers.add("Host: localhost");
    draft.headers.add("Authorization: Bearer " + key);
    draft.headers.add("Prefer: wait=0");
    String kind = oddPath ? "path: odd id" : "as it should be";
    boolean invalid = false;
    if (operation.requests()) {
      Campaigns.Made made = campaigns.any(number, false, dice);
      draft.headers.add("Content-Type: application/json");
      draft.body = made.bytes();
      kind = "request: " + made.kind();
      invalid = made.invalid();
    } else if (operation.body() != null) {
      draft.headers.add("Content-Type: " + operation.body());
      kind = "body: " + body(operation, draft, dice);
    }
    return odd(Door.HTTP, number, draft, kind, invalid, dice);
  }

  private static String body(Operation operation, Draft draft, Random dice) {
    if (operation.body().equals("text/csv")) {
      draft.body = Csv.any(dice);
      return "contacts";
    }
    JsonNode body = Operations.body(operation);
    if (body.isEmpty() || dice.nextBoolean()) {
      Texts.Changed changed =
          Texts.change(body.isEmpty() ? "{\"a\":1}" : body.toString(), false, dice);
      draft.body = changed.bytes();
      return changed.kind();
    }
    String kind = Trees.change(body, dice);
    draft.body = Texts.utf8(body.toString());
    return kind;
  }

  /** The n-th request to the receiver of events. */
  public FuzzInput event(long number) {
    Random dice = FuzzInput.dice(seed, number);
    Texts.Changed event = Events.any(number, dice);
    var draft = new Draft();
    draft.method = "POST";
    draft.target = "/webhooks/cxone";
    draft.headers.add("Host: cxone.example");
    draft.headers.add("Content-Type: application/json");
    draft.headers.add("X-Webhook-Token: " + token);
    draft.body = event.bytes();
    return odd(Door.WEBHOOK, number, draft, "event: " + event.kind(), true, dice);
  }

  /** One in three is odd in something else than its body. */
  private FuzzInput odd(
      Door door, long number, Draft draft, String kind, boolean invalid, Random dice) {
    switch (dice.nextInt(12)) {
      case 0 -> {
        String what = Heads.target(draft, dice);
        return new FuzzInput(number, door, what, invalid, true, draft.bytes(true));
      }
      case 1, 2 -> {
        String what = Heads.header(draft, dice);
        return new FuzzInput(number, door, what, invalid, true, draft.bytes(true));
      }
      case 3 -> {
        Framing.Framed framed = Framing.any(draft, dice);
        return new FuzzInput(
            number, door, "framing: " + framed.kind(), invalid, true, framed.bytes());
      }
      case 4 -> {
        if (dice.nextInt(40) != 0) { // a body of this size is costly to send, too
          return new FuzzInput(number, door, kind, invalid, false, draft.bytes(false));
        }
        draft.body = large(dice);
        return new FuzzInput(number, door, "body: over 1 MiB", true, true, draft.bytes(true));
      }
      default -> {
        return new FuzzInput(number, door, kind, invalid, false, draft.bytes(false));
      }
    }
  }

  private static byte[] large(Random dice) {
    int size = LARGE + 1 + dice.nextInt(1_000);
    return switch (dice.nextInt(3)) {
      case 0 -> Texts.utf8("[".repeat(size));
      case 1 -> Texts.utf8(Json.object().put("name", "a".repeat(size)).toString());
      default -> Texts.utf8("[{}" + ",{}".repeat(size / 3) + "]");
    };
  }
}
