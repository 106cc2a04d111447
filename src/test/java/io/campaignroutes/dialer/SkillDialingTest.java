package io.campaignroutes.dialer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkillDialingTest {
  private static final AbandonControl NONE = new AbandonControl(1, 1, 0, 3, 300);

  private final Dialer world = new Dialer(7);
  private final AbandonDay day = new AbandonDay(world);
  private final List<OutboundCall> told = new ArrayList<>();

  @Test
  void anAgentWhoWaitsCausesAsManyLinesAsTheRatioSays() {
    SkillDialing skill = skill(manner(3), 0, 1_000_000);
    skill.start();
    world.advanceTo(1);
    Operator agent = agent(1, skill);
    assertThat(skill.active()).hasSize(3);
    world.advanceTo(22);
    assertThat(skill.active()).as("a line that ends is followed by the next").hasSize(3);
    assertThat(skill.dialed()).isGreaterThanOrEqualTo(6);
    assertThat(agent.state()).isEqualTo(Operator.State.WAITING);
  }

  @Test
  void theRatioIsGrownInto() {
    SkillDialing skill = skill(manner(3, 60, 0, NONE), 0, 1_000_000);
    agent(1, skill);
    skill.start();
    assertThat(skill.lines()).isEqualTo(1);
    world.advanceTo(60);
    assertThat(skill.lines()).isEqualTo(2);
    world.advanceTo(600);
    assertThat(skill.lines()).isEqualTo(3);
  }

  @Test
  void fewAgentsWhoWaitCauseOneLineEach() {
    SkillDialing skill = skill(manner(3, 0.001, 0.5, NONE), 1, 1_000_000);
    for (int n = 1; n <= 10; n++) {
      agent(n, skill);
    }
    skill.start();
    world.advanceTo(1);
    assertThat(skill.lines()).isEqualTo(3);
    world.advanceTo(60);
    assertThat(waiting(skill)).isLessThan(5);
    assertThat(skill.lines()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAccountWithoutPredictiveDialingHasOneLineForEachAgent(boolean allowed) {
    SkillDialing skill = skill(manner(3), 0.3, 1_000_000);
    agent(1, skill);
    skill.predictive(allowed);
    skill.start();
    world.advanceTo(1);
    assertThat(skill.lines()).isEqualTo(allowed ? 3 : 1);
  }

  @Test
  void nobodyIsAbandonedAtOneLineForEachAgent() {
    SkillDialing skill = skill(manner(1), 0.4, 1_000_000);
    for (int n = 1; n <= 20; n++) {
      agent(n, skill);
    }
    skill.start();
    world.advanceTo(3600);
    assertThat(skill.connected()).isGreaterThan(200);
    assertThat(skill.abandoned()).isZero();
  }

  @Test
  void thePlatformsControlTakesTheRatioDownWhereTooManyAreAbandoned() {
    SkillDialing free = skill(manner(3), 0.4, 1_000_000);
    SkillDialing guarded = skill(manner(3, 0.001, 0, AbandonControl.cxone()), 0.4, 1_000_000);
    for (int n = 1; n <= 10; n++) {
      agent(n, free);
      agent(100 + n, guarded);
    }
    AbandonDay own = new AbandonDay(world);
    free.judgedBy(own);
    free.start();
    guarded.start();
    world.advanceTo(4 * 3600);
    assertThat(own.share()).isGreaterThan(0.05);
    assertThat(day.share()).isBetween(0.01, 0.035);
  }

  @Test
  void agentsOfSeveralSkillsTakeTheCallsOfAll() {
    SkillDialing one = skill(manner(1), 0.5, 1_000_000);
    SkillDialing two = skill(manner(1), 0.5, 1_000_000);
    for (int n = 1; n <= 4; n++) {
      two.assign(agent(n, one));
    }
    one.start();
    two.start();
    world.advanceTo(3600);
    assertThat(one.connected()).isGreaterThan(10);
    assertThat(two.connected()).isGreaterThan(10);
  }

  @Test
  void skillsPlaceLinesForAgentsInCommonInTurnAndNoMoreThanOneAloneWould() {
    SkillDialing one = skill(manner(2, 0, 0, NONE), 0.3, 1_000_000);
    SkillDialing two = skill(manner(2, 0, 0, NONE), 0.3, 1_000_000);
    for (int n = 1; n <= 20; n++) {
      two.assign(agent(n, one));
    }
    one.start();
    two.start();
    assertThat(one.active().size() + two.active().size()).isEqualTo(40);
    world.advanceTo(4 * 3600);
    assertThat((double) one.dialed() / two.dialed()).isBetween(.9, 1.1);
    assertThat(day.share()).isBetween(.001, .04);
  }

  @Test
  void aSoftStopLetsCallsEndAndAForcedOneCutsThem() {
    SkillDialing skill = skill(manner(2), 0.9, 1_000_000);
    for (int n = 1; n <= 4; n++) {
      agent(n, skill);
    }
    skill.start();
    world.advanceTo(30);
    skill.stop(false);
    long dialed = skill.dialed();
    assertThat(skill.active()).isNotEmpty();
    world.advanceTo(1800);
    assertThat(skill.dialed()).isEqualTo(dialed);
    assertThat(skill.active()).isEmpty();
    skill.start();
    world.advanceTo(1830);
    skill.stop(true);
    assertThat(skill.active()).isEmpty();
    world.advanceTo(3600);
    assertThat(told.stream().filter(call -> call.outcome() == OutboundCall.Outcome.OPEN)).isEmpty();
  }

  @Test
  void everyRecordIsDialedUntilAPersonIsHadOrItsAttemptsAreUsedUp() {
    SkillDialing skill = skill(manner(1), 0.3, 0);
    CallingRecords records = new CallingRecords(60, 2);
    records.blocks(record -> record < 5);
    skill.dialsList(records);
    for (int n = 1; n <= 10; n++) {
      agent(n, skill);
    }
    skill.start();
    world.advanceTo(600);
    assertThat(records.fresh()).isLessThan(60);
    world.advanceTo(24 * 3600);
    assertThat(records.fresh()).isZero();
    assertThat(records.finalized()).isEqualTo(60);
    assertThat(told).noneMatch(call -> call.record() < 5);
    assertThat(told.stream().filter(call -> call.record() == 7)).hasSizeBetween(1, 6);
    assertThat(
            told.stream()
                .filter(c -> c.outcome() != OutboundCall.Outcome.CONNECTED)
                .mapToLong(OutboundCall::record)
                .mapToObj(record -> attempts(record)))
        .allMatch(attempts -> attempts <= 3);
  }

  @Test
  void everyCallIsToldWhenItEndsAndWithItsWrapUpAgain() {
    SkillDialing skill = skill(manner(2), 0.4, 100);
    for (int n = 1; n <= 5; n++) {
      agent(n, skill);
    }
    skill.start();
    world.advanceTo(24 * 3600);
    assertThat(skill.active()).isEmpty();
    Set<OutboundCall> calls = new HashSet<>(told);
    assertThat(calls).hasSize((int) skill.dialed());
    assertThat(told).hasSize((int) (skill.dialed() + skill.connected()));
    assertThat(calls.stream().mapToLong(OutboundCall::id).distinct().count())
        .isEqualTo(calls.size());
    assertThat(skill.answered()).isEqualTo(skill.connected() + skill.abandoned());
  }

  private long attempts(long record) {
    return told.stream().distinct().filter(call -> call.record() == record).count();
  }

  private static long waiting(SkillDialing skill) {
    return skill.agents().stream().filter(a -> a.state() == Operator.State.WAITING).count();
  }

  private Operator agent(int id, SkillDialing skill) {
    Operator agent = world.operator(id);
    skill.assign(agent);
    agent.wants(Operator.State.WAITING);
    return agent;
  }

  private SkillDialing skill(SkillManner manner, double answer, long records) {
    People people = People.of(Schedule.constant(answer), Schedule.constant(120));
    SkillDialing skill = world.skill(1, people, day, told::add);
    skill.dials(manner);
    if (records > 0) {
      skill.dialsList(new CallingRecords(records, 1));
    }
    return skill;
  }

  private static SkillManner manner(int ratio) {
    return manner(ratio, 0.001, 0, NONE);
  }

  private static SkillManner manner(
      int ratio, double ramp, double overdialAbove, AbandonControl control) {
    DialRatio lines = new DialRatio(ratio, 100 * overdialAbove, false);
    return new SkillManner(lines, ramp, 20, 2, 3, 600, 0, 0, true, true, control);
  }
}
