-- Run in one transaction when the store's clock was set, by :step milliseconds; :now is its time since.
-- The same statements run on SQLite and on PostgreSQL.
--
-- What waits for a length of time, and what a length of time is reckoned from, moves with the clock:
-- it waits no longer and no shorter, and no lease ends early. What is due by the calendar (activateAt,
-- stopAt, calling hours) does not move; who waits for it looks again now, by the clock as it is.
--
-- These stay as they are, because they only tell when something was:
--   campaign.activate_at campaign.stop_at pacing.edge_at (the calendar's)
--   campaign.changed_at campaign_stage.at inbox_file.first_seen_at inbox_file.whole_at
--   webhook_event.received_at secret.created_at pacing.changed_at pool.changed_at
--   webhook_destination.off_at webhook_destination.off_by_at contact_file_name.named_by_at
--   delivery.replayed_at delivery.created_at delivery.finished_at delivery_attempt.at
--   contact_file.begun_at contact_file_name.named_at contact_import.changed_at skill.changed_at
--   collector.read_at tenant_call.counted_at tenant_call.handled_at skill_event.seen_at
--   collector.due_at (a read that seems to be hours away is due)
--   archived_campaign.left_at
--   inbox_claim.due_at (no process that has its store for itself claims files)
--   sign_in.began_at replica.started_at replica.released_at store_clock.seen_at (written by the same transaction)

update campaign set
  due_at = case
    when claim_token is null and command is null and stage = 'SCHEDULED' and attempt = 0 then due_at
    when claim_token is null and stop_at is not null
      and (due_at = stop_at or stop_at < due_at + :step) then :now
    else due_at + :step end,
  accepted_at = case when active_at is null then accepted_at + :step else accepted_at end,
  stage_at = stage_at + :step,
  event_at = event_at + :step,
  intent_at = intent_at + :step,
  in_flight_until = in_flight_until + :step,
  activating_at = activating_at + :step,
  command_at = command_at + :step,
  command_by_at = command_by_at + :step,
  asked_at = asked_at + :step,
  active_at = active_at + :step
where ended = 0 or lane is not null;

-- One that rests until hours open, or for long, decides again now.
update pacing set
  due_at = case when claim_token is null and due_at + :step > :now + 10000 then :now
    else due_at + :step end,
  write_at = case when write_at > 0 then write_at + :step else write_at end,
  hold_at = case when hold_at > 0 then hold_at + :step else hold_at end,
  too_fast_since = too_fast_since + :step,
  rate_refused_at = rate_refused_at + :step
where due_at is not null or write_at > 0 or hold_at > 0 or too_fast_since is not null;

update pool set
  due_at = case when claim_token is null and due_at + :step > :now + 10000 then :now
    else due_at + :step end
where due_at is not null;

update delivery_line set due_at = due_at + :step;

update audit_file set
  written_at = written_at + :step,
  due_at = case when due_at > 0 then due_at + :step else due_at end;

update replica set seen_at = seen_at + :step;

update contact_file set used_at = used_at + :step where used_at > 0;

update contact_upload set sent_at = sent_at + :step where state <> 'DONE';

update sign_in set ends_at = ends_at + :step;

update collector set full_at = full_at + :step where full_at is not null;

update records_job set
  due_at = case when due_at > 0 then due_at + :step else due_at end;

update tenant_read set read_at = read_at + :step;

update skill_now set seen_at = seen_at + :step where seen_at is not null;

update skill_period set began = began + :step / 60000 where ended is null and :step < 0 and began > 0;

update skill set
  end_seen_at = end_seen_at + :step,
  wrote_at = wrote_at + :step,
  writing_until = writing_until + :step,
  start_until = start_until + :step,
  read_at = read_at + :step,
  tried_at = tried_at + :step
where state <> 'CLOSED';
