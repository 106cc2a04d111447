/**
 * Load generators, and destinations that run in the generator's process as the sandbox's CXone
 * does, beside a service that they start in a process of its own. They know the service by its
 * public HTTP API only, and its jar holds none of them.
 */
package io.campaignroutes.benchmark;
