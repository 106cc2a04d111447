package io.campaignroutes.cxone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the base of the API is found out: by a question in which claims of the token stand.
 *
 * @param query with {@code {claim}} for claims of the token
 * @param base what makes the base of the answer
 */
record Discovery(String query, Expression base) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CLAIM = Pattern.compile("\\{(\\w+)}");

  /**
   * The query string that asks for it.
   *
   * @param token a JSON web token; it is not verified, since it comes from where it is sent to
   * @throws IllegalArgumentException when it has no such claims, a sentence
   */
  String query(String token) {
    JsonNode claims = claims(token);
    Matcher matcher = CLAIM.matcher(query);
    var filled = new StringBuilder();
    while (matcher.find()) {
      String claim = claims.path(matcher.group(1)).asText("");
      if (claim.isBlank()) {
        throw new IllegalArgumentException(
            "CXone's token does not tell the %s that its API is asked for with. Set CXONE_BASE_URL."
                .formatted(matcher.group(1)));
      }
      matcher.appendReplacement(
          filled, Matcher.quoteReplacement(URLEncoder.encode(claim, StandardCharsets.UTF_8)));
    }
    return matcher.appendTail(filled).toString();
  }

  private static JsonNode claims(String token) {
    String[] parts = token.split("\\.");
    try {
      return parts.length < 2
          ? JSON.createObjectNode()
          : JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
    } catch (IOException | IllegalArgumentException e) {
      return JSON.createObjectNode(); // no JSON web token
    }
  }

  /**
   * The base that an answer tells, without a slash at its end.
   *
   * @throws IllegalArgumentException when it tells none that calls with a token may go to, a
   *     sentence
   */
  String base(byte[] answer) {
    String told = "";
    try {
      told = base.apply(JSON.readTree(answer)).asText("").strip();
    } catch (JsonProcessingException | JsltException e) {
      told = ""; // a page, say
    } catch (IOException e) {
      throw new IllegalArgumentException("CXone's answer cannot be read.", e);
    }
    if (!usable(told)) {
      throw new IllegalArgumentException(
          "CXone does not tell where its API is"
              + (told.isEmpty() ? "" : " (it says " + Plain.line(told, 100) + ")")
              + ". Check CXONE_DISCOVERY_URL, or set CXONE_BASE_URL.");
    }
    return told.replaceFirst("/+$", "");
  }

  /** The token goes there: over TLS, or to this machine. What Camel would replace is no address. */
  private static boolean usable(String address) {
    try {
      URI uri = new URI(address);
      boolean plain = "http".equalsIgnoreCase(uri.getScheme());
      return uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getRawUserInfo() == null
          && ("https".equalsIgnoreCase(uri.getScheme())
              || plain && InetAddress.getByName(uri.getHost()).isLoopbackAddress());
    } catch (URISyntaxException | UnknownHostException e) {
      return false; // a name in braces is none, too
    }
  }
}
