/**
 * Campaigns and their durable stages: intake, claims, what each stage's outcome leads to,
 * operators' commands and the inbox. What lives here decides and stores; it makes no remote call,
 * and knows neither webhooks nor HTTP.
 */
package io.campaignroutes.campaign;
