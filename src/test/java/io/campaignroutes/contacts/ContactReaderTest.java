package io.campaignroutes.contacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContactReaderTest {
  private static List<Contact> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8), Map.of(), "US");
  }

  private static List<Contact> read(byte[] bytes, Map<String, String> mapping, String country) {
    try (ContactReader reader =
        new ContactReader(new ByteArrayInputStream(bytes), mapping, country)) {
      return all(reader);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Contact> all(ContactReader reader) {
    List<Contact> all = new ArrayList<>();
    List<Contact> some;
    while (!(some = reader.next(3)).isEmpty()) {
      all.addAll(some);
    }
    return all;
  }

  private static CsvFault fault(byte[] bytes) {
    CsvFault fault = catchThrowableOfType(CsvFault.class, () -> read(bytes, Map.of(), "US"));
    assertThat(fault).as("what is wrong with the file").isNotNull();
    return fault;
  }

  private static CsvFault fault(String text) {
    return fault(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void columnsAreFoundByTheirHeadersAndOthersGoAlong() {
    List<Contact> contacts =
        read(
            "External_ID,First Name,PHONE,time-zone,Colour\n"
                + "c-1,Ann,(212) 555-2368,America/New_York,red\n");
    assertThat(contacts).hasSize(1);
    Contact ann = contacts.get(0);
    assertThat(ann.phone()).isEqualTo("+12125552368");
    assertThat(ann.externalId()).isEqualTo("c-1");
    assertThat(ann.timeZone()).isEqualTo("America/New_York");
    assertThat(ann.fields())
        .containsExactly(Map.entry("Colour", "red"), Map.entry("firstName", "Ann"));
    assertThat(ann.number()).isOne();
    assertThat(ann.line()).isEqualTo(2);
    assertThat(ann.outcome()).isEqualTo(ContactOutcome.CALLABLE);
    assertThat(ann).hasToString("contact 1 (CALLABLE)");
  }

  @Test
  void aMappingNamesColumnsThatAreCalledOtherwise() {
    byte[] file = "Mobile;Kundennr\n030 901820;7\n".getBytes(StandardCharsets.UTF_8);
    List<Contact> contacts = read(file, Map.of("phone", "mobile", "externalId", "Kundennr"), "DE");
    assertThat(contacts.get(0).phone()).isEqualTo("+4930901820");
    assertThat(contacts.get(0).externalId()).isEqualTo("7");
    assertThatThrownBy(() -> read(file, Map.of("phone", "Handy"), "DE"))
        .isInstanceOf(CsvFault.class)
        .hasMessage(
            "Line 1 has no column \"Handy\", which contacts.mapping names for phone. It has"
                + " \"Mobile\", \"Kundennr\".");
  }

  @Test
  void aColumnThatIsCalledAsAMappedOneGoesAlong() {
    byte[] file = "phone,mobile,\n212 555 2368,212 555 2369,x\n".getBytes(StandardCharsets.UTF_8);
    Contact contact = read(file, Map.of("phone", "mobile"), "US").get(0);
    assertThat(contact.phone()).isEqualTo("+12125552369");
    assertThat(contact.fields())
        .containsExactly(
            Map.entry("column 3", "x"), Map.entry("phone of column 1", "212 555 2368"));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t"})
  void theSeparatorIsTheOneThatTheHeaderHasMostOf(String separator) {
    String text = String.join(separator, "phone", "\"a,b;c\"", "note") + "\r\n";
    text += String.join(separator, "+12125552368", "x", "\"1,2;3\t4\"") + "\r\n";
    Contact contact = read(text).get(0);
    assertThat(contact.fields()).containsEntry("a,b;c", "x").containsEntry("note", "1,2;3\t4");
  }

  @Test
  void quotesHoldSeparatorsQuotesAndLineEndsAndLinesAreCountedOverThem() {
    List<Contact> contacts =
        read(
            "phone,note\n\n+12125552368,\"he said \"\"no\"\",\r\nthen\nleft\"\n"
                + "\n+12125552369,\n+12125552370\n");
    assertThat(contacts).extracting(Contact::line).containsExactly(3L, 7L, 8L);
    assertThat(contacts).extracting(Contact::number).containsExactly(1L, 2L, 3L);
    assertThat(contacts.get(0).fields()).containsEntry("note", "he said \"no\",\r\nthen\nleft");
    assertThat(contacts.get(1).fields()).isEmpty();
    assertThat(contacts).extracting(Contact::outcome).containsOnly(ContactOutcome.CALLABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void anyLineEndIsOne(String end) {
    assertThat(read(String.join(end, "phone", "+12125552368", "+12125552369")))
        .extracting(Contact::line)
        .containsExactly(2L, 3L);
  }

  @Test
  void theMarkOfUtf8IsNoPartOfTheHeader() {
    assertThat(read("\ufeffphone,name\n+12125552368,\u00c4nne \ud83d\ude00\n").get(0).fields())
        .containsEntry("name", "\u00c4nne \ud83d\ude00");
    assertThat(read("\ufeffphone\n+12125552368\n")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "+1 212 555 2368, US, +12125552368",
    "212.555.2368, US, +12125552368",
    "1-800-FLOWERS, US, +18003569377",
    "020 7183 8750, GB, +442071838750",
    "+442071838750, US, +442071838750",
    "0044 20 7183 8750, DE, +442071838750",
  })
  void numbersAreWrittenTheWayNetworksDo(String given, String country, String number) {
    byte[] file = ("phone\n" + given + "\n").getBytes(StandardCharsets.UTF_8);
    assertThat(read(file, Map.of(), country).get(0).phone()).isEqualTo(number);
  }

  @Test
  void theCountryOfALineGoesBeforeThatOfTheCampaign() {
    List<Contact> contacts =
        read(
            "phone,country\n020 7183 8750,gb\n212 555 2368,\n020 7183 8750,GBR\n"
                + "020 7183 8750,United Kingdom\n");
    assertThat(contacts)
        .extracting(Contact::phone)
        .containsExactly("+442071838750", "+12125552368", "+442071838750", "+442071838750");
  }

  @Test
  void aCountryThatIsNoneLeavesOnlyNumbersThatAreWrittenWithTheirOwn() {
    List<Contact> contacts = read("phone,country\n212 555 2368,xx\n+442071838750,Great Britain\n");
    assertThat(contacts.get(0).outcome()).isEqualTo(ContactOutcome.INVALID_NUMBER);
    assertThat(contacts.get(1).phone()).isEqualTo("+442071838750");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "none", "911", "555-0100", "1.2125552368E10", "=1+1", "+1", "212 555 236"})
  void whatIsNoNumberIsKeptAsItWasGiven(String given) {
    Contact contact = read("externalId,phone\n7," + given + "\n").get(0);
    assertThat(contact.outcome()).isEqualTo(ContactOutcome.INVALID_NUMBER);
    assertThat(contact.phone()).isEqualTo(given.isEmpty() ? null : given);
  }

  @Test
  void aLineWithMoreCellsThanTheHeaderIsNotCalled() {
    List<Contact> contacts = read("name,phone\nDoe, Ann,+12125552368\nBob,+12125552369\n");
    assertThat(contacts)
        .extracting(Contact::outcome)
        .containsExactly(ContactOutcome.INVALID_LINE, ContactOutcome.CALLABLE);
  }

  @Test
  void formulasAreTextLikeAnyOther() {
    assertThat(read("phone,note\n+12125552368,=HYPERLINK(1)\n").get(0).fields())
        .containsEntry("note", "=HYPERLINK(1)");
  }

  @Test
  void aHeaderWithoutNumbersIsToldWithWhatItHas() {
    assertThat(fault("name;mobile\nAnn;1\n"))
        .hasMessage(
            "Line 1 has no column \"phone\". It has \"name\", \"mobile\". Name the one with the"
                + " telephone numbers phone, or name it in the campaign: \"contacts\":"
                + " {\"mapping\": {\"phone\": \"<its name>\"}}.");
  }

  @Test
  void aFileWithoutAHeaderIsToldWithoutTheNumbersInIt() {
    assertThat(fault("Ann,+12125552368\n").getMessage())
        .startsWith("Line 1 has no column \"phone\". It has 2 columns, and looks like a line of")
        .doesNotContain("2125552368");
  }

  @Test
  void anEmptyFileIsTold() {
    assertThat(fault("")).hasMessageContaining("the file is empty");
    assertThat(fault("\n\r\n")).hasMessageContaining("the file is empty");
  }

  @Test
  void aNameGivenTwiceIsTold() {
    assertThat(fault("phone,Phone\n1,2\n").getMessage())
        .startsWith("Line 1 names columns 1 and 2 alike.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "UTF-16", "UTF-16LE", "UTF-32"})
  void anotherEncodingIsToldWithItsLine(String encoding) {
    CsvFault fault =
        fault("phone,name\n+12125552368,Ann\n1,J\u00fcrgen\n".getBytes(Charset.forName(encoding)));
    assertThat(fault.line()).isEqualTo(encoding.startsWith("ISO") ? 3 : 1);
    assertThat(fault).hasMessageContaining("CSV UTF-8");
  }

  @Test
  void whatIsNoUtf8IsFoundLikeADecoderFindsIt() {
    Random random = new Random(20_260_302);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5)];
      random.nextBytes(bytes);
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = bytes[b] == 0 ? 1 : bytes[b];
      }
      boolean good;
      try {
        StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
        good = true;
      } catch (java.nio.charset.CharacterCodingException e) {
        good = false;
      }
      byte[] seen = null;
      try {
        seen = new Utf8Input(new ByteArrayInputStream(bytes)).readAllBytes();
      } catch (CsvFault e) {
        assertThat(e).hasMessageContaining("UTF-8");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      assertThat(seen != null).as(Arrays.toString(bytes)).isEqualTo(good);
    }
  }

  @Test
  void anUnfinishedCharacterAtTheEndIsACutFile() {
    assertThat(fault(new byte[] {'p', 'h', (byte) 0xc3}).getMessage()).contains("cut off");
  }

  @Test
  void aNulCharacterIsTold() {
    assertThat(fault("phone\n+1\u0000\n").line()).isEqualTo(2);
  }

  @Test
  void textAfterAQuotedCellIsTold() {
    CsvFault fault = fault("phone,note\n+12125552368,\"a\" b\n");
    assertThat(fault.line()).isEqualTo(2);
    assertThat(fault.getMessage()).contains("quote").doesNotContain("2125552368");
  }

  @Test
  void aQuoteThatIsNeverClosedEndsTheReadingSoon() {
    long[] read = {0};
    InputStream endless =
        new InputStream() {
          private final byte[] begin =
              "phone,note\n+12125552368,\"".getBytes(StandardCharsets.UTF_8);

          @Override
          public int read() {
            long at = read[0]++;
            return at < begin.length ? begin[(int) at] : 'x';
          }
        };
    assertThatThrownBy(
            () -> {
              try (ContactReader reader = new ContactReader(endless, Map.of(), "US")) {
                reader.next(10);
              }
            })
        .isInstanceOf(CsvFault.class)
        .hasMessageContaining("quote before it is not closed");
    assertThat(read[0]).isLessThan(1 << 20);
  }

  @Test
  void aLineOfVeryManyCellsIsTold() {
    assertThat(fault("phone\n" + ",".repeat(1_000_000)).getMessage()).contains("more than 500");
    assertThat(fault("phone" + ",".repeat(1_000_000)).getMessage()).contains("more than 500");
  }

  @Test
  void aMillionLinesAreReadInTheMemoryOfAFew() throws IOException {
    InputStream lines =
        new InputStream() {
          private final byte[] line =
              ",Ann,\"New York, NY\",c-123\n".getBytes(StandardCharsets.UTF_8);
          private byte[] now = "phone,name,town,externalId\n".getBytes(StandardCharsets.UTF_8);
          private int at;
          private int n;

          @Override
          public int read() {
            if (at == now.length) {
              if (n == 1_000_000) {
                return -1;
              }
              // of ten one is a number: to read it costs most, and nothing of it is kept
              String given = n % 10 == 0 ? "2125" + (200_000 + n % 700_000) : "";
              n++;
              byte[] number = given.getBytes(StandardCharsets.UTF_8);
              now = Arrays.copyOf(number, number.length + line.length);
              System.arraycopy(line, 0, now, number.length, line.length);
              at = 0;
            }
            return now[at++];
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            int i = 0;
            for (int b; i < length && (b = read()) >= 0; i++) {
              into[offset + i] = (byte) b;
            }
            return i == 0 ? -1 : i;
          }
        };
    long count = 0;
    long most = 0;
    try (ContactReader reader = new ContactReader(lines, Map.of(), "US")) {
      for (List<Contact> some; !(some = reader.next(1_000)).isEmpty(); ) {
        count += some.size();
        if (count % 250_000 == 0) {
          System.gc();
          Runtime now = Runtime.getRuntime();
          most = Math.max(most, now.totalMemory() - now.freeMemory());
        }
      }
    }
    assertThat(count).isEqualTo(1_000_000);
    assertThat(most).as("bytes in use, whatever the tests before have left").isLessThan(200L << 20);
  }
}
