package io.campaignroutes.http;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the service ends.
 *
 * @param drain how long requests are still served after SIGTERM, while readiness answers 503: as
 *     long as a balancer takes to notice
 */
@Validated
@ConfigurationProperties("shutdown")
record ShutdownProperties(
    @DefaultValue("0s") @DurationMin @DurationMax(minutes = 10) Duration drain) {}
