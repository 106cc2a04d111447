/**
 * Lifecycle events that CXone posts: who may post them, what they say, and keeping them before they
 * are acknowledged. What lives here may know campaigns; it makes no remote call.
 */
package io.campaignroutes.webhook;
