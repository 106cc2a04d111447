package io.campaignroutes.contacts;

/**
 * A whole file of contacts in the store.
 *
 * @param name what it was given in as
 * @param sha256 of its bytes, in hex
 * @param size in bytes
 */
public record ContactFile(String id, String name, String sha256, long size) {}
