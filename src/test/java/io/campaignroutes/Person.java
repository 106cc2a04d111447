package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser that keeps cookies of a service and of its issuer, and no more. */
final class Person {
  static final String SIGNED_IN = "__Host-campaign-routes";
  static final String UNDER_WAY = "__Host-campaign-routes-sign-in";
  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI console;
  private final Map<String, Map<String, String>> cookies = new TreeMap<>();

  Person(URI console) {
    this.console = console;
  }

  Map<String, String> cookies() {
    return cookies.computeIfAbsent(console.getAuthority(), host -> new TreeMap<>());
  }

  /**
   * Asks the console's service.
   *
   * @param headers names and values by turns
   */
  HttpResponse<String> ask(String method, String path, String... headers)
      throws IOException, InterruptedException {
    return send(method, console.resolve(path), "", headers);
  }

  HttpResponse<String> send(String method, URI where, String body, String... headers)
      throws IOException, InterruptedException {
    Map<String, String> mine = cookies.computeIfAbsent(where.getAuthority(), h -> new TreeMap<>());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(where)
            .timeout(Duration.ofSeconds(30))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    if (!mine.isEmpty()) {
      request.header(
          "Cookie",
          mine.entrySet().stream()
              .map(one -> one.getKey() + "=" + one.getValue())
              .collect(Collectors.joining("; ")));
    }
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    for (String set : answer.headers().allValues("Set-Cookie")) {
      String[] pair = set.split(";")[0].split("=", 2);
      if (pair[1].isEmpty() || set.contains("Max-Age=0")) {
        mine.remove(pair[0]);
      } else {
        mine.put(pair[0], pair[1]);
      }
    }
    return answer;
  }

  static URI to(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    return answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
  }

  /** From the console to the issuer and back, but for the last step, which it returns. */
  URI signInAtTheIssuer(String name) throws IOException, InterruptedException {
    return atTheIssuer(to(ask("GET", "/console/sign-in")), name);
  }

  URI atTheIssuer(URI begin, String name) throws IOException, InterruptedException {
    URI form = to(send("GET", begin, "", "Accept", "text/html"));
    Matcher token = TOKEN.matcher(send("GET", form, "").body());
    assertThat(token.find()).isTrue();
    Map<String, String> fields =
        Map.of("username", name, "password", TestIssuer.PASSWORD, "_csrf", token.group(1));
    String body =
        fields.entrySet().stream()
            .map(
                one ->
                    one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    URI back = to(send("POST", form, body, "Content-Type", "application/x-www-form-urlencoded"));
    return to(send("GET", back, "", "Accept", "text/html"));
  }

  /** All of it; where it leads in the end. */
  URI signIn(String name) throws IOException, InterruptedException {
    return to(send("GET", signInAtTheIssuer(name), ""));
  }

  List<String> setCookies(HttpResponse<String> answer) {
    return answer.headers().allValues("Set-Cookie");
  }
}
