package io.campaignroutes.tenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What is different, or said besides, on the platform personal-connection.
 *
 * @param rateLimit calls a second from this process, where CXONE_RATE_LIMIT is not set
 * @param area of the tenant, as it stands in the address of its CXone pages
 * @param endpoint where calls would go if CXone were not asked where its API is
 * @param tokenUrl token endpoint for an access key with a client
 * @param pool what an agentPoolId names that is a number only
 * @param campaign name of the group that skills go into which are created here
 * @param callerId the number that people see who are called, in digits with or without a plus
 * @param scriptId id of the script that created skills have; CXone's own when empty
 * @param outboundRouteId id of the route that their calls take; CXone's own when empty
 * @param afterCallWork what follows a call: 1 nothing, 2 a disposition, 3 a wrap-up that ends
 *     itself
 * @param dispositions ids of the dispositions that agents may give
 * @param dncGroups ids of the do-not-call groups whose numbers a campaign with respectDnc does not
 *     dial
 * @param actuator what the pacing of campaigns tells a skill, as pacing.platform.actuator
 * @param keepsHours whether skills place no calls outside of a campaign's schedule by themselves,
 *     as pacing.platform.keeps-hours
 * @param stopLead how long before calling hours end a stop is sent, as pacing.platform.stop-lead
 * @param figuresLag how old the figures of a campaign are, as pacing.figures.lag
 * @param maxRatio most lines for each agent who waits
 * @param fineLever whether the share of agents that must wait before more than one line is dialed
 *     for an agent is used as well
 * @param abandonTimeout seconds that an abandoned call's person waits for an agent; -1 leaves the
 *     skill's own
 * @param startWithin how long after it was sent a start may still take effect
 */
@Validated
// not for the platform's file
@JsonIgnoreProperties({
  "endpoint",
  "tokenUrl",
  "rateLimit",
  "actuator",
  "figuresLag",
  "keepsHours",
  "stopLead",
  "startWithin"
})
@ConfigurationProperties("personal-connection")
public record SkillProperties(
    @DefaultValue("5") @DecimalMin("0") double rateLimit,
    @DefaultValue("na1") @Pattern(regexp = "[a-z0-9-]{1,20}") String area,
    String endpoint,
    String tokenUrl,
    @DefaultValue("skill") Pool pool,
    @DefaultValue("Campaign Routes") @Size(min = 1, max = 80) String campaign,
    @DefaultValue("") @Pattern(regexp = "(\\+?[0-9]{3,15})?") String callerId,
    @DefaultValue("") @Pattern(regexp = "[0-9]*") String scriptId,
    @DefaultValue("") @Pattern(regexp = "[0-9]*") String outboundRouteId,
    @DefaultValue("2") @Min(1) @Max(3) int afterCallWork,
    @DefaultValue List<String> dispositions,
    @DefaultValue List<String> dncGroups,
    @DefaultValue("ratio") @Pattern(regexp = "(?i)rate|ratio") String actuator,
    @DefaultValue("10s") @DurationMin Duration figuresLag,
    boolean keepsHours,
    @DefaultValue("10s") @DurationMin Duration stopLead,
    @DefaultValue("3") @Min(1) @Max(3) int maxRatio,
    @DefaultValue("false") boolean fineLever,
    @DefaultValue("-1") @Min(-1) @Max(60) int abandonTimeout,
    @DefaultValue("30s") @DurationMin Duration startWithin) {

  /** What an agent pool is here. */
  public enum Pool {
    /** A skill that is there already, with its agents. */
    SKILL,
    /** A team, for whose agents a skill is created. */
    TEAM
  }
}
