package io.campaignroutes.inbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** A file of the inbox that is being taken. */
public final class InboxFile implements AutoCloseable {
  private final Path path;
  private final InboxName name;
  private final InboxStamp stamp;
  private final InboxContent content;
  private final String sha256;
  private final InboxClaims.Claim claim;
  private final long taken;
  private final long arrivedAt;
  private final Set<String> contacts = new HashSet<>();
  private final Set<String> gone = new HashSet<>();
  private boolean again;
  private long reached;
  private long refused;
  private boolean read;
  private boolean filing;

  /**
   * @param path where it lies
   * @param stamp what it was when it was opened
   * @param content its bytes, which this closes
   * @param sha256 of its bytes, in hex
   * @param claim by which it is this process's, which this closes
   * @param taken entries of it that are in the store already
   * @param arrivedAt since when it lies there, in milliseconds since the epoch by the store's clock
   * @param again whether the same bytes were taken in whole before
   */
  InboxFile(
      Path path,
      InboxName name,
      InboxStamp stamp,
      InboxContent content,
      String sha256,
      InboxClaims.Claim claim,
      long taken,
      long arrivedAt,
      boolean again) {
    this.path = path;
    this.name = name;
    this.stamp = stamp;
    this.content = content;
    this.sha256 = sha256;
    this.claim = claim;
    this.taken = taken;
    this.arrivedAt = arrivedAt;
    this.again = again;
    this.reached = taken;
  }

  Path path() {
    return path;
  }

  InboxName name() {
    return name;
  }

  InboxStamp stamp() {
    return stamp;
  }

  InboxContent content() {
    return content;
  }

  String sha256() {
    return sha256;
  }

  InboxClaims.Claim claim() {
    return claim;
  }

  /** Entries of it that were in the store when it was opened. */
  public long taken() {
    return taken;
  }

  long arrivedAt() {
    return arrivedAt;
  }

  /** Whether the same bytes were taken in whole before. */
  public boolean again() {
    return again;
  }

  /** Notes that somebody else was the first to take the same bytes in whole. */
  void takenBefore(boolean before) {
    again |= before && !filing;
    filing = true;
  }

  /** Notes that all entries before this one have been handed to the store. */
  void reached(long next) {
    reached = next;
  }

  /** Entries that have been handed to the store, from the beginning. */
  long reached() {
    return reached;
  }

  /** Notes that so many further entries were refused. */
  void refused(long further) {
    refused += further;
  }

  /** Entries that were refused since it was opened. */
  long refused() {
    return refused;
  }

  /** Names of files of contacts that were read for it since it was opened. */
  Set<String> contacts() {
    return contacts;
  }

  /** Names of files of contacts that were read for earlier files, and do not lie there now. */
  Set<String> gone() {
    return gone;
  }

  /** Notes that there is no further entry. */
  void read() {
    read = true;
  }

  /** Whether all of it has been read, so that only its filing is left. */
  boolean isRead() {
    return read;
  }

  @Override
  public void close() {
    try (claim) {
      content.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
