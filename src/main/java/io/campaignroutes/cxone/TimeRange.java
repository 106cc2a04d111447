package io.campaignroutes.cxone;

import java.time.Instant;

/** A period that is asked about, its end not included. */
public record TimeRange(Instant from, Instant to) {}
