package io.campaignroutes.cxone;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import com.schibsted.spt.data.jslt.filters.DefaultJsonFilter;
import com.schibsted.spt.data.jslt.filters.JsonFilter;
import io.campaignroutes.cxone.CxoneRefusedException.Meaning;
import io.campaignroutes.text.TemplateFault;
import io.campaignroutes.text.YamlFault;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.component.http.HttpMethods;

/** A file of {@code config/cxone/}, as it is written. */
public record ApiFile(
    List<TokenKind> token,
    DiscoveryText discovery,
    @JsonProperty("error-header") String errorHeader,
    String error,
    String failed,
    String campaign,
    String rate,
    Map<String, String> messages,
    Map<String, RemoteStatus> statuses,
    Map<Integer, Meaning> refusals,
    EventsText events,
    Map<String, OperationText> operations) {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  record EventsText(@JsonProperty("token-header") String tokenHeader, String event) {}

  /**
   * Where the base of the API is asked for.
   *
   * @param query with {@code {claim}} for claims of the token
   * @param base JSLT template that makes the base of the answer
   */
  record DiscoveryText(String query, String base) {}

  record OperationText(
      HttpMethods method,
      String path,
      String query,
      Operation.Kind kind,
      String scope,
      String permission,
      Set<Integer> accept,
      String request,
      String answer,
      List<String> needs,
      List<String> empty,
      Operation.Page page,
      String failed,
      @JsonProperty("hides-numbers") boolean hidesNumbers,
      @JsonProperty("tenant-wide") boolean tenantWide) {}

  /** The ways to a token, the first of which all credentials are given is taken. */
  public List<TokenKind> tokenKinds() {
    return token == null || token.isEmpty() ? List.of(TokenKind.CLIENT_CREDENTIALS) : token;
  }

  /** Whether the base of the API is asked for when none is set. */
  public boolean discovers() {
    return discovery != null;
  }

  /**
   * How the base of the API is found.
   *
   * @throws IllegalStateException when what is said of that is wrong, saying how
   */
  Discovery discoveryOf(Path file) {
    return discovery == null
        ? null
        : new Discovery(discovery.query(), template(file, "discovery.base", discovery.base()));
  }

  /**
   * Reads a file.
   *
   * @throws IllegalStateException when it cannot be read or has another shape, saying how
   */
  public static ApiFile read(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(file + " is not there or cannot be read.", e);
    }
    String what;
    try {
      JsonNode tree = YAML.readTree(yaml);
      if (tree.isObject()) {
        return YAML.treeToValue(tree, ApiFile.class);
      }
      what = "it has no keys such as operations. Put it back as it was.";
    } catch (UnrecognizedPropertyException e) {
      what =
          "there is no property " + e.getPropertyName() + ". Known are " + e.getKnownPropertyIds();
    } catch (JsonMappingException e) {
      what =
          e.getPath().stream()
              .map(step -> step.getFieldName() == null ? "list" : step.getFieldName())
              .collect(
                  Collectors.joining(
                      ".", "the value of ", " is not of the kind that it has to be"));
    } catch (JsonProcessingException e) {
      what = YamlFault.of(e, yaml).sentence();
    }
    throw new IllegalStateException(file + " does not describe CXone's API: " + what);
  }

  /**
   * The calls that leave out what the port asks with, or wants to be told.
   *
   * @param routeFiles the platform's, each a list of routes
   */
  public List<UnreadArguments.Unread> unreadArguments(List<JsonNode> routeFiles) {
    return UnreadArguments.find(routeFiles, YAML.valueToTree(operations));
  }

  /**
   * What a campaign is created from.
   *
   * @throws IllegalStateException when that is not there or wrong, saying how
   */
  CampaignTemplate campaignOf(Path file) {
    try {
      return CampaignTemplate.of(file.toString(), campaign, rate);
    } catch (JsltException e) {
      throw invalid(file, "campaign", campaign, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(file + " " + e.getMessage(), e);
    }
  }

  /**
   * What the platform posts.
   *
   * @throws IllegalStateException when what is said of that is wrong, saying how
   */
  PlatformEvents eventsOf(Path file) {
    if (events == null) {
      return PlatformEvents.NONE;
    }
    try {
      return PlatformEvents.of(events.tokenHeader(), events.event());
    } catch (JsltException e) {
      throw invalid(file, "events.event", events.event(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(file + ", events " + e.getMessage(), e);
    }
  }

  /**
   * A template of a file; null for none.
   *
   * @throws IllegalStateException when it is not valid, saying where
   */
  static Expression template(Path file, String where, String text) {
    try {
      return compiled(text, new DefaultJsonFilter());
    } catch (JsltException e) {
      throw invalid(file, where, text, e);
    }
  }

  /** An answer keeps its empty lists: no agents is an answer, and another one than none. */
  static Expression answerTemplate(Path file, String where, String text) {
    try {
      return keepingEmpty(text);
    } catch (JsltException e) {
      throw invalid(file, where, text, e);
    }
  }

  /**
   * The same of a template whose place is told by the caller.
   *
   * @throws JsltException when it is not valid
   */
  static Expression keepingEmpty(String text) {
    return compiled(text, value -> !value.isNull());
  }

  private static Expression compiled(String text, JsonFilter keep) {
    return text == null
        ? null
        : new Parser(new StringReader(text)).withObjectFilter(keep).compile();
  }

  private static IllegalStateException invalid(
      Path file, String where, String text, JsltException e) {
    return new IllegalStateException(
        file + ", " + where + " is not a valid JSLT template: " + TemplateFault.of(e, text).what(),
        e);
  }
}
