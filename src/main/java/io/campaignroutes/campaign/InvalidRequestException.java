package io.campaignroutes.campaign;

import io.campaignroutes.compliance.Finding;
import java.util.List;

/** A request that breaks rules; all of them are counted, and as many named as anybody reads. */
public final class InvalidRequestException extends RuntimeException {
  private final transient List<Finding> findings;

  public InvalidRequestException(List<Finding> findings) {
    this(findings, 0);
  }

  /**
   * @param more how many findings there are besides
   */
  InvalidRequestException(List<Finding> findings, int more) {
    super(sentence(findings, more));
    this.findings = List.copyOf(findings);
  }

  private static String sentence(List<Finding> findings, int more) {
    int all = findings.size() + more;
    if (all == 1) {
      return findings.get(0).message();
    }
    return all
        + " things are wrong with the request; "
        + (more == 0
            ? "errors lists them."
            : "errors lists the first " + findings.size() + ". Correct these first.");
  }

  public List<Finding> findings() {
    return findings;
  }
}
