package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.access.Access;
import io.campaignroutes.access.Caller;
import io.campaignroutes.access.Role;
import io.campaignroutes.text.Json;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells a caller who it is here. It is no route, since what it tells is what the checks in front of
 * the routes have found.
 */
@RestController
class WhoAmI {
  private final Access access;

  WhoAmI(Access access) {
    this.access = access;
  }

  /** Where nobody is asked for a key, everybody may do everything and has no name. */
  @GetMapping("/whoami")
  ResponseEntity<String> whoAmI() {
    ObjectNode body = Json.object();
    Authentication known = SecurityContextHolder.getContext().getAuthentication();
    if (known != null && known.getPrincipal() instanceof Caller caller) {
      body.put("name", caller.name());
      body.put("kind", caller.kind().word());
      body.put("role", caller.role().word());
    } else {
      body.put("role", Role.ADMIN.word());
    }
    return answer(body);
  }

  /** What the console's page has to know before anybody is known. */
  @GetMapping("/console/access")
  ResponseEntity<String> access() {
    return answer(Json.object().put("signIn", access.people()));
  }

  private static ResponseEntity<String> answer(ObjectNode body) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.text(body));
  }
}
