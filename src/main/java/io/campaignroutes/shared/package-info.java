/**
 * What every package may use and none owns: hashes, which addresses are public, and what callers of
 * HTTP need: the time that an exchange may take and the wait that an answer asks for; small files
 * that are read again when they change, and what is told of secrets in them. It knows no other
 * package.
 */
package io.campaignroutes.shared;
