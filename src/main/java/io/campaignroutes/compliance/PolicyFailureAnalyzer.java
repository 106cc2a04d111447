package io.campaignroutes.compliance;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Shows a {@link PolicyException} at the start as problem and remedy, without a stack trace. Spring
 * Boot finds it by the entry {@code org.springframework.boot.diagnostics.FailureAnalyzer} in {@code
 * META-INF/spring.factories}.
 */
public final class PolicyFailureAnalyzer extends AbstractFailureAnalyzer<PolicyException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, PolicyException cause) {
    return new FailureAnalysis(cause.file() + ": " + cause.problem(), cause.remedy(), cause);
  }
}
