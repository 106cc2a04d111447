package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.settings.Networks;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TrustedProxiesTest {

  /** The request as the service sees it, sent on by a proxy at an address. */
  private static HttpServletRequest through(String trusted, String proxy) throws Exception {
    var request = new MockHttpServletRequest("GET", "/campaigns");
    request.setRemoteAddr(proxy);
    request.addHeader("X-Forwarded-Prefix", "/dialer");
    request.addHeader("X-Forwarded-Proto", "https");
    request.addHeader("X-Forwarded-Host", "ops.example.com");
    var chain = new MockFilterChain();
    new TrustedProxies(trusted).doFilter(request, new MockHttpServletResponse(), chain);
    return (HttpServletRequest) chain.getRequest();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1|127.0.0.1",
        "10.0.0.7, 192.168.0.0/16|192.168.3.4",
        "::1|0:0:0:0:0:0:0:1",
        "fd00::/8|fd12::1"
      })
  void aProxyThatIsNamedIsBelieved(String trusted, String proxy) throws Exception {
    HttpServletRequest seen = through(trusted, proxy);
    assertThat(seen.getContextPath()).isEqualTo("/dialer");
    assertThat(seen.isSecure()).isTrue();
    assertThat(seen.getServerName()).isEqualTo("ops.example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|127.0.0.1", "10.0.0.7|10.0.0.8", "192.168.0.0/16|192.169.0.1", "::1|127.0.0.1"})
  void anybodyElseIsNot(String trusted, String proxy) throws Exception {
    HttpServletRequest seen = through(trusted, proxy);
    assertThat(seen.getContextPath()).isEmpty();
    assertThat(seen.isSecure()).isFalse();
    assertThat(seen.getServerName()).isEqualTo("localhost");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dialer",
        "javascript:",
        "//evil.example",
        "https://evil.example",
        "/a b",
        "/a\"b"
      })
  void aPrefixThatIsNoPathIsRefused(String prefix) throws Exception {
    var request = new MockHttpServletRequest("GET", "/campaigns");
    request.addHeader("X-Forwarded-Prefix", prefix);
    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();
    new TrustedProxies("127.0.0.1").doFilter(request, response, chain);
    assertThat(chain.getRequest()).isNull();
    assertThat(response.getStatus()).isEqualTo(400);
    assertThat(response.getContentAsString()).contains("X-Forwarded-Prefix");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-Port|abc",
        "X-Forwarded-Host|ops.example.com:abc",
        "Forwarded|host=\"ops.example.com:abc\""
      })
  void aForwardedHeaderThatCannotBeReadIsNamed(String header, String value) throws Exception {
    var request = new MockHttpServletRequest("GET", "/campaigns");
    request.addHeader(header, value);
    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();
    new TrustedProxies("127.0.0.1").doFilter(request, response, chain);
    assertThat(chain.getRequest()).isNull();
    assertThat(response.getStatus()).isEqualTo(400);
    assertThat(response.getContentAsString()).contains("Forwarded or X-Forwarded-*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy.example.com",
        "10.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "10.0.0.0/8/8",
        "fd00::/129",
        ":::",
        "10.0.0.1;10.0.0.2",
        "*"
      })
  void whatIsNoAddressIsRefusedByName(String address) {
    assertThatThrownBy(() -> Networks.read("127.0.0.1, " + address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + address + "'");
  }

  @Test
  void noneIsTheDefault() {
    assertThat(Networks.read("")).isEmpty();
    assertThat(Networks.read(" , ")).isEmpty();
  }
}
