package io.campaignroutes.dialer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.campaignroutes.pacing.Erlang;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialerTest {
  private static final double ANSWER = 0.3;
  private static final double HANDLE = 180;

  @Test
  void aConstantRateAbandonsWhatTheFormulaSays() {
    People people = exponential(people());
    double answers = 0.045;
    double[] shares = shares(10, answers / ANSWER, people, 16, 20);
    assertThat(mean(shares))
        .isCloseTo(
            Erlang.abandonment(10, answers, HANDLE, 2), within(3 * standardError(shares) + 1e-4));
  }

  @Test
  void withoutPatienceItIsErlangsLossFormula() {
    People people = exponential(people()).withPatience(0, false);
    double answers = 0.05;
    double[] shares = shares(10, answers / ANSWER, people, 16, 20);
    assertThat(mean(shares))
        .isCloseTo(erlangB(10, answers * HANDLE), within(3 * standardError(shares)));
    assertThat(Erlang.abandonment(10, answers, HANDLE, 0))
        .isCloseTo(erlangB(10, answers * HANDLE), within(1e-9));
  }

  @Test
  void theFormulaGivesTheReferenceCurve() {
    // n, share, utilisation for a handle time of 180 s and a patience of 2 s.
    double[][] curve = {{5, 0.03, .368}, {10, 0.01, .447}, {50, 0.03, .822}, {200, 0.05, .953}};
    for (double[] point : curve) {
      int agents = (int) point[0];
      double answers = Erlang.answersPerSecond(agents, HANDLE, 2, point[1]);
      assertThat(Erlang.utilisation(agents, answers, HANDLE, 2)).isCloseTo(point[2], within(0.001));
    }
  }

  @Test
  void noCallIsLostOrDoubled() {
    Dialer world = new Dialer(3);
    DialedCampaign campaign =
        world.campaign(world.pool(Schedule.constant(10)), people().withMachines(0.2, 3, 0.1, 0.05));
    campaign.dial(0.4);
    for (int hour = 1; hour <= 4; hour++) {
      world.advanceTo(hour * 3600);
      CampaignTotals all = campaign.totals();
      assertThat(all.attempted())
          .isEqualTo(
              all.answered() + all.machines() + all.mistaken() + all.failed() + all.ringing());
      assertThat(all.answered()).isEqualTo(all.connected() + all.abandoned() + all.waiting());
      assertThat(all.connected()).isEqualTo(all.handled() + campaign.pool().busy());
    }
  }

  @Test
  void aCampaignThatDialsEvenlyCallsEachOfItsContactsOnce() {
    Dialer world = new Dialer(5);
    DialedCampaign campaign = world.campaign(world.pool(Schedule.constant(10)), people());
    campaign.dialsEvenly();
    campaign.hasContacts(25);
    campaign.dial(2);
    world.advanceTo(10);
    assertThat(campaign.totals().attempted()).isEqualTo(20);
    assertThat(campaign.between(4, 10).attempted()).isEqualTo(12);
    campaign.dial(0.25);
    world.advanceTo(18);
    assertThat(campaign.totals().attempted()).isEqualTo(22);
    assertThat(campaign.underWay()).isTrue();
    world.advanceTo(7200);
    assertThat(campaign.totals().attempted()).isEqualTo(25);
    assertThat(campaign.underWay()).isFalse();
    assertThat(campaign.between(0, 7200).answerTime()).isBetween(4.0, 20.0);
  }

  @Test
  void busyAgentsAreThroughputTimesHandleTime() {
    Dialer world = new Dialer(4);
    DialedCampaign campaign = world.campaign(world.pool(Schedule.constant(50)), people());
    campaign.dial(0.7);
    world.advanceTo(3600);
    double busyBefore = campaign.pool().busySeconds();
    CampaignTotals before = campaign.totals();
    world.advanceTo(40 * 3600);
    CampaignTotals after = campaign.totals();
    double seconds = 39 * 3600;
    double mean = (campaign.pool().busySeconds() - busyBefore) / seconds;
    double throughput = (after.handled() - before.handled()) / seconds;
    double handle =
        (after.handledSeconds() - before.handledSeconds()) / (after.handled() - before.handled());
    assertThat(mean).isCloseTo(throughput * handle, within(0.02 * mean));
  }

  @Test
  void withoutAgentsEveryAnsweredCallIsAbandoned() {
    Dialer world = new Dialer(5);
    DialedCampaign campaign = world.campaign(world.pool(Schedule.constant(0)), people());
    campaign.dial(1);
    world.advanceTo(3600);
    campaign.dial(0);
    world.advanceTo(3700);
    assertThat(campaign.totals().answered()).isGreaterThan(900);
    assertThat(campaign.totals().abandoned()).isEqualTo(campaign.totals().answered());
  }

  @Test
  void theSameSeedIsTheSameWorldHoweverItIsStepped() {
    Dialer one = new Dialer(6);
    DialedCampaign first = one.campaign(one.pool(Schedule.constant(10)), people());
    first.dial(0.3);
    one.advanceTo(7200);
    Dialer other = new Dialer(6);
    DialedCampaign second = other.campaign(other.pool(Schedule.constant(10)), people());
    second.dial(0.3);
    for (int i = 1; i <= 20_000; i++) {
      other.advanceTo(i * 0.36);
    }
    assertThat(second.totals()).isEqualTo(first.totals());
  }

  @Test
  void anAgentWhoIsToLeaveFinishesTheCall() {
    Dialer world = new Dialer(7);
    DialedCampaign campaign = world.campaign(world.pool(Schedule.steps(10, 1000, 0)), people());
    campaign.dial(2);
    world.advanceTo(999);
    int busy = campaign.pool().busy();
    campaign.dial(0);
    world.advanceTo(1002);
    assertThat(campaign.pool().staffed()).isPositive().isLessThanOrEqualTo(busy);
    world.advanceTo(10_000);
    assertThat(campaign.pool().staffed()).isZero();
    assertThat(campaign.totals().handled()).isEqualTo(campaign.totals().connected());
  }

  @Test
  void campaignsMayShareTheirAgents() {
    Dialer world = new Dialer(8);
    AgentPool pool = world.pool(Schedule.constant(10));
    DialedCampaign one = world.campaign(pool, people());
    DialedCampaign other = world.campaign(pool, people());
    one.dial(0.1);
    other.dial(0.1);
    world.advanceTo(7200);
    assertThat(one.totals().connected()).isPositive();
    assertThat(other.totals().connected()).isPositive();
    assertThat(pool.busy())
        .isEqualTo(
            one.totals().connected()
                - one.totals().handled()
                + other.totals().connected()
                - other.totals().handled());
  }

  @Test
  void agentsMayBeInTwoPoolsAndTakeTheCallThatWaitsLongest() {
    Dialer world = new Dialer(8);
    AgentGroup both = world.agents(Schedule.constant(4));
    AgentPool first = world.pool(List.of(world.agents(Schedule.constant(3)), both));
    AgentPool second = world.pool(List.of(both));
    assertThat(first.staffed()).isEqualTo(7);
    DialedCampaign one = world.campaign(first, people());
    DialedCampaign other = world.campaign(second, people());
    one.dial(0.5);
    other.dial(0.5);
    world.advanceTo(3600);
    one.dial(0);
    world.advanceTo(5400);
    assertThat(first.busy()).as("nobody dials for those that are the first's only").isBetween(0, 4);
    assertThat(second.busy()).isEqualTo(first.busy()).isPositive();
    for (DialedCampaign campaign : List.of(one, other)) {
      CampaignTotals totals = campaign.totals();
      assertThat(totals.connected()).isPositive();
      assertThat(totals.answered())
          .isEqualTo(totals.connected() + totals.abandoned() + totals.waiting());
    }
    assertThat(other.totals().abandoned()).as("too many for four agents").isPositive();
  }

  @Test
  void figuresAreOfTheWindowAndAsLateAsTold() {
    Dialer world = new Dialer(9);
    DialedCampaign campaign = world.campaign(world.pool(Schedule.constant(10)), people());
    Telemetry now = new Telemetry(world, campaign, Telemetry.Manner.v2(), 1);
    Telemetry late = new Telemetry(world, campaign, Telemetry.Manner.v2().withLag(60), 1);
    assertThat(now.read().notYet()).isTrue();
    campaign.dial(0.2);
    world.advanceTo(3600);
    Telemetry.Figures then = now.read().figures();
    world.advanceTo(3660);
    assertThat(late.read().figures()).isEqualTo(then);
    campaign.dial(0);
    world.advanceTo(10_000);
    assertThat(now.read().notYet()).isTrue();
  }

  @Test
  void thePlatformsGuardHoldsCallsBack() {
    Dialer world = new Dialer(10);
    DialedCampaign campaign = world.campaign(world.pool(Schedule.constant(20)), people());
    campaign.guardedBy(AbandonControl.cxone());
    campaign.dial(2);
    world.advanceTo(4 * 3600);
    CampaignTotals guarded = campaign.totals();
    assertThat(guarded.suppressed()).isPositive();
    assertThat((double) guarded.abandoned() / guarded.answered()).isLessThan(0.2);
  }

  /** The same with exponential handle times, as the formulas assume. */
  private static People exponential(People people) {
    return new People(
        people.answer(),
        people.handle(),
        1,
        true,
        people.ringMean(),
        people.ringDeviation(),
        people.ringTimeout(),
        people.quickFailures(),
        people.quickFailure(),
        people.patience(),
        people.exponentialPatience(),
        people.machines(),
        people.machineDetection(),
        people.machinesMissed(),
        people.personsMistaken(),
        people.machineHandle());
  }

  private static People people() {
    return People.of(Schedule.constant(ANSWER), Schedule.constant(HANDLE));
  }

  private static double[] shares(int agents, double rate, People people, int seeds, double hours) {
    double[] shares = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      Dialer world = new Dialer(100 + seed);
      DialedCampaign campaign = world.campaign(world.pool(Schedule.constant(agents)), people);
      campaign.dial(rate);
      world.advanceTo(3600);
      CampaignTotals before = campaign.totals();
      world.advanceTo(3600 * (1 + hours));
      CampaignTotals after = campaign.totals();
      shares[seed] =
          (double) (after.abandoned() - before.abandoned())
              / (after.answered() - before.answered());
    }
    return shares;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value / values.length;
    }
    return sum;
  }

  private static double standardError(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / (values.length - 1) / values.length);
  }

  private static double erlangB(int agents, double load) {
    double blocked = 1;
    for (int n = 1; n <= agents; n++) {
      blocked = load * blocked / (n + load * blocked);
    }
    return blocked;
  }
}
