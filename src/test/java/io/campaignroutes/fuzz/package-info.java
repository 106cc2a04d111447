/**
 * Inputs made to do harm: valid ones, taken from the examples, the description of the API and what
 * CXone answers, and changed in one place or another. The n-th input is the same whenever the seed
 * is. {@link io.campaignroutes.fuzz.FuzzTable} says what became of them.
 */
package io.campaignroutes.fuzz;
