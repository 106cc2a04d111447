/**
 * What operators are shown: lists over all tables, why a campaign does not dial, how the service
 * itself is, and the stream of changes to open pages. It only reads, and nothing else may depend on
 * it.
 */
package io.campaignroutes.console;
