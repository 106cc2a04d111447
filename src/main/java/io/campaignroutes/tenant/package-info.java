/**
 * Skills of a tenant's Personal Connection that are campaigns of ours: what is written to them and
 * read of them, and what they had before. Calls are made by {@code
 * routes/platform/personal-connection}; nothing here knows stages, and nobody but the start and
 * what is shown to people knows this package.
 */
package io.campaignroutes.tenant;
