/**
 * A tenant of Personal Connection, as far as its API is known: skills that dial, teams, agents,
 * lists, and the API's oddities. It answers under {@code /sandbox/personal-connection}; what people
 * do in CXone's own pages is done under {@code /sandbox/people}. Like the rest of the sandbox it
 * knows nothing of the service.
 */
package io.campaignroutes.sandbox.connection;
