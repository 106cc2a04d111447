package io.campaignroutes.collect;

import io.campaignroutes.store.Tx;
import io.campaignroutes.tenant.SkillSightings;
import org.springframework.stereotype.Component;

/** Notes what is seen of single skills where the lists of all of them are compared with it. */
@Component
public class SkillsSeen implements SkillSightings {

  @Override
  public void runs(Tx tx, String skillId) {
    SkillChanges changes = new SkillChanges(tx, tx.now());
    changes.seen(skillId, true, true);
    changes.write();
    ordered(tx, skillId);
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
