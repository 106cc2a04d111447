/** The service's start: its commands, and what must be set before anything runs. */
package io.campaignroutes;
