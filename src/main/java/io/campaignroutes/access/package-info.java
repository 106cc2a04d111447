/**
 * Who may call, and by whose wish something is done. Keys of the API, each with a role, stand in a
 * file that a command writes and the running service reads again when it changes. Tokens are an
 * issuer's, whose keys are read from it, and so is the word of whom people are who sign in to the
 * console.
 */
package io.campaignroutes.access;
