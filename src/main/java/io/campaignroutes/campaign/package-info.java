/**
 * Campaigns and their durable stages: intake, claims, what each stage's outcome leads to, and
 * operators' commands. What lives here decides and stores; it makes no remote call, and knows
 * neither the inbox nor webhooks nor HTTP.
 */
package io.campaignroutes.campaign;
