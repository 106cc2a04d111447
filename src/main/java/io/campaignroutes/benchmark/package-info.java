/**
 * A load generator, and a stub of CXone that runs in the generator's process, beside a service that
 * it starts in a process of its own. It knows the service by its public HTTP API only; nothing of
 * the service refers to it but the command line.
 */
package io.campaignroutes.benchmark;
