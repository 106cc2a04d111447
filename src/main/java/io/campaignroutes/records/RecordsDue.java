package io.campaignroutes.records;

import io.campaignroutes.audit.AuditArchives;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Which campaigns' records may leave now. In doubt they stay, and it is told why. */
@Component
public class RecordsDue {
  /** Nothing more can come of these. */
  private static final String OVER =
      """
      c.ended = 1 and c.stage in ('STOPPED', 'COMPLETED', 'FAILED', 'REJECTED')
      and c.lane is null and c.command is null and c.claim_token is null and c.intent_at is null
      and not exists (select 1 from audit_unwritten u where u.campaign_id = c.id)
      and not exists (select 1 from audit_uncovered u where u.campaign_id = c.id)
      and not exists (select 1 from delivery d where d.campaign_id = c.id and d.status <> 'DELIVERED')
      and not exists (select 1 from pacing p where p.campaign_id = c.id
        and (p.due_at is not null or p.claim_token is not null))
      and not exists (select 1 from skill s where s.campaign_id = c.id and s.state <> 'CLOSED')
      and not exists (select 1 from contact_import i where i.campaign_id = c.id and i.state <> 'REMOVED')
      and not exists (select 1 from contact k where k.campaign_id = c.id)\
      """;

  private static final String DUE =
      "c.stage_at <= case when exists (select 1 from contact_import b where b.campaign_id = c.id)"
          + " then :withContacts else :before end and "
          + OVER;

  /** So many that cannot leave are looked at in one run for each that may. */
  private static final int LOOKS = 20;

  private final Store store;
  private final Keeping keeping;
  private final AuditArchives audit;
  private final RecordsProperties properties;
  private final RecordsState state;

  public RecordsDue(
      Store store,
      Keeping keeping,
      AuditArchives audit,
      RecordsProperties properties,
      RecordsState state) {
    this.store = store;
    this.keeping = keeping;
    this.audit = audit;
    this.properties = properties;
    this.state = state;
  }

  private record Over(String id, long endedAt) {}

  /**
   * Chooses the campaigns that leave with a run, those that ended first of one policy, then of the
   * next.
   *
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached
   */
  public void choose(RecordsRun run) {
    List<String> policies =
        store
            .read()
            .sql("select distinct policy_name from campaign where ended = 1 order by policy_name")
            .query(String.class)
            .list();
    Map<String, String> kept = new TreeMap<>();
    Map<String, String> faults = new TreeMap<>();
    Map<String, String> held = new LinkedHashMap<>();
    Map<String, Long> chosen = new LinkedHashMap<>();
    long now = store.now();
    for (String policy : policies) {
      Keeping.Kept keep = keeping.of(policy, now);
      if (keep.endedBefore() == null) {
        (keep.fault() ? faults : kept).put(policy, keep.reason());
      } else {
        choose(policy, keep, chosen, held);
      }
    }
    run.chosen(
        List.copyOf(chosen.keySet()),
        chosen.values().stream().mapToLong(Long::longValue).max().orElse(0),
        chosen.size() == properties.batch());
    state.looked(kept, faults, held);
  }

  private void choose(
      String policy, Keeping.Kept keep, Map<String, Long> chosen, Map<String, String> held) {
    long endedAt = Long.MIN_VALUE;
    String id = "";
    int most = properties.batch();
    List<Over> page;
    do {
      page = page(policy, keep, endedAt, id, most);
      for (Over over : page) {
        endedAt = over.endedAt();
        id = over.id();
        if (chosen.size() < most) {
          String inTheWay = audit.inTheWay(id);
          if (inTheWay == null) {
            chosen.put(id, endedAt);
          } else {
            held.put(id, inTheWay);
          }
        }
      }
    } while (page.size() == most && chosen.size() < most && held.size() < most * LOOKS);
  }

  private List<Over> page(
      String policy, Keeping.Kept keep, long afterTime, String afterId, int most) {
    return store
        .read()
        .sql(
            "select c.id, c.stage_at from campaign c where c.policy_name = :policy and c.ended = 1"
                + " and c.stage_at >= :afterTime"
                + " and (c.stage_at > :afterTime or c.id > :afterId) and c.stage_at <= :before and "
                + DUE
                + " order by c.stage_at, c.id limit :most")
        .param("policy", policy)
        .param("before", keep.endedBefore())
        .param("withContacts", keep.withContacts())
        .param("afterTime", afterTime)
        .param("afterId", afterId)
        .param("most", most)
        .query((row, n) -> new Over(row.getString(1), row.getLong(2)))
        .list();
  }

  /** Locks campaigns that are still over; the others are left out. */
  List<String> lock(Tx tx, Collection<String> ids) {
    return new ArrayList<>(
        tx.sql()
            .sql(
                "select c.id from campaign c where c.id in (:ids) and "
                    + OVER
                    + " order by c.id"
                    + store.rowLock())
            .param("ids", InList.of(ids))
            .query(String.class)
            .list());
  }
}
