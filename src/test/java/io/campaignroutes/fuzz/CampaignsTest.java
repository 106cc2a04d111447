package io.campaignroutes.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the generator says of its requests is so, by another reader and the schema itself. */
class CampaignsTest {
  private static final Path CONFIG = Path.of("config");
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** A number that this reader cannot hold is out of all bounds. */
  private static boolean valid(JsonSchema schema, byte[] request) {
    try {
      JsonNode read = MAPPER.readTree(request);
      return read != null && schema.validate(read).isEmpty();
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  @Test
  void whatIsKnownToBeInvalidIsAndSomeIsValid() throws IOException {
    var campaigns = new Campaigns(CONFIG);
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(MAPPER.readTree(CONFIG.resolve("campaign-request.schema.json").toFile()));
    int valid = 0;
    int invalid = 0;
    for (long number = 0; number < 600; number++) {
      Campaigns.Made made = campaigns.any(number, number % 2 == 0, FuzzInput.dice(1, number));
      boolean is = valid(schema, made.bytes());
      assertThat(made.invalid() && is)
          .as("%s: %s", made.kind(), new String(made.bytes()))
          .isFalse();
      valid += is ? 1 : 0;
      invalid += made.invalid() ? 1 : 0;
    }
    assertThat(valid).isGreaterThan(50);
    assertThat(invalid).isGreaterThan(200);
  }

  @Test
  void theSameNumberIsTheSameRequest() throws IOException {
    var campaigns = new Campaigns(CONFIG);
    for (long number = 0; number < 200; number++) {
      assertThat(campaigns.any(number, true, FuzzInput.dice(7, number)).bytes())
          .isEqualTo(campaigns.any(number, true, FuzzInput.dice(7, number)).bytes())
          .doesNotContain('\n');
    }
  }
}
