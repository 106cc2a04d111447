package io.campaignroutes.pacing;

/** Numbers for people. */
final class Words {
  private Words() {}

  /** With one decimal, or none when it is whole. */
  static String number(double value) {
    double tenths = Math.rint(value * 10);
    if (Math.abs(tenths) >= 1e15) {
      return Double.toString(value);
    }
    long all = (long) tenths;
    return all % 10 == 0
        ? Long.toString(all / 10)
        : (all < 0 ? "-" : "") + Math.abs(all) / 10 + "." + Math.abs(all) % 10;
  }

  /** What a sentence about no calls begins with, by what is told to the platform. */
  static String none(boolean byRatio) {
    return byRatio ? "0 calls: " : "0 calls/s: ";
  }

  /** A rate in calls/s, with two decimals where it needs them. */
  static String rate(double value) {
    long all = Math.round(value * 100);
    return all % 10 == 0 ? number(value) : all / 100 + (all % 100 < 10 ? ".0" : ".") + all % 100;
  }

  /** A share as a percentage. */
  static String percent(double share) {
    return number(share * 100) + " %";
  }
}
