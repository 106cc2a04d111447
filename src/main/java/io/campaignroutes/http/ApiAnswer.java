package io.campaignroutes.http;

import java.util.Map;

/**
 * What a caller is answered: nothing else leaves the service.
 *
 * @param status HTTP status
 * @param type content type
 * @param headers further headers, such as {@code Location}
 * @param body text, or an {@link java.util.Iterator} of texts, each made when the caller can take
 *     it
 */
public record ApiAnswer(int status, String type, Map<String, String> headers, Object body) {
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";
  static final String NDJSON = "application/x-ndjson";
}
