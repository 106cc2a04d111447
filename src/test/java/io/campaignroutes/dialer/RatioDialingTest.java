package io.campaignroutes.dialer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RatioDialingTest {
  private final Dialer world = new Dialer(5);

  @Test
  void oneLineForEachAgentAbandonsNobody() {
    DialedCampaign campaign = campaign(10);
    campaign.dial(DialRatio.of(1));
    world.advanceTo(8 * 3600);
    assertThat(campaign.totals().abandoned()).isZero();
    assertThat(utilisation(campaign)).isCloseTo(.772, within(.02));
  }

  @Test
  void moreLinesKeepAgentsBusierAndAbandonMore() {
    DialedCampaign campaign = campaign(20);
    campaign.dial(DialRatio.of(2));
    world.advanceTo(8 * 3600);
    assertThat(utilisation(campaign)).isCloseTo(.877, within(.01));
    assertThat(abandoned(campaign)).isBetween(.008, .028);
  }

  @Test
  void anAgentWhoWaitsHasHisLinesAtOnce() {
    DialedCampaign campaign = campaign(4);
    campaign.dial(DialRatio.of(3));
    assertThat(campaign.totals().ringing()).isEqualTo(12);
  }

  @Test
  void theRatioIsGrownIntoAndLeftAtOnce() {
    DialedCampaign campaign = campaign(10);
    campaign.ramps(60);
    campaign.dial(DialRatio.of(3));
    assertThat(campaign.linesForEachAgent()).isEqualTo(1);
    world.advanceTo(30);
    assertThat(campaign.linesForEachAgent()).isCloseTo(1.5, within(1e-9));
    world.advanceTo(600);
    assertThat(campaign.linesForEachAgent()).isEqualTo(3);
    campaign.dial(DialRatio.of(2));
    assertThat(campaign.linesForEachAgent()).isEqualTo(2);
    campaign.dial(DialRatio.of(3));
    assertThat(campaign.linesForEachAgent()).isEqualTo(2);
    campaign.dial(DialRatio.ONE_TO_ONE);
    assertThat(campaign.linesForEachAgent()).isEqualTo(1);
  }

  @Test
  void moreThanOneLineWaitsForTheShareOfAgentsThatWait() {
    DialedCampaign campaign = campaign(10);
    campaign.dial(new DialRatio(2, 50, false));
    assertThat(campaign.totals().ringing()).isEqualTo(20);
    world.advanceTo(3600);
    assertThat(campaign.pool().idle()).isLessThan(5);
    assertThat(campaign.linesForEachAgent()).isEqualTo(1);
  }

  @Test
  void aStoppedSkillPlacesNoLine() {
    DialedCampaign campaign = campaign(10);
    campaign.dial(DialRatio.of(2));
    world.advanceTo(600);
    campaign.dial(DialRatio.STOPPED);
    long attempted = campaign.totals().attempted();
    world.advanceTo(3600);
    assertThat(campaign.totals().attempted()).isEqualTo(attempted);
    assertThat(campaign.underWay()).isFalse();
  }

  @Test
  void thePlatformsOwnControlKeepsItsRate() {
    DialedCampaign campaign = campaign(10);
    campaign.guardedBy(AbandonControl.cxone());
    campaign.dial(DialRatio.of(3));
    world.advanceTo(8 * 3600);
    assertThat(abandoned(campaign)).isBetween(.015, .03);
  }

  @Test
  void campaignsOfOnePoolPlaceLinesInTurn() {
    AgentPool pool = world.pool(Schedule.constant(20));
    DialedCampaign one = world.campaign(pool, people());
    DialedCampaign other = world.campaign(pool, people());
    one.dial(DialRatio.of(2));
    other.dial(DialRatio.of(2));
    world.advanceTo(8 * 3600);
    long first = one.totals().attempted();
    long second = other.totals().attempted();
    assertThat((double) first / second).isBetween(.9, 1.1);
    assertThat(pool.busySeconds() / pool.staffedSeconds()).isCloseTo(.877, within(.01));
  }

  @Test
  void aCallIsCountedWhenItIsToldAndNotBefore() {
    DialedCampaign campaign = campaign(10);
    ContactTelemetry telemetry =
        new ContactTelemetry(world, campaign, ContactTelemetry.Manner.cxone(), 1);
    campaign.dial(DialRatio.of(3));
    world.advanceTo(3600);
    Telemetry.Figures figures = telemetry.read().figures();
    CallPeriod told = campaign.between(3600 - 330, 3600 - 30);
    assertThat(figures.abandoned()).isEqualTo(told.abandoned());
    assertThat(figures.attempted()).isEqualTo(told.attempted());
    assertThat(figures.connected()).isCloseTo(told.connected(), within(4.0));
    assertThat(figures.staffed()).isEqualTo(10);
  }

  private DialedCampaign campaign(int agents) {
    return world.campaign(world.pool(Schedule.constant(agents)), people());
  }

  private static People people() {
    return People.of(Schedule.constant(.3), Schedule.constant(180));
  }

  private static double utilisation(DialedCampaign campaign) {
    return campaign.pool().busySeconds() / campaign.pool().staffedSeconds();
  }

  private static double abandoned(DialedCampaign campaign) {
    return (double) campaign.totals().abandoned() / campaign.totals().answered();
  }
}
