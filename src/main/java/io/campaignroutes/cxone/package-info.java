/**
 * CXone's API as configuration describes it: which call is which path, how a token is kept, how
 * many calls a second go out and what an answer means. The calls themselves are made by the routes;
 * what lives here knows nothing of campaigns and their stages.
 */
package io.campaignroutes.cxone;
