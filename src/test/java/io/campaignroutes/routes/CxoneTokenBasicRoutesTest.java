package io.campaignroutes.routes;

import static io.campaignroutes.routes.CxoneTokenRoutesTest.ASKED;
import static io.campaignroutes.routes.CxoneTokenRoutesTest.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the setting says that the token call carries its credentials by basic authentication. */
@Tag("cxone-token")
@Tag("cxone-token-fetch")
class CxoneTokenBasicRoutesTest extends RouteTest {
  CxoneTokenBasicRoutesTest() {
    super("platform/cxone-token", "platform/v2/cxone-token-fetch");
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("cxone.base-url", "http://cxone.test", "cxone.token-credentials", "basic");
  }

  @Test
  void theCredentialsGoWhereTheyAreWanted() {
    send("cxone-token-fetch", null);
    assertThat(calls())
        .startsWith(
            "tokens.basic()",
            "tokens.form()",
            ASKED
                + "{Accept=application/json, Authorization=<tokens.basic>, "
                + HEADERS
                + "} <tokens.form>");
  }
}
