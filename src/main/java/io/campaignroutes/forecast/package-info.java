/**
 * What an agent pool would have before anything is launched: who else dials for it at the hours of
 * a new campaign, or of all campaigns of a file, and what could be expected of all of them
 * together. What lives here only reads.
 */
package io.campaignroutes.forecast;
