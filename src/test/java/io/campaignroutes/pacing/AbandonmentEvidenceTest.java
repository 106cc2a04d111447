package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is chance and what is not, under a cap of 3 %. */
class AbandonmentEvidenceTest {
  private static final LawSettings LAW = LawSettings.defaults();
  private static final double CAP = 0.03;
  private static final double TARGET = 0.024;

  /** Answers of a team of 50 in four hours. */
  private static final int ANSWERS = 3600;

  @ParameterizedTest(name = "{1} of {0}: careful {2}, no chance {3}")
  @CsvSource({
    "15, 15, true, true",
    "10, 5, true, true",
    "2, 2, true, false",
    "2, 1, true, false",
    "10, 1, false, false",
    "30, 1, false, false",
    "40, 2, false, false",
    "1000, 24, false, false",
    "20000, 480, false, false",
    "1000, 50, true, true",
    "20000, 660, true, true",
    "0, 0, false, false",
  })
  void aFloodSpeaksAtOnceAndOneBadCallHardly(
      double answered, double abandoned, boolean protects, boolean noChance) {
    double log = AbandonmentEvidence.log(answered, abandoned, TARGET, CAP);
    assertThat(AbandonmentEvidence.beyond(log, LAW.protectByChance())).isEqualTo(protects);
    assertThat(AbandonmentEvidence.beyond(log, LAW.holdByChance())).isEqualTo(noChance);
  }

  /** At most one in 1,000 may; looked at after every single answer. */
  @Test
  void aCampaignAtItsTargetIsHardlyEverTakenForOneThatBreaksTheCap() {
    Random chance = new Random(20_261_128);
    int runs = 4000;
    int held = 0;
    int guarded = 0;
    for (int run = 0; run < runs; run++) {
      double most = mostEvidence(chance, TARGET);
      held += AbandonmentEvidence.beyond(most, LAW.holdByChance()) ? 1 : 0;
      guarded += AbandonmentEvidence.beyond(most, LAW.protectByChance()) ? 1 : 0;
    }
    assertThat(held / (double) runs).isLessThanOrEqualTo(LAW.holdByChance());
    assertThat(guarded / (double) runs).isLessThanOrEqualTo(LAW.protectByChance());
  }

  @Test
  void aCampaignWellAboveTheCapIsFoundOutEveryTime() {
    Random chance = new Random(7);
    for (int run = 0; run < 200; run++) {
      assertThat(mostEvidence(chance, 2 * CAP)).isGreaterThan(-Math.log(LAW.holdByChance()));
    }
  }

  private static double mostEvidence(Random chance, double share) {
    double most = 0;
    int lost = 0;
    for (int answered = 1; answered <= ANSWERS; answered++) {
      if (chance.nextDouble() < share) { // without an abandoned call it only falls
        lost++;
        most = Math.max(most, AbandonmentEvidence.log(answered, lost, TARGET, CAP));
      }
    }
    return most;
  }

  /** So it is a martingale: the mean over all that can happen is 1. */
  @Test
  void theEvidenceOfACampaignAtItsTargetIsOneOnAverage() {
    int answered = 60;
    double mean = 0;
    double probability = Math.pow(1 - TARGET, answered);
    for (int lost = 0; lost <= answered; lost++) {
      mean += probability * Math.exp(AbandonmentEvidence.log(answered, lost, TARGET, CAP));
      probability *= (double) (answered - lost) / (lost + 1) * TARGET / (1 - TARGET);
    }
    assertThat(mean).isCloseTo(1, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"0.03, 0", "0.03, 0.03", "0.03, 1", "0.6, 0.5", "1, 0.8", "0.0001, 0.00008"})
  void anyCapAndTargetCanBeTested(double cap, double target) {
    assertThat(AbandonmentEvidence.log(1000, 1000, target, cap)).isFinite();
    assertThat(AbandonmentEvidence.log(1000, 0, target, cap)).isFinite().isNegative();
    assertThat(AbandonmentEvidence.log(3, 4, target, cap)).as("late figures").isFinite();
  }
}
