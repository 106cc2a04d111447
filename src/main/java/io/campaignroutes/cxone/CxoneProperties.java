package io.campaignroutes.cxone;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How CXone is reached. The values stand in {@code config/application.yaml} and most of them come
 * from the environment.
 *
 * @param baseUrl API base; a slash at its end is no part of it
 * @param tokenUrl token endpoint
 * @param clientId client credentials
 * @param clientSecret client credentials; from the environment, never in a file that is committed
 * @param accessKeyId access key, for a platform whose tokens are given for one
 * @param accessKeySecret its secret; from the environment, never in a file that is committed
 * @param accessKeyUrl token endpoint for an access key without a client
 * @param discoveryUrl where the API base is asked for when none is set, on a platform that does so
 * @param tokenCredentials where the credentials go in the token call
 * @param scope scopes asked for, separated by spaces
 * @param tokenMargin how long ahead of its expiry a token is replaced
 * @param rateLimit calls a second from this process; 0 switches the limit off
 * @param rateLimitWait how long one call waits for its turn before it is put back
 * @param callDeadline for one whole exchange, a dripping answer included
 * @param repeats how often a read or an idempotent write is repeated at once, before its caller
 *     hears of the failure
 * @param platform the folder of {@code routes/platform/} that does what the flow asks of CXone
 * @param api the file that says what each operation is
 * @param poolCache how long the answer to "who is in this agent pool" may be used again
 * @param publicUrl where CXone reaches this service
 */
@Validated
@ConfigurationProperties("cxone")
public record CxoneProperties(
    String baseUrl,
    String tokenUrl,
    String clientId,
    String clientSecret,
    String accessKeyId,
    String accessKeySecret,
    String accessKeyUrl,
    String discoveryUrl,
    @DefaultValue("body") Placement tokenCredentials,
    String scope,
    @DefaultValue("60s") @DurationMin Duration tokenMargin,
    @DefaultValue("20") @DecimalMin("0") double rateLimit,
    @DefaultValue("5s") @DurationMin Duration rateLimitWait,
    @DefaultValue("10s") Duration callDeadline,
    @DefaultValue("1") @Min(0) @Max(10) int repeats,
    @DefaultValue("v2") String platform,
    @DefaultValue("config/cxone/v2.yaml") Path api,
    @DefaultValue("2s") @DurationMin Duration poolCache,
    String publicUrl) {

  /** Where the client credentials go in the token call. */
  public enum Placement {
    /** In the form, as {@code client_id} and {@code client_secret}. */
    BODY,
    /** As HTTP Basic authentication. */
    BASIC,
    /** In the URL, where access logs keep them: only for a tenant that takes nothing else. */
    QUERY
  }
}
