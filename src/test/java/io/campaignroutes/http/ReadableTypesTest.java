package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ReadableTypesTest {
  private static HttpServletRequest passedOn(String accept) throws Exception {
    var request = new MockHttpServletRequest("GET", "/actuator/prometheus");
    request.addHeader("Accept", accept);
    request.addHeader("Prefer", "wait=1");
    var chain = new MockFilterChain();
    new ReadableTypes().doFilter(request, new MockHttpServletResponse(), chain);
    return (HttpServletRequest) chain.getRequest();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "a",
        ";;;",
        "",
        "*/*;q=x",
        "text/*;charset=nope",
        "text/plain;version=\u0001"
      })
  void anAcceptThatNobodyCanReadIsNone(String accept) throws Exception {
    HttpServletRequest request = passedOn(accept);
    assertThat(request.getHeader("accept")).isNull();
    assertThat(request.getHeaders("Accept").hasMoreElements()).isFalse();
    assertThat(Collections.list(request.getHeaderNames())).containsExactly("Prefer");
    assertThat(request.getHeader("Prefer")).isEqualTo("wait=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "text/html, application/json;q=0.5", "image/png"})
  void anyOtherIsLeftAsItIs(String accept) throws Exception {
    assertThat(passedOn(accept).getHeader("Accept")).isEqualTo(accept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "text/*", "nonsense"})
  void aTypeThatNoBodyCouldBeOfIsNoneWithoutABody(String type) throws Exception {
    assertThat(typeOf(type, "")).isNull();
    assertThat(typeOf(type, "{}")).isEqualTo(type);
  }

  @Test
  void anyOtherTypeIsLeftAsItIs() throws Exception {
    assertThat(typeOf("application/json", "")).isEqualTo("application/json");
  }

  private static String typeOf(String type, String body) throws Exception {
    var request = new MockHttpServletRequest("GET", "/actuator/prometheus");
    request.setContentType(type);
    if (!body.isEmpty()) {
      request.addHeader("Content-Length", body.length());
      request.setContent(body.getBytes(StandardCharsets.UTF_8));
    }
    var chain = new MockFilterChain();
    new ReadableTypes().doFilter(request, new MockHttpServletResponse(), chain);
    var passedOn = (HttpServletRequest) chain.getRequest();
    assertThat(passedOn.getHeader("content-type")).isEqualTo(passedOn.getContentType());
    return passedOn.getContentType();
  }
}
