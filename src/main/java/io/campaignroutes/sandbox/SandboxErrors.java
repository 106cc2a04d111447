package io.campaignroutes.sandbox;

import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Words the refusals of the sandbox's own controllers, and of nobody else's. */
@RestControllerAdvice(basePackageClasses = SandboxErrors.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
@Profile("sandbox")
class SandboxErrors {

  @ExceptionHandler(SandboxException.class)
  ResponseEntity<byte[]> refused(SandboxException e) {
    return SandboxJson.answer(e.status(), e.body());
  }
}
