package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'attemptedCalls':3,'avgAnswerTime':1.5} | {'attemptedCalls':3,'avgAnswerTime':1.5}",
        "{'attemptedCalls':3.0,'other':[1]} | {'attemptedCalls':3,'other':[1]}",
        "{'attemptedCalls':null,'connectedCalls':[],'abandonedCalls':'7','avgAnswerTime':{}} | {}",
        "{'attemptedCalls':-1,'connectedCalls':1.5,'abandonedCalls':1e300} | {}",
        "{'avgAnswerTime':1e999} | {}",
        "[5] | {}",
        "null | {}"
      })
  void aFigureThatCannotBeReadIsNotTold(String given, String told) throws Exception {
    assertThat(Figures.readable(JSON.readTree(given.replace('\'', '"'))))
        .hasToString(told.replace('\'', '"'));
  }
}
