/**
 * The pacing law: from what CXone's figures say about a campaign to the calls a second it may dial
 * next, so that agents are busy and the share of abandoned calls stays under its cap. What lives
 * here computes, keeps its state and answers for it; it makes no remote call and knows nothing of
 * the simulated world in which it is proved.
 *
 * <p>The law is pure and has four rooms, through which {@link PoolCycle} leads: {@link Estimator},
 * {@link AbandonmentGuard}, {@link RateLaw}, {@link Shaper}. What ticks is an agent pool with its
 * campaigns: the routes know {@link PoolSteps} and {@link PacingSteps}, which have a tick claimed
 * ({@link PacingClaims}, {@link PoolQueue}), decided ({@link PacingDecider}) and written down
 * ({@link PacingWrites}). {@link PacingListener} begins and ends it with the campaign, and {@link
 * PacingReads} is what is shown.
 */
package io.campaignroutes.pacing;
