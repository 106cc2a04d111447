/**
 * The command {@code check}: reads {@code routes/} and {@code config/} as the service would and
 * says what is wrong before anything runs. It starts nothing, calls nobody and writes nothing.
 */
package io.campaignroutes.check;
