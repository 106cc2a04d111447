/**
 * Files of contacts: their bytes in the store, what stands in their lines, which of them may be
 * called, and what of them the platform has been given. It knows campaigns by their ids only;
 * nothing here is told to a log but counts, names of files and their SHA-256.
 */
package io.campaignroutes.contacts;
