/**
 * How the service tells of itself: the names of its figures, the id that joins log lines, and traces.
 * What is told is the business of the packages that know it; nothing here knows one of them.
 */
package io.campaignroutes.telemetry;
