/**
 * Records that leave the store once the policies let them: archived first, told in the audit, then
 * removed. {@code routes/records.camel.yaml} has the order of its steps. It knows the tables of all
 * that is kept of a campaign, and nothing of what a campaign does.
 */
package io.campaignroutes.records;
