package io.campaignroutes.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFaultTest {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** In the texts, ⏎ is a line end and ⇥ a tab. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "a: 1⏎⇥b: 2|line 2: the line is indented with a tab. Indent with spaces, YAML takes no tabs.",
        "a:⏎  b: 1⏎ c: 2|line 3: the indentation or the punctuation does not fit what stands above.",
        "a: \"x⏎b: 2|has no such quote at its end",
        "a: \"x\" y⏎b: 2|line 1: a text that begins with \" has no such quote at its end, or more after it.",
        "a: [1, 2⏎b: 2⏎|the bracket [ is not closed. Add ].",
        "a: {x: 1⏎b|the bracket { is not closed. Add }.",
        "a: b: c|line 1: a value has a colon and a space in it. Put the value in quotes.",
        "a: @x|line 1: a value must not begin with @. Put it in quotes.",
        "a: %x⏎b: `y`|a value must not begin with",
        "a: 1⏎b: 2⏎a: 3|line 3: a key appears twice in one map. Remove one of the two entries.",
        "a: 1⏎b: ␀1|there is a NUL character (U+0000).",
      })
  void aFaultIsSaidWithItsLineAndWhatToDo(String text, String said) {
    String yaml = text.replace('⏎', '\n').replace('⇥', '\t').replace('␀', '\0');
    JacksonException e =
        Assertions.catchThrowableOfType(JacksonException.class, () -> YAML.readTree(yaml));
    assertThat(YamlFault.of(e, yaml).sentence()).contains(said);
  }
}
