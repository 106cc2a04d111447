package io.campaignroutes.fuzz;

import io.campaignroutes.fuzz.Requests.Draft;
import java.util.List;
import java.util.Random;

/** Odd targets and headers. */
final class Heads {
  private static final List<String> METHODS =
      List.of(
          "get",
          "Get",
          "PUT",
          "DELETE",
          "PATCH",
          "HEAD",
          "OPTIONS",
          "TRACE",
          "CONNECT",
          "PROPFIND",
          "",
          "G\u00c4T",
          "X".repeat(9_000),
          "$",
          "QUERY",
          "PRI");

  private static final List<String> PIECES =
      List.of(
          "/..",
          "/../..",
          "//",
          "/./",
          ";a=b",
          ";jsessionid=1",
          "%2f",
          "%2F..%2f",
          "%5c",
          "\\",
          "%00",
          "%",
          "%zz",
          "%u0041",
          "%c0%af",
          "%e0%80%af",
          "%ff",
          "\u00e4",
          " ",
          "\t",
          "#a",
          "?",
          "??",
          "&&",
          "?a=%",
          "?=",
          "?a&a&a",
          "%0d%0aX: 1",
          "%0a",
          "\u0001",
          "\u007f",
          "{",
          "}",
          "|",
          "^",
          "`",
          "\"",
          "<",
          ">",
          "*",
          ":",
          "@",
          "/%2e%2e/",
          "/a".repeat(2_000),
          "?" + "a=1&".repeat(2_000),
          "+",
          ",",
          "/.",
          "/actuator",
          "/actuator/env",
          "/actuator/heapdump",
          "/error",
          "/static/../x");

  private static final List<String> TARGETS =
      List.of(
          "*",
          "http://evil.example/campaigns",
          "http://",
          "campaigns",
          "/",
          "//",
          "//evil.example/x",
          "/%2e%2e/%2e%2e/etc/passwd",
          "/campaigns/../actuator/env",
          "/WEB-INF/web.xml",
          "/META-INF/MANIFEST.MF",
          "/console/..%2f..%2fapplication.yaml",
          "/console/%2e%2e/%2e%2e/config/application.yaml",
          "/webhooks/cxone/",
          "/Webhooks/Cxone",
          "/webhooks/%63xone",
          "/campaigns/create/",
          "/campaigns.json",
          "/campaigns;a=b/create",
          "localhost:80",
          "/?%3Cscript%3E",
          "/sandbox/cxone/oauth/token",
          "/sandbox/faults",
          "/login",
          "/logout",
          "/oauth2/authorization/people",
          "/favicon.ico",
          "/robots.txt",
          "/index.html",
          "/console/",
          "/console",
          "/events?after=x",
          "/actuator/",
          "/actuator/metrics",
          "/actuator/shutdown",
          "/actuator/prometheus?x",
          "/actuator/health/readiness/..");

  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          ",",
          ";",
          "=",
          "\"",
          "\"a",
          "a\"b\"",
          "%00",
          "\u0001",
          "\u007f",
          "\u00e4\u00ff",
          "0",
          "-1",
          "99999999999999999999",
          "1.5",
          "NaN",
          "null",
          "*",
          "*/*",
          "a/b;q=x",
          "a/b/c",
          "/",
          "text/html",
          "text/html, application/json;q=0",
          "application/json;charset=utf-16",
          "application/json; charset=",
          "application/json;charset=\"",
          "application/problem+json",
          "application/xml",
          "text/plain",
          "multipart/form-data",
          "multipart/form-data; boundary=x",
          "application/x-www-form-urlencoded",
          "application/x-ndjson",
          "application/json, application/json",
          "gzip",
          "gzip, gzip",
          "br",
          "identity",
          "chunked",
          "wait=-1",
          "wait=99999999999999999999",
          "wait=abc",
          "wait=1, wait=0",
          "respond-async",
          "Basic Zm9vOmJhcg==",
          "Bearer",
          "Bearer ",
          "Bearer a b",
          "Bearer eyJhbGciOiJub25lIn0.e30.",
          "bearer x",
          "Bearer " + "a".repeat(5_000),
          "for=1.2.3.4;host=evil",
          "for=\"[::1]\";proto=https",
          "evil.example",
          "localhost:99999",
          "localhost:abc",
          "[::1",
          "a b",
          "http://evil.example",
          "cross-site",
          "bytes=0-",
          "bytes=-1",
          "bytes=9-1,0-0,5-5",
          "Thu, 01 Jan 1970 00:00:00 GMT",
          "Thu, 99 Foo 0000",
          "W/\"x\"",
          "100-continue",
          "200-ok",
          "h2c",
          "websocket",
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "00-" + "f".repeat(32) + "-" + "0".repeat(16) + "-zz",
          "a=b; c=\"d",
          "JSESSIONID=../../x",
          "${jndi:ldap://x/y}",
          "' or 1=1",
          "() { :; }; x",
          "x".repeat(7_000),
          "\uD83D",
          "1, 1",
          "close, keep-alive");

  private static final List<String> NAMES =
      List.of(
          "Content-Type",
          "Content-Type",
          "Content-Type",
          "Accept",
          "Accept",
          "Accept-Encoding",
          "Accept-Language",
          "Accept-Charset",
          "Content-Encoding",
          "Content-Encoding",
          "Prefer",
          "Prefer",
          "Idempotency-Key",
          "Idempotency-Key",
          "Authorization",
          "Authorization",
          "X-Webhook-Token",
          "X-Webhook-Token",
          "Host",
          "Host",
          "Origin",
          "Sec-Fetch-Site",
          "Referer",
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Forwarded-Prefix",
          "X-Forwarded-Port",
          "Cookie",
          "Range",
          "If-None-Match",
          "If-Match",
          "If-Modified-Since",
          "Expect",
          "Upgrade",
          "traceparent",
          "tracestate",
          "baggage",
          "X-Request-Id",
          "X-Correlation-Id",
          "Last-Event-ID",
          "X-HTTP-Method-Override",
          "Date",
          "Via",
          "TE",
          "Trailer",
          "HTTP2-Settings",
          "CamelHttpUri",
          "CamelHttpMethod",
          "breadcrumbId",
          "User-Agent");

  private Heads() {}

  /** Changes the first line. */
  static String target(Draft draft, Random dice) {
    switch (dice.nextInt(5)) {
      case 0 -> {
        draft.method = METHODS.get(dice.nextInt(METHODS.size()));
        return "method";
      }
      case 1 -> {
        draft.target = TARGETS.get(dice.nextInt(TARGETS.size()));
        return "path: another";
      }
      case 2 -> {
        draft.target +=
            (draft.target.contains("?") ? "&" : "?")
                + List.of("limit", "after", "status", "unknown", "limit[]", "from", "wait")
                    .get(dice.nextInt(7))
                + "="
                + Operations.value(dice);
        return "query";
      }
      default -> {
        int at = 1 + dice.nextInt(draft.target.length());
        draft.target =
            draft.target.substring(0, at)
                + PIECES.get(dice.nextInt(PIECES.size()))
                + draft.target.substring(at);
        return "path: a piece put in";
      }
    }
  }

  /** Changes, adds or takes away a header. */
  static String header(Draft draft, Random dice) {
    String name = NAMES.get(dice.nextInt(NAMES.size()));
    String value = VALUES.get(dice.nextInt(VALUES.size()));
    switch (dice.nextInt(10)) {
      case 0 -> {
        draft.headers.remove(dice.nextInt(draft.headers.size()));
        return "header left out";
      }
      case 1 -> {
        draft.headers.add(name + ": " + value);
        draft.headers.add(name + ": " + VALUES.get(dice.nextInt(VALUES.size())));
        return "header twice";
      }
      case 2 -> {
        draft.headers.add(
            List.of(
                    "",
                    ": x",
                    "a b: c",
                    "no colon",
                    "N\u00e4me: x",
                    "X\u0000: y",
                    "X: a\u0000b",
                    "X: a\rb",
                    " X: y",
                    "X: a\r\n folded",
                    "(): x",
                    "X:" + " ".repeat(5_000),
                    "X".repeat(7_000) + ": y")
                .get(dice.nextInt(13)));
        return "header: no header";
      }
      case 3 -> {
        int count = List.of(90, 110, 3_000).get(dice.nextInt(3));
        for (int n = 0; n < count; n++) {
          draft.headers.add("X-" + n + ": " + n);
        }
        return "headers: many";
      }
      case 4 -> {
        draft.headers.add(
            "X-Large: " + "y".repeat(List.of(4_000, 9_000, 70_000).get(dice.nextInt(3))));
        return "header: large";
      }
      case 5 -> {
        draft.headers.add("Content-Encoding: gzip");
        draft.body = Texts.gzip(draft.body);
        return "body packed";
      }
      default -> {
        draft.headers.removeIf(header -> header.startsWith(name + ":"));
        draft.headers.add(name + ": " + value);
        return "header: odd value";
      }
    }
  }
}
