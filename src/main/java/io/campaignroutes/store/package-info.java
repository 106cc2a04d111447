/**
 * The durable store: transactions that are on disk before they are answered, the store's clock,
 * claims and the replicas that share them, and the secrets that the service makes for itself. What
 * lives here knows tables and connections but nothing of campaigns, calls or routes.
 */
package io.campaignroutes.store;
