/**
 * How what comes from outside is told to people: faults in JSON and YAML by the place where they
 * stand, JSON read strictly and written, texts of others cleaned and shortened, names as the eye
 * compares them. Nothing of the service's own work belongs here, and of other packages it knows
 * shared only.
 */
package io.campaignroutes.text;
