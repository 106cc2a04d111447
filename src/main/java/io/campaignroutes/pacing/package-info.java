/**
 * The pacing law: from what CXone's figures say about a campaign to the calls a second it may dial
 * next, so that agents are busy and the share of abandoned calls stays under its cap. What lives
 * here computes, keeps its state and answers for it; it makes no remote call and knows nothing of
 * the simulated world in which it is proved.
 */
package io.campaignroutes.pacing;
