package io.campaignroutes.campaign;

import java.nio.file.Path;

/**
 * A file of the inbox that is being taken.
 *
 * @param path where it lies
 * @param name its name, without folders
 * @param sha256 of its bytes, in hex
 * @param taken entries of it that are in the store already
 * @param again whether the same bytes were taken in whole before
 */
public record InboxFile(Path path, String name, String sha256, long taken, boolean again) {
  boolean lines() {
    return name.endsWith(".ndjson");
  }
}
