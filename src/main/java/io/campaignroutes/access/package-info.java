/**
 * Who may call, and by whose wish something is done: keys of the API, each with a role. They stand
 * in a file that a command writes and the running service reads again when it changes.
 */
package io.campaignroutes.access;
