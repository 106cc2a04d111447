package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.store.Tx;
import io.campaignroutes.tenant.SkillSightings;
import io.campaignroutes.text.Json;
import org.springframework.stereotype.Component;

/** Notes what is seen of single skills where the lists of all of them are compared with it. */
@Component
public class SkillsSeen implements SkillSightings {

  @Override
  public boolean counts(Tx tx) {
    return !tx.sql()
        .sql("select 1 from collector where name = ?")
        .param(Collector.COMPLETED.label())
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  @Override
  public void runs(Tx tx, String skillId) {
    seen(tx, skillId, true, true);
  }

  @Override
  public void rests(Tx tx, String skillId, boolean active) {
    seen(tx, skillId, false, active);
    tx.sql().sql("update skill_now set starting = 0 where skill_id = ?").param(skillId).update();
  }

  private void seen(Tx tx, String skillId, boolean running, boolean active) {
    ordered(tx, skillId); // which makes its row this transaction's
    SkillChanges changes = SkillChanges.of(tx, skillId);
    changes.seen(skillId, running, active);
    changes.write();
  }

  @Override
  public void changed(Tx tx, String skillId, JsonNode changes) {
    long n =
        tx.sql()
            .sql(
                "insert into skill_now (skill_id, changes) values (?, 1) on conflict (skill_id)"
                    + " do update set changes = skill_now.changes + 1 returning changes")
            .param(skillId)
            .query(Long.class)
            .single();
    tx.sql()
        .sql(
            "insert into skill_event (skill_id, n, status, seen_at, detail) values (?, ?, ?, ?, ?)")
        .params(skillId, n, CollectEvents.CHANGED, tx.now(), Json.text(changes))
        .update();
  }

  @Override
  public void deactivates(Tx tx, String skillId) {
    ordered(tx, skillId);
    tx.sql().sql("update skill_now set active = 0 where skill_id = ?").param(skillId).update();
  }

  @Override
  public void starts(Tx tx, String skillId) {
    ordered(tx, skillId);
    tx.sql().sql("update skill_now set starting = 1 where skill_id = ?").param(skillId).update();
  }

  @Override
  public void ordered(Tx tx, String skillId) {
    tx.sql()
        .sql(
            "insert into skill_now (skill_id, changes, seen_at) values (?, 0, ?)"
                + " on conflict (skill_id) do update set seen_at = excluded.seen_at")
        .params(skillId, tx.now())
        .update();
  }
}
