package io.campaignroutes.cxone;

/** What people read of a call that the platform refused: what, why, and what to do. */
final class RefusalSentence {
  private RefusalSentence() {}

  /**
   * The sentence.
   *
   * @param known what people are told for the refusal's code; null when it has none, or is unknown
   */
  static String of(Call call, Refusal said, String known) {
    String what = "CXone refused " + call.operation().name() + " (" + call.status() + ")";
    String theirs = said.text().isEmpty() ? "" : " CXone says: " + said.text();
    if (call.status() == 401) {
      return what + ": it does not accept the token that it issued a moment ago." + theirs;
    }
    if (call.status() == 403 && CxoneApi.page(call.answerBody())) {
      return what
          + " with a web page, as a proxy or firewall does that answers in CXone's place. If it is"
          + " CXone, "
          + lacking(call.operation())
          + "."
          + theirs;
    }
    if (call.status() == 403) {
      return what
          + ": "
          + lacking(call.operation())
          + (call.operation().scope() == null
              ? ", or may not see what this is about. Grant it in CXone."
              : ". Grant it in CXone; the next token has it.")
          + theirs;
    }
    if (known != null) {
      return what + ": " + known + " [" + said.code() + "]" + theirs;
    }
    if (said.code() == null) {
      return said.text().isEmpty() ? what + " without a reason." : what + ": " + said.text();
    }
    return what
        + ": "
        + (said.text().isEmpty() ? said.code() : said.text() + " [" + said.code() + "]");
  }

  private static String lacking(Operation operation) {
    return operation.scope() == null
        ? "the role of the access key's owner lacks the permission " + operation.permission()
        : "the API client lacks the scope " + operation.scope();
  }
}
