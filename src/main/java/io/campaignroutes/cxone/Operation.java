package io.campaignroutes.cxone;

import com.schibsted.spt.data.jslt.Expression;
import java.util.List;
import java.util.Set;
import org.apache.camel.component.http.HttpMethods;

/**
 * One call of CXone's API, as {@code config/cxone/*.yaml} describes it.
 *
 * @param name what routes call it by
 * @param method HTTP method
 * @param path below the base URL, with {@code {field}} for fields of the arguments
 * @param query query string with the same placeholders, null for none
 * @param kind whether it may be repeated
 * @param scope the OAuth scope that it needs
 * @param accept statuses besides 2xx that mean "done"
 * @param request JSLT that makes the body from the arguments, null for no body
 * @param answer JSLT that makes our shape from CXone's answer
 * @param needs fields of that shape without which an answer is none
 */
record Operation(
    String name,
    HttpMethods method,
    String path,
    String query,
    Kind kind,
    String scope,
    Set<Integer> accept,
    Expression request,
    Expression answer,
    List<String> needs) {

  /** Whether a call may be sent again when its answer was lost. */
  enum Kind {
    READ,
    /** A write that leaves the same state however often it arrives. */
    IDEMPOTENT,
    /** A write that must never be sent again blindly. */
    CREATE
  }

  boolean repeatable() {
    return kind != Kind.CREATE;
  }
}
