package io.campaignroutes.pacing;

/**
 * What the law wants to be dialed, whatever the platform can be set to.
 *
 * @param mode how the campaign is paced
 * @param rate calls/s
 * @param bound what decided it
 * @param why in words that end a sentence
 * @param overdial answered calls aimed at for each agent expected to be idle
 * @param predicted calls/s that the prediction alone would dial
 * @param missing why there is no sample, in words; null when there is one
 * @param probes whether dialing without figures begins with it
 */
record WantedRate(
    Mode mode,
    double rate,
    RateBound bound,
    String why,
    double overdial,
    double predicted,
    String missing,
    boolean probes) {

  WantedRate mode(Mode other) {
    return new WantedRate(other, rate, bound, why, overdial, predicted, missing, probes);
  }

  WantedRate rate(double other) {
    return new WantedRate(mode, other, bound, why, overdial, predicted, missing, probes);
  }

  WantedRate because(RateBound by, String reason) {
    return new WantedRate(mode, rate, by, reason, overdial, predicted, missing, probes);
  }

  WantedRate predicted(double other) {
    return new WantedRate(mode, rate, bound, why, overdial, other, missing, probes);
  }

  WantedRate missing(String reason) {
    return new WantedRate(mode, rate, bound, why, overdial, predicted, reason, probes);
  }

  WantedRate probing() {
    return new WantedRate(mode, rate, bound, why, overdial, predicted, missing, true);
  }
}
