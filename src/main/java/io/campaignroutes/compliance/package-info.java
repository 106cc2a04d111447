/**
 * The checks of a campaign request that decide whether it may be launched: its shape, its values,
 * and the compliance profile that applies, all of them pure computations over the request and the
 * files under {@code config/}. No flow, no remote call, no name look-up and no store may live here.
 */
package io.campaignroutes.compliance;
