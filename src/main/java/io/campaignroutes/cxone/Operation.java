package io.campaignroutes.cxone;

import com.schibsted.spt.data.jslt.Expression;
import io.campaignroutes.text.Masked;
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
 * @param scope the OAuth scope that it needs; null where rights are those of a role
 * @param permission what the role of the access key's owner has to allow; null for nothing known
 * @param accept statuses besides 2xx that mean "done"
 * @param request JSLT that makes the body from the arguments, null for no body
 * @param answer JSLT that makes our shape from CXone's answer
 * @param needs fields of that shape without which an answer is none
 * @param empty fields of that shape that are empty lists when the answer has no content (204)
 * @param page how a long list is asked for in pages; null for all at once
 * @param failed JSLT that tells of a 2xx answer whether it is a refusal all the same; null for
 *     never
 * @param errorHeader the header that names the error of a refusal; null for none
 * @param hidesNumbers whether what is said of a refusal may hold telephone numbers of people
 */
record Operation(
    String name,
    HttpMethods method,
    String path,
    String query,
    Kind kind,
    String scope,
    String permission,
    Set<Integer> accept,
    Expression request,
    Expression answer,
    List<String> needs,
    List<String> empty,
    Page page,
    Expression failed,
    String errorHeader,
    boolean hidesNumbers) {

  /** Whether a call may be sent again when its answer was lost. */
  enum Kind {
    READ,
    /** A write that leaves the same state however often it arrives. */
    IDEMPOTENT,
    /** A write that must never be sent again blindly. */
    CREATE
  }

  /**
   * How a list is asked for in pages: its query has {@code {top}} and {@code {skip}}.
   *
   * @param items the field that holds the entries
   * @param size entries of a page
   */
  record Page(String items, int size) {}

  /** What CXone says of a call, as it may be told. */
  Refusal told(Refusal said) {
    String code = said.code();
    return hidesNumbers
        ? new Refusal(code == null ? null : Masked.numbers(code), Masked.numbers(said.text()))
        : said;
  }

  boolean repeatable() {
    return kind != Kind.CREATE;
  }
}
