package io.campaignroutes.cxone;

import java.time.Duration;

/**
 * How the token stands, without the token.
 *
 * @param usable whether calls can be made with it
 * @param expiresIn until it ends; null when there is none
 * @param refreshIn until it is replaced; null when there is none
 * @param failures fetches in a row that failed
 * @param retryIn until the next fetch after a failure; null when all is well
 * @param trouble why the last fetch failed; null when all is well
 */
public record TokenState(
    boolean usable,
    Duration expiresIn,
    Duration refreshIn,
    int failures,
    Duration retryIn,
    String trouble) {}
