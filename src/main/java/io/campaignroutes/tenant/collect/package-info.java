/**
 * What is read of a tenant as a whole, once for all campaigns: agents' states, activity, completed
 * contacts, running skills and lists. Cursors and what is counted are written in one transaction,
 * so that a kill leaves neither a gap nor a double. Nothing here calls CXone; the routes of the
 * platform do.
 */
package io.campaignroutes.tenant.collect;
