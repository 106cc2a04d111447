package io.campaignroutes.cxone;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import java.util.OptionalDouble;

/**
 * What a campaign is created from, and where its rate stands in that: {@code campaign:} and {@code
 * rate:} of a platform's file.
 */
public final class CampaignTemplate {
  private static final String AS_HERE = ": as config/cxone/v2.yaml has it.";

  private final String file;
  private final Expression template;
  private final JsonPointer rate;

  private CampaignTemplate(String file, Expression template, JsonPointer rate) {
    this.file = file;
    this.template = template;
    this.rate = rate;
  }

  /**
   * The template of a file.
   *
   * @param file where it stands, to be told
   * @param campaign a JSLT template; null for none
   * @param rate a JSON pointer such as {@code /pacing/maxCallsPerSecond}; null for none
   * @throws JsltException when the template does not compile
   * @throws IllegalArgumentException when one is missing, is wrong, or they do not fit each other,
   *     a sentence that goes on from the name of the file
   */
  public static CampaignTemplate of(String file, String campaign, String rate) {
    if (campaign == null) {
      throw new IllegalArgumentException(
          "does not say what a campaign is created from. Add campaign" + AS_HERE);
    }
    if (rate == null || !rate.matches("(/[^/]+)+")) {
      throw new IllegalArgumentException(
          "does not say where the rate of a campaign stands. Add rate" + AS_HERE);
    }
    CampaignTemplate template =
        new CampaignTemplate(file, ApiFile.keepingEmpty(campaign), JsonPointer.compile(rate));
    if (!template.takesRate()) { // or no campaign would begin with the rate it may have
      throw new IllegalArgumentException(
          "says with rate: that a campaign's rate stands at "
              + rate
              + ", and campaign: does not take it there. Add campaign"
              + AS_HERE);
    }
    return template;
  }

  /** What the template is given has the rate where our own requests have it. */
  private boolean takesRate() {
    ObjectNode sample = JsonNodeFactory.instance.objectNode();
    sample.putObject("pacing").put("maxCallsPerSecond", 1);
    try {
      return template.apply(sample) instanceof ObjectNode payload
          && payload.at(rate).asInt() == 1
          && withRate(payload, IntNode.valueOf(2)).at(rate).asInt() == 2;
    } catch (JsltException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * What a campaign is created from.
   *
   * @param request a campaign's, complete, with its {@code dispositions}
   * @throws IllegalStateException when the template makes nothing of it that has a rate
   */
  public ObjectNode payload(ObjectNode request) {
    String why = "it has no rate at " + rate;
    try {
      if (template.apply(request) instanceof ObjectNode payload && payload.at(rate).isNumber()) {
        return payload;
      }
    } catch (JsltException e) {
      why = e.getMessage();
    }
    throw new IllegalStateException(
        file + ", campaign: makes no campaign of a request that is in order: " + why);
  }

  /** The rate that something made by it carries, in calls a second; empty when that is lost. */
  public OptionalDouble rate(JsonNode payload) {
    JsonNode found = payload.at(rate);
    return found.isNumber() ? OptionalDouble.of(found.asDouble()) : OptionalDouble.empty();
  }

  /** Whether something holds nothing where the rate stands. */
  boolean tellsNoRate(JsonNode answer) {
    return answer.at(rate).isMissingNode();
  }

  /** A copy that carries another rate. */
  public ObjectNode withRate(ObjectNode payload, JsonNode value) {
    ObjectNode with = payload.deepCopy();
    with.withObject(rate.head()).set(rate.last().getMatchingProperty(), value);
    return with;
  }
}
