package io.campaignroutes.fuzz;

import java.util.Random;

/**
 * An input of a run.
 *
 * @param number the input's, from 0
 * @param door where it comes in
 * @param kind what is odd about it
 * @param invalid whether it is known that it must not lead to a campaign
 * @param closes whether the connection is closed after it, for a request whose end is not sure
 * @param bytes a request as it is sent, an entry of an inbox file, or an answer's body
 */
public record FuzzInput(
    long number, Door door, String kind, boolean invalid, boolean closes, byte[] bytes) {

  /** Where an input comes in. */
  public enum Door {
    HTTP("HTTP"),
    WEBHOOK("webhook"),
    INBOX("inbox"),
    CXONE("CXone, v2"),
    TENANT("CXone, Personal Connection");

    private final String called;

    Door(String called) {
      this.called = called;
    }

    @Override
    public String toString() {
      return called;
    }
  }

  /** What the name of a campaign begins with that an input asks for. */
  public static String name(long number) {
    return "fz" + number + "x";
  }

  /** What draws for an input, the same whenever seed and number are. */
  public static Random dice(long seed, long number) {
    long mixed = seed * 0x9E3779B97F4A7C15L + number * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 31)) * 0x94D049BB133111EBL;
    return new Random(mixed ^ (mixed >>> 29));
  }
}
