/**
 * Sees what services under test give people and programs to read, whichever test runs: answers are
 * held against the description of the API, texts against what no text for people may hold. Tests
 * need not know of it; {@link io.campaignroutes.witness.Witnesses} is where it begins.
 */
package io.campaignroutes.witness;
