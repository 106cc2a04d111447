package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.NOW;
import static io.campaignroutes.compliance.Fixture.SHIPPED;
import static io.campaignroutes.compliance.Fixture.check;
import static io.campaignroutes.compliance.Fixture.checks;
import static io.campaignroutes.compliance.Fixture.minimal;
import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.shared.PublicAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://example.com/",
        "https://example.com/hook#a",
        "https://example.com/#",
        "gopher://example.com",
        "javascript:alert(1)",
        "example.com/x",
        "/x",
        "//example.com/x",
        "http://",
        "http:///x",
        "https:example.com",
        "http://user:secret@example.com/",
        "http://@example.com/",
        "http://exa mple.com/",
        "http://example.com/\n",
        "http://example.com\\@127.0.0.1/",
        "http://ex_ample.com/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:/",
        "http://example..com/",
        "http://%31%32%37.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://bücher.de/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://4294967296/",
        "http://[::1%25lo]/",
        "http://[zz]/",
        "http://1.2.3.0y0.9/",
        "http://a.b.09/",
        "https://example.com/hook#a",
        "https://example.com/#",
        "https://example.com#a",
        "https://example.com/a%zz",
        "https://example.com/a%4",
        "https://example.com/{id}",
        "https://example.com/\"a\"",
        " https://example.com/",
        "https://example.com/ ",
        "https://exa|mple.com/",
        "https://example.com\\a"
      })
  void whatIsNoHttpAddressOfAHostIsRefused(String url) {
    assertRefused(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/",
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.1./",
        "http://010.0.0.1/",
        "http://0X7F.1/",
        "http://2852039166/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[fc00::1]/",
        "http://[fd12:3456::1]/",
        "http://[fe80::1]/",
        "http://[ff02::1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:db8::1]/",
        "http://localhost/",
        "http://LOCALHOST:80/",
        "http://localhost./",
        "http://a.localhost/x"
      })
  void addressesOfNoPublicNetworkAreRefusedInEveryNotation(String url) {
    assertRefused(url);
    ComplianceSettings lenient =
        new ComplianceSettings("us-federal", List.of(), Duration.ofDays(400), true);
    var request = minimal().put("externalWebhookUrl", url);
    assertThat(checks(SHIPPED, lenient).check(request, NOW).findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/events?token=x",
        "HTTPS://Example.COM",
        "http://example.com:8443/a",
        "https://xn--bcher-kva.de/",
        "http://8.8.8.8/",
        "http://134744072/",
        "http://172.32.0.1/",
        "http://[2606:4700::1111]:443/",
        "http://[::ffff:8.8.8.8]/",
        "https://mylocalhost/",
        "https://127.example.com/",
        "https://10.0.0.1.nip.io/",
        "https://example.com/~a/%7E?sig=a%2Fb+c|d&f[x]=1",
        "https://example.com?a=b"
      })
  void publicAddressesAndNamesAreAccepted(String url) {
    assertThat(check(minimal().put("externalWebhookUrl", url)).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://example.com/hook#a | has a fragment",
        "https://example.com/<id> | has the character <, which no address may have. Write it as %3C.",
        "https://example.com/100% | Write %25 for a percent sign.",
      })
  void whatIsWrongWithAnAddressIsTold(String url, String told) {
    assertThat(EventAddress.problem(url, false).orElseThrow()).contains(told);
  }

  @Test
  void aPasswordInAnAddressIsNotRepeated() {
    String url = "https://user:hunter2@example.com/?key=hunter2";
    assertThat(check(minimal().put("externalWebhookUrl", url)).findings().toString())
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, true",
    "100.63.255.255, true",
    "100.64.0.0, false",
    "100.127.255.255, false",
    "100.128.0.0, true",
    "172.15.255.255, true",
    "198.19.255.255, false",
    "2606:4700::1111, true",
    "fd00::1, false",
    "64:ff9b::808:808, true",
    "64:ff9b:1::808:808, false",
    "2001:0:4136:e378::1, false",
    "4000::1, false",
  })
  void addressesAreSortedByTheRegistriesOfSpecialPurposeAddresses(String address, boolean yes)
      throws UnknownHostException {
    assertThat(PublicAddress.isPublic(InetAddress.getByName(address))).isEqualTo(yes);
  }

  private static void assertRefused(String url) {
    RequestRulesTest.assertFinding(
        check(minimal().put("externalWebhookUrl", url)),
        "externalWebhookUrl",
        "externalWebhookUrl.address",
        "externalWebhookUrl ");
  }
}
