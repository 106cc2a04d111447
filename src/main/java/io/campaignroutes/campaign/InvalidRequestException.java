package io.campaignroutes.campaign;

import io.campaignroutes.compliance.Finding;
import java.util.List;

/** A request that breaks rules; all of them are named. */
public final class InvalidRequestException extends RuntimeException {
  private final transient List<Finding> findings;

  public InvalidRequestException(List<Finding> findings) {
    super(
        findings.size() == 1
            ? findings.get(0).message()
            : findings.size() + " things are wrong with the request; errors lists them.");
    this.findings = List.copyOf(findings);
  }

  public List<Finding> findings() {
    return findings;
  }
}
