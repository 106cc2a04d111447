package io.campaignroutes.routes;

import static io.campaignroutes.routes.CxoneTokenRoutesTest.ASKED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the setting says that the credentials of the token call go into its query. */
@Tag("cxone-token")
@Tag("cxone-token-fetch")
class CxoneTokenQueryRoutesTest extends RouteTest {
  CxoneTokenQueryRoutesTest() {
    super("platform/cxone-token", "platform/v2/cxone-token-fetch");
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("cxone.base-url", "http://cxone.test", "cxone.token-credentials", "query");
  }

  @Test
  void theCredentialsGoWhereTheyAreWanted() {
    send("cxone-token-fetch", null);
    assertThat(calls())
        .startsWith(
            "tokens.query()",
            "tokens.form()",
            ASKED
                + "{Accept=application/json, CamelHttpMethod=POST, CamelHttpQuery=<tokens.query>,"
                + " Content-Type=application/x-www-form-urlencoded"
                + "} <tokens.form>");
  }
}
