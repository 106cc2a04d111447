package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** What is known of a tenant by the reads that are made for all campaigns. */
public interface TenantNow {

  /**
   * When it was read last, in milliseconds since the epoch.
   *
   * @param operation {@code agentStates}, {@code skills} or {@code lists}
   * @return empty when it was not, or is not any more
   */
  Optional<Long> readAt(String operation);

  /**
   * What agents do.
   *
   * @return {@code {states: [{id, state, contact, wrapUp}]}}; null when that is not known, or was
   *     read too long ago
   */
  JsonNode states();

  /**
   * Which skills run, without those that were told what to do since.
   *
   * @return {@code {skills: [{id, running, active}]}}; null as above
   */
  JsonNode skills();

  /**
   * The skills of which a list of all that was read at this time says nothing: they were told what
   * to do, or were seen by themselves, since then or so shortly before that it may be behind.
   *
   * @param readAt in milliseconds since the epoch
   */
  Set<String> toldSince(long readAt);

  /**
   * How far the lists of each skill are worked through, those of one skill in one sum.
   *
   * @return {@code {lists: [{id, skills: [{id, total, fresh, finalized}]}]}}; null as above
   */
  JsonNode lists();
}
