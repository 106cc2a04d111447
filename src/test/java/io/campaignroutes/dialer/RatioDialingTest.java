package io.campaignroutes.dialer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What lines for each agent who waits come to over hours, with agents who come and go. */
class RatioDialingTest {
  private final Dialer world = new Dialer(5);
  private final ContactTelemetry telemetry =
      new ContactTelemetry(world, new ContactTelemetry.Manner(10, 30, 30, 3600, 0), 1);
  private SkillDialing skill;
  private Roster agents;

  @Test
  void oneLineForEachAgentAbandonsNobody() {
    dials(10, DialRatio.of(1), 0, null);
    world.advanceTo(8 * 3600);
    assertThat(skill.abandoned()).isZero();
    assertThat(utilisation()).isCloseTo(.772, within(.02));
  }

  @Test
  void moreLinesKeepAgentsBusierAndAbandonMore() {
    dials(20, DialRatio.of(2), 0, null);
    world.advanceTo(8 * 3600);
    assertThat(utilisation()).isCloseTo(.877, within(.01));
    assertThat(abandoned()).isBetween(.008, .028);
  }

  @Test
  void anAgentWhoWaitsHasHisLinesAtOnce() {
    dials(4, DialRatio.of(3), 0, null);
    assertThat(skill.active()).hasSize(12);
  }

  @Test
  void theRatioIsGrownIntoAndLeftAtOnce() {
    dials(10, DialRatio.of(3), 60, null);
    assertThat(skill.lines()).isEqualTo(1);
    world.advanceTo(30);
    assertThat(skill.lines()).isCloseTo(1.5, within(1e-9));
    world.advanceTo(600);
    assertThat(skill.lines()).isEqualTo(3);
    ratio(DialRatio.of(2), 60);
    assertThat(skill.lines()).isEqualTo(2);
    ratio(DialRatio.of(3), 60);
    assertThat(skill.lines()).isEqualTo(2);
    ratio(DialRatio.ONE_TO_ONE, 60);
    assertThat(skill.lines()).isEqualTo(1);
  }

  @Test
  void moreThanOneLineWaitsForTheShareOfAgentsThatWait() {
    dials(10, new DialRatio(2, 50, false), 0, null);
    assertThat(skill.active()).hasSize(20);
    world.advanceTo(3600);
    assertThat(agents.idle()).isLessThan(5);
    assertThat(skill.lines()).isEqualTo(1);
  }

  @Test
  void aStoppedRatioPlacesNoLine() {
    dials(10, DialRatio.of(2), 0, null);
    world.advanceTo(600);
    ratio(DialRatio.STOPPED, 0);
    long dialed = skill.dialed();
    world.advanceTo(3600);
    assertThat(skill.dialed()).isEqualTo(dialed);
    assertThat(skill.active()).isEmpty();
  }

  @Test
  void thePlatformsOwnControlKeepsItsRate() {
    dials(10, DialRatio.of(3), 0, AbandonControl.cxone());
    world.advanceTo(8 * 3600);
    assertThat(abandoned()).isBetween(.015, .03);
  }

  @Test
  void whoLeavesDoesSoAfterTheCallInHand() {
    SkillDialing own = world.skill(1, people(), new AbandonDay(world), telemetry::told);
    own.dialsList(new CallingRecords(1_000_000, 1));
    Roster leaving = world.roster(Schedule.steps(20, 1800, 5), own);
    own.dials(SkillManner.of(DialRatio.of(2), people(), 0, null));
    own.start();
    world.advanceTo(1801);
    assertThat(leaving.staffed()).isBetween(6, 20);
    world.advanceTo(3600);
    assertThat(leaving.staffed()).isEqualTo(5);
    assertThat(leaving.staffedSeconds()).isBetween(20 * 1800.0 + 5 * 1800, 20 * 3600.0);
  }

  @Test
  void aCallIsCountedWhenItIsToldAndNotBefore() {
    dials(10, DialRatio.of(3), 0, null);
    world.advanceTo(3570);
    long ended = skill.dialed() - skill.active().size();
    long abandoned = skill.abandoned();
    world.advanceTo(3600);
    Telemetry.Figures all = telemetry.read(agents).figures();
    assertThat(all.abandoned()).isEqualTo(abandoned);
    assertThat(all.attempted()).isCloseTo(ended + agents.staffed() - agents.idle(), within(4.0));
    assertThat(all.staffed()).isEqualTo(10);
  }

  private void dials(int staff, DialRatio ratio, double ramp, AbandonControl control) {
    skill = world.skill(1, people(), new AbandonDay(world), telemetry::told);
    skill.dialsList(new CallingRecords(1_000_000, 1));
    skill.dials(SkillManner.of(ratio, people(), ramp, control));
    skill.start();
    agents = world.roster(Schedule.constant(staff), skill);
  }

  private void ratio(DialRatio ratio, double ramp) {
    skill.dials(SkillManner.of(ratio, people(), ramp, null));
  }

  private static People people() {
    return People.of(Schedule.constant(.3), Schedule.constant(180));
  }

  private double utilisation() {
    return agents.busySeconds() / agents.staffedSeconds();
  }

  private double abandoned() {
    return (double) skill.abandoned() / skill.answered();
  }
}
