/**
 * The audit trail: hash-chained lines written in the transaction of the change they tell of, the
 * files that follow from those rows, signed checkpoints over them, and the command that verifies
 * all three. What lives here knows rows, bytes and hashes; it decides nothing about campaigns,
 * calls no outside system, and appends to no file while the service runs (that is done by {@code
 * routes/audit.camel.yaml}); what the routes have left at a stop is appended by {@link
 * io.campaignroutes.audit.AuditClosing}.
 */
package io.campaignroutes.audit;
