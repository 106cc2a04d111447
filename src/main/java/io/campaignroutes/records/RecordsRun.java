package io.campaignroutes.records;

import io.campaignroutes.audit.AuditArchives.Head;
import io.campaignroutes.audit.ChainArchives;
import io.campaignroutes.audit.RecordsArchive;
import io.campaignroutes.store.WorkQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One batch on its way through the route; used by one thread at a time. */
public final class RecordsRun implements WorkQueue.Claim {
  static final String JOB = "archive";

  /** Nothing is to be done, or another replica does it. */
  static final RecordsRun NONE = new RecordsRun(null, 0, null);

  private final String token;
  private final long number;
  private final String pending;
  private List<String> campaigns = List.of();
  private boolean full;
  private long ended;
  private RecordsArchive.Written archive;
  private final List<ChainArchives.Archived> chains = new ArrayList<>();
  private final Map<String, Head> heads = new LinkedHashMap<>();
  private final Map<String, Long> rows = new LinkedHashMap<>();

  /**
   * @param number of the archive that it makes
   * @param pending a file that an earlier run may have left; null for none
   */
  RecordsRun(String token, long number, String pending) {
    this.token = token;
    this.number = number;
    this.pending = pending;
  }

  @Override
  public String key() {
    return JOB;
  }

  @Override
  public String token() {
    return token;
  }

  /** Whether nothing is claimed. */
  public boolean isNone() {
    return token == null;
  }

  /** The campaigns whose records leave with it; empty when none may. */
  public List<String> campaigns() {
    return campaigns;
  }

  /** What was archived of the chains that never end. */
  List<ChainArchives.Archived> chains() {
    return chains;
  }

  /** Whether more may be due. */
  boolean full() {
    return full || !chains.isEmpty();
  }

  long number() {
    return number;
  }

  String pending() {
    return pending;
  }

  /**
   * Sets what leaves.
   *
   * @param ended when the last of them ended, in milliseconds since the epoch
   * @param full whether more may be due
   */
  void chosen(List<String> campaigns, long ended, boolean full) {
    this.campaigns = campaigns;
    this.ended = ended;
    this.full = full;
  }

  long ended() {
    return ended;
  }

  void archived(RecordsArchive.Written archive) {
    this.archive = archive;
  }

  RecordsArchive.Written archive() {
    return archive;
  }

  /** The ends of the chains that went into the archive, by campaign. */
  Map<String, Head> heads() {
    return heads;
  }

  /** How many rows of each table went into it. */
  Map<String, Long> rows() {
    return rows;
  }

  @Override
  public String toString() {
    return campaigns.size() + " campaigns";
  }
}
