/**
 * A simulated outbound dialer as a discrete-event world: calls that ring, called persons, answering
 * machines, agents of a pool that campaigns may share, figures as an API would tell them and writes
 * as it would take them. Campaigns dial at a rate ({@link
 * io.campaignroutes.dialer.DialedCampaign}); skills dial lines for each agent who waits ({@link
 * io.campaignroutes.dialer.SkillDialing}). It knows no other package of the service, so that
 * whatever dials in it is judged by something independent.
 */
package io.campaignroutes.dialer;
