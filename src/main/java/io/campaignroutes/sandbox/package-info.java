/**
 * An embedded CXone for trying the service out (Spring profile {@code sandbox}): the calls of a
 * tenant under {@code /sandbox/cxone}, agents and calls that move in time, lifecycle events that
 * are really posted, switches for faults under {@code /sandbox/faults}, and the example campaign
 * for the inbox. The integration tests and the benchmarks have the same CXone, on a server of their
 * own. Nothing of the service may live here and neither side refers to the other: they meet over
 * HTTP and in the inbox folder, as the service and a real tenant do.
 */
package io.campaignroutes.sandbox;
