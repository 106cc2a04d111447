package io.campaignroutes.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SPRING Sale",
        " Spring  sale ",
        "Spring\u00a0sale\u00a0",
        "Spring\u3000sale\u3000",
        "\ufeffSpring sale",
        "Spring sale\u200b",
        "Spring sale\u200f",
        "Spr\u00ading sale",
        "Spr\u034fing sale",
        "\u202aSpring sale\u202c",
        "Spring\u2003\u2009sale",
        "Spring\tsale\n",
        "Spring\u2028sale",
        "\uff33pring sale",
        "\ud835\udc12pring sale",
        "Spring \u017fale",
        "Spring sale\ufe0f",
        "Spring\u2060 sale\u2800",
        "Spring sale\udb40\udd01"
      })
  void whatNobodyCanTellApartIsOneName(String name) {
    assertThat(Names.key(name)).isEqualTo("spring sale");
    assertThat(Names.same("Spring sale", name)).isTrue();
  }

  @Test
  void composedAndDecomposedLettersAreOneName() {
    assertThat(Names.same("\u00c9t\u00e9", "E\u0301te\u0301")).isTrue();
    assertThat(Names.same("Stra\u00dfe", "STRASSE")).isTrue();
    assertThat(Names.same("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2")).isTrue();
    assertThat(Names.same("\u01c5", "\u01c6")).isTrue();
    assertThat(Names.same("\ufb01ne", "fine")).isTrue();
    assertThat(Names.same("\u1e9e", "ss")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Springsale", "Spring-sale", "Spring sale 2", "Spring s\u00e0le", "S"})
  void whatCanBeToldApartIsAnotherName(String name) {
    assertThat(Names.same("Spring sale", name)).isFalse();
  }

  @Test
  void aDotlessIIsNoI() {
    assertThat(Names.same("K\u0131r", "Kir")).isFalse();
    assertThat(Names.same("K\u0131r", "k\u0131R")).isTrue();
  }

  @Test
  void whatCannotBeSeenHasNoKey() {
    for (String name : new String[] {"", " ", "\u00a0\u200b", "\u00ad", "\u3164", "\n"}) {
      assertThat(Names.key(name)).isEmpty();
    }
  }

  /** A column keeps a key, and computing it once more changes nothing. */
  @Test
  void aKeyIsShortAndItsOwnKey() {
    assertThat(Names.key("\ufdfa".repeat(200))).hasSizeLessThanOrEqualTo(255);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String name =
          random
              .ints(1 + random.nextInt(6), 0x20, random.nextBoolean() ? 0x3000 : 0x1ffff)
              .filter(c -> c < 0xd800 || c > 0xdfff)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String key = Names.key(name);
      assertThat(key).hasSizeLessThanOrEqualTo(255).doesNotContain("  ", "\0");
      assertThat(Names.key(key)).as("seed %d, %s", seed, name).isEqualTo(key);
    }
  }
}
