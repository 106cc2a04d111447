/**
 * The HTTP side: who may call, how large a body may be, how requests become plain values for the
 * routes and answers become responses. What lives here decides nothing about campaigns.
 */
package io.campaignroutes.http;
