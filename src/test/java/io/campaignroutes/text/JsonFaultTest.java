package io.campaignroutes.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFaultTest {
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** In the texts, ⏎ is a line end and ⇥ a tab. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        // cut off
        "{|column 2: it ends too early: the object that begins at line 1, column 1 is not closed by }. Send the whole of it.",
        "[1, 2|column 6: it ends too early: the list that begins at line 1, column 1 is not closed by ].",
        "{'a'|column 5: it ends too early: a name has no value, and the object",
        "{'a':|column 6: it ends too early: a value is missing, and the object",
        "{'a':{'b':1}|it ends too early: the object that begins at line 1, column 1 is not closed",
        "{'a':'Spr|it ends too early: the text that begins at line 1, column 6 has no quote \" at its end.",
        "{'a|the name that begins at line 1, column 2 has no quote",
        "{'a':'x\\|line 1, column 9: it ends too early: the text that begins at line 1, column 6 has no quote",
        // a line end, a tab, another control character in a text
        "{'a':'x⏎y'}|column 8: the text that begins at line 1, column 6 has a line end in it. Add the quote",
        "{'a':'x⇥y'}|has a tab in it. Write \\t for it.",
        "{'a':'x\u0001y'}|has a control character (U+0001) in it. Remove it.",
        // quotes
        "{'name':“X”}|column 9: there is a curly quote “ (U+201C) where a straight quote \" is expected.",
        "{“name”:1}|column 2: there is a curly quote “ (U+201C) where a straight quote",
        "{„name”:1}|there is a curly quote „ (U+201E)",
        "{'a':«x»}|there is a quote « (U+00AB)",
        "{'name”:1}|the name that begins at line 1, column 2 has no quote",
        "{'a':'x'”}|there is a curly quote ” (U+201D) where a comma or } is expected. Remove it.",
        "{~name~:1}|column 2: there is ' where a double quote \" is expected.",
        "{'a':~x~}|column 6: there is ' where a double quote \" is expected.",
        "{'a':`x`}|there is ` where a double quote",
        "{'a':'Say 'hi' now'}|column 12: there is hi where a comma or } is expected. Add the comma; if it belongs to the text before it, write \\\" for each quote",
        // characters that nobody sees
        "{'a':\u00a01}|there is a no-break space (U+00A0). Use ordinary spaces",
        "{'a':1}\u00a0|column 8: there is a no-break space (U+00A0).",
        "\u00a0|there is a no-break space (U+00A0).",
        "{'a':\u30001}|there is a full-width space (U+3000)",
        "{'a':\u20031}|there is an unusual space (U+2003)",
        "\ufeff\ufeff{}|column 2: there is an invisible byte order mark (U+FEFF). Remove it.",
        "\u200b{}|column 1: there is an invisible zero-width space (U+200B). Remove it.",
        "{'a':1}\u2028{'a':1}|there is a line separator (U+2028). Use ordinary spaces and line ends",
        "{}\u2029|there is a paragraph separator (U+2029)",
        "{\u00ad'a':1}|there is an invisible soft hyphen (U+00AD)",
        "{\u202e'a':1}|there is an invisible mark for the direction of text (U+202E)",
        "{'a':1,␀}|there is a NUL character (U+0000). Remove it.",
        "{}␚|there is a control character (U+001A). Remove it.",
        "\ufeff|There is no JSON: the body is empty.",
        // more than one document
        "{} {}|column 4: another JSON document begins here. Send one at a time.",
        "{}⏎⏎[]|line 3, column 1: another JSON document begins here.",
        "{}x|there is x after the end of the JSON. Remove it.",
        "{}}|there is a closing } too many. Remove it.",
        "{},|there is more after the end. Send one at a time.",
        "1 2|there is 2 after the end",
        // words
        "{'a':NaN}|column 6: NaN is not a JSON value. Write a number, a text in quotes or null.",
        "{'a':Infinity}|Infinity is not a JSON value.",
        "{'a':-Infinity}|-Infinity is not a number in JSON.",
        "{'a':undefined}|undefined is not a JSON value.",
        "{'a':None}|None is not a JSON value.",
        "{'a':True}|True has to be in lower case. Write true.",
        "{'a':FALSE}|FALSE has to be in lower case. Write false.",
        "{'a':nul}|the value nul is not in double quotes. Write \"nul\" if it is a text.",
        "{'a':spring}|column 6: the value spring is not in double quotes.",
        "{name:1}|column 2: the name name is not in double quotes. Write \"name\".",
        "no json|column 1: the value no is not in double quotes.",
        "<html>|there is < where a value is expected.",
        // numbers
        "{'a':+3}|column 6: a number must not begin with +. Write 3.",
        "{'a':.5}|a number must not begin with a point. Write 0.5.",
        "{'a':007}|the number 007 begins with a zero. Remove the zero, or put it in quotes",
        "{'a':1.}|the number 1. has no digit after its point.",
        "{'a':1e}|the number 1e has no digit after its e.",
        "{'a':-}|a minus sign has to be followed by a digit.",
        "{'a':0x1F}|0x1F is not a number in JSON. Write it with decimal digits.",
        "{'a':1_000}|1_000 is not a number. Put it in quotes",
        "{'a':12:30}|there is : where a comma or } is expected.",
        "{'a':0,5}|column 8: there is 5 where a name in double quotes is expected. A number has a point",
        "{'a':−1}|there is a dash − (U+2212). Write - for a minus sign.",
        "{'a':–1}|there is a dash – (U+2013). Write - for a minus sign.",
        // comments
        "{// note⏎}|column 2: there is a comment, which JSON does not have. Remove it.",
        "{'a':/* x */1}|there is a comment",
        "# note⏎{}|there is a comment",
        "{'a':1} // end|there is a comment",
        // commas, colons, brackets
        "{'a':1,}|column 7: this comma is one too many, since only } follows. Remove it.",
        "[1,⏎2,⏎]|line 2, column 2: this comma is one too many, since only ] follows.",
        "[1,,2]|column 4: there is a comma too many: a value is expected.",
        "{,}|there is a comma too many",
        "{'a':1 'b':2}|column 8: a comma is missing before \". Add it.",
        "[{} {}]|a comma is missing before {. Add it.",
        "{'a':1; 'b':2}|there is ; where a comma or } is expected.",
        "{'a' 1}|there is 1 where a colon : is expected.",
        "{'a'=1}|there is = where a colon : is expected.",
        "{'a'：1}|there is the full-width character ： (U+FF1A) where a colon : is expected.",
        "{'a':}|there is } where a value is expected.",
        "{'a':1]|there is ] where the object that begins at line 1, column 1 has to be closed by }.",
        "[{'a':1]|there is ] where the object that begins at line 1, column 2 has to be closed by }.",
        "[1}|there is } where the list that begins at line 1, column 1 has to be closed by ].",
        // escapes
        "{'a':'C:\\lists'}|column 9: a backslash must not be followed by l. Write \\\\ for a backslash",
        "{'a':'\\u12'}|\\u has to be followed by four hexadecimal digits",
        "{'a':'\\é'}|must not be followed by é (U+00E9)",
        // names
        "{'a':1,'b':2,⏎'a':3}|line 2, column 1: the name a appears twice in one object, first at line 1, column 2. Remove one of them.",
        "{'a':1,'\\u0061':3}|the name a appears twice",
        "{'':1,'':3}|the empty name \"\" appears twice",
        "{'\\u200b':1,'\\u200b':3}|the name that cannot be seen appears twice",
        // places count characters
        "{'é':'日本',⏎  'ü': x}|line 2, column 8: the value x is not",
      })
  void aFaultIsSaidWithItsPlaceAndWhatToDo(String text, String said) {
    String json = json(text);
    assertThat(message(json.getBytes(UTF_8))).contains(said);
    assertThat(STRICTLY.refuses(json.getBytes(UTF_8))).isTrue();
  }

  @Test
  void otherEncodingsAreSaid() {
    for (String name : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
      byte[] text = json("{'a':1}").getBytes(Charset.forName(name));
      assertThat(message(text))
          .isEqualTo(
              "This is in "
                  + name.substring(0, 6)
                  + ", but JSON has to be in UTF-8. Save or send it as UTF-8.");
    }
    byte[] latin = json("{'a':'é'}").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(message(latin))
        .isEqualTo(
            "This is not valid JSON at line 1, column 7: there is a byte (0xE9, é in Windows-1252)"
                + " that is not UTF-8. Save or send it as UTF-8.");
    byte[] half = json("{'a':'xyz'}").getBytes(UTF_8);
    half[6] = (byte) 0xed; // half of a surrogate pair
    half[7] = (byte) 0xa0;
    half[8] = (byte) 0x80;
    assertThat(message(half)).contains("column 7: there is a byte (0xED");
  }

  @Test
  void whatIsTooLongOrTooDeepIsSaid() {
    assertThat(message("[".repeat(1_001).getBytes(UTF_8)))
        .isEqualTo(
            "At line 1, column 1001: More than 1,000 objects and lists lie within each other. Check"
                + " what wrote it.");
    assertThat(message(("[" + "1".repeat(1_001) + "]").getBytes(UTF_8)))
        .contains("A number has more than 1,000 digits.");
    assertThat(message(("{\"" + "x".repeat(50_001) + "\":1}").getBytes(UTF_8)))
        .contains("A name has more than 50,000 characters.");
  }

  @Test
  void emptyTextsAreSaid() {
    for (String text : List.of("", " ", "\n\n")) {
      assertThat(message(text.getBytes(UTF_8))).isEqualTo("There is no JSON: the body is empty.");
    }
  }

  @Test
  void aLineOfAFileIsToldByItsNumberInTheFile() {
    Origin line = new Origin(Kind.LINE, 4, 1, true);
    assertThat(JsonFault.in("{\"a\":".getBytes(UTF_8), line).orElseThrow())
        .satisfies(fault -> assertThat(fault.line()).isEqualTo(4))
        .satisfies(
            fault ->
                assertThat(fault.message())
                    .startsWith("This is not valid JSON at line 4, column 6: it ends too early")
                    .contains("begins at line 4, column 1")
                    .endsWith("Each line of an .ndjson file has to be a whole request."));
    assertThat(JsonFault.in("{} {}".getBytes(UTF_8), line).orElseThrow().message())
        .endsWith("Put each request on a line of its own, without commas between lines.");
    assertThat(JsonFault.in("\ufeff{}".getBytes(UTF_8), line).orElseThrow().message())
        .contains("line 4, column 1: there is an invisible byte order mark (U+FEFF)");
    Origin within = new Origin(Kind.REQUESTS, 7, 20, true);
    assertThat(JsonFault.in("{\"a\":1,\"a\":2}".getBytes(UTF_8), within).orElseThrow().message())
        .contains("line 7, column 27")
        .contains("line 7, column 21");
  }

  @Test
  void linesEndAsEditorsCountThem() {
    for (String end : List.of("\n", "\r\n", "\r")) {
      assertThat(message(("{" + end + end + "  x}").getBytes(UTF_8))).contains("line 3, column 3");
    }
  }

  /** What the parser takes and what is said must never part. */
  @Test
  void whatAParserRefusesHasAFaultAndNothingElseHas() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String base =
        "{\"name\":\"Spring é\",\"pacing\":{\"a\":[1,-2.5e+3,true,null],\"b\":\"\\u00e9\\n\"},\"x\":{}}";
    String parts = "{}[],:\"\\'01+-.eEtfnu \t\n\r\u00a0\u201cé/*#x";
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder(base);
      for (int n = random.nextInt(4); n >= 0; n--) {
        int at = random.nextInt(Math.max(1, text.length() - 1));
        if (text.length() < 2) {
          break;
        }
        switch (random.nextInt(4)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, parts.charAt(random.nextInt(parts.length())));
          case 2 -> text.setCharAt(at, parts.charAt(random.nextInt(parts.length())));
          default -> text.setLength(Math.max(1, at));
        }
      }
      byte[] bytes = text.toString().getBytes(UTF_8);
      Optional<JsonFault> fault = JsonFault.in(bytes, Origin.of(Kind.BODY, true));
      assertThat(fault.isPresent())
          .as("seed %d: %s: %s", seed, text, fault)
          .isEqualTo(STRICTLY.refuses(bytes));
    }
  }

  private interface Reading {
    void read(byte[] text) throws IOException;

    default boolean refuses(byte[] text) {
      try {
        read(text);
        return false;
      } catch (IOException e) {
        return true;
      }
    }
  }

  private static final Reading STRICTLY =
      text -> {
        if (STRICT.readTree(text).isMissingNode()) {
          throw new IOException("empty");
        }
      };

  private static String json(String text) {
    return text.replace('\'', '"')
        .replace('~', '\'')
        .replace('⏎', '\n')
        .replace('⇥', '\t')
        .replace('␀', '\0')
        .replace('␚', '\u001a');
  }

  private static String message(byte[] text) {
    List<String> said = new ArrayList<>();
    JsonFault.in(text, Origin.of(Kind.BODY, true)).ifPresent(fault -> said.add(fault.message()));
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).doesNotContainPattern("\\p{Cntrl}|\\bnull pointer|token|Exception");
    return said.get(0);
  }
}
