package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What templates of a platform's file may use as {@code $name}, besides what all platforms have.
 *
 * @param values nothing of it is a secret
 */
public record ApiVariables(Map<String, JsonNode> values) {}
