package io.campaignroutes.access;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Met where people may sign in to the console. */
public final class OnPeople implements Condition {
  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    Environment environment = context.getEnvironment();
    return !environment.getProperty("oidc.issuer", "").isBlank()
        && !environment.getProperty("oidc.client-id", "").isBlank();
  }
}
