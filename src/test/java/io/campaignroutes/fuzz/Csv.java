package io.campaignroutes.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Files of contacts, few of them as they should be. */
final class Csv {
  private static final List<String> CELLS =
      List.of(
          "+12125550100",
          "phone",
          "",
          "\"",
          "\"\"",
          "\"a\nb\"",
          "a\"b",
          "=cmd|' /C calc'!A0",
          "\u0000",
          "\ufeff",
          "\u202e",
          "\uD83D\uDE00",
          "x".repeat(40_000),
          "1e309",
          "America/New_York",
          "\t",
          ";");

  private Csv() {}

  static byte[] any(Random dice) {
    String separator = List.of(",", ";", "\t", "|").get(dice.nextInt(4));
    String end = List.of("\n", "\r\n", "\r").get(dice.nextInt(3));
    var text = new StringBuilder(dice.nextInt(4) == 0 ? "\ufeff" : "");
    text.append(
        dice.nextInt(4) == 0 ? "phone" + separator + "phone" : "phone" + separator + "firstName");
    for (int line = dice.nextInt(6); line > 0; line--) {
      text.append(end);
      for (int cell = dice.nextInt(5); cell >= 0; cell--) {
        text.append(CELLS.get(dice.nextInt(CELLS.size()))).append(cell == 0 ? "" : separator);
      }
    }
    return text.toString()
        .getBytes(
            List.of(
                    StandardCharsets.UTF_8,
                    StandardCharsets.UTF_8,
                    StandardCharsets.ISO_8859_1,
                    StandardCharsets.UTF_16)
                .get(dice.nextInt(4)));
  }
}
