package io.campaignroutes.webhook;

import io.campaignroutes.compliance.PublicAddress;
import io.campaignroutes.cxone.ExchangeDeadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sets up the HTTP client of the deliveries, whose addresses come from outside. The addresses that
 * a host name leads to are judged when the connection is made, and the connection is made to just
 * those, so that a second look-up cannot tell another story. One deadline holds for the whole
 * exchange, and of an answer only its beginning is kept.
 */
public final class DeliveryClient implements HttpClientConfigurer, AutoCloseable {
  /** Bytes of an answer that are kept: enough for 1,000 characters. */
  private static final int KEPT = 4_000;

  /** An answer that is longer is not read to its end; its connection is closed. */
  private static final int READ = 64 << 10;

  /** Between two posts the other side may have closed a connection that has been idle so long. */
  private static final TimeValue VALIDATE_AFTER = TimeValue.ofMilliseconds(500);

  private static final Timeout CONNECT = Timeout.ofSeconds(3);

  private final ExchangeDeadline deadline;

  DeliveryClient(Duration deadline) {
    this.deadline = new ExchangeDeadline("delivery-deadline", deadline, DeliveryClient::read);
  }

  /**
   * Connections to as many hosts as there are destinations.
   *
   * @param most connections at the same time
   * @param perHost connections to one host and port
   */
  static AutoCloseable connections(int most, int perHost, boolean allowPrivate) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(new Guard(allowPrivate))
        .setMaxConnTotal(most)
        .setMaxConnPerRoute(perHost)
        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(CONNECT)
                .setSocketTimeout(CONNECT)
                .setValidateAfterInactivity(VALIDATE_AFTER)
                .setTimeToLive(TimeValue.ofMinutes(5))
                .build())
        .build();
  }

  /** Whether an exchange failed because no connection was free on our side. */
  static boolean noneFree(Throwable failure) {
    return failure instanceof ConnectionRequestTimeoutException;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    builder
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableContentCompression()
        .evictIdleConnections(TimeValue.ofSeconds(30))
        .evictExpiredConnections()
        .setUserAgent("campaign-routes")
        .addExecInterceptorFirst("deadline", deadline);
  }

  private static HttpEntity read(ClassicHttpResponse response, HttpEntity entity)
      throws IOException {
    return new ByteArrayEntity(
        beginning(response, entity), ContentType.parseLenient(entity.getContentType()));
  }

  private static byte[] beginning(ClassicHttpResponse response, HttpEntity entity)
      throws IOException {
    InputStream in = entity.getContent();
    byte[] kept = in.readNBytes(KEPT);
    if (kept.length == KEPT) {
      byte[] rest = new byte[KEPT];
      for (int read = KEPT, n = 0; n >= 0; read += n) {
        if (read > READ) {
          response.close(); // an answer without end is none of ours to read
          return kept;
        }
        n = in.read(rest);
      }
    }
    in.close();
    return kept;
  }

  @Override
  public void close() {
    deadline.close();
  }

  /** Looks host names up and lets only addresses through that may be connected to. */
  private record Guard(boolean allowPrivate) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] all = SystemDefaultDnsResolver.INSTANCE.resolve(host);
      if (allowPrivate) {
        return all;
      }
      InetAddress[] open =
          Arrays.stream(all).filter(PublicAddress::isPublic).toArray(InetAddress[]::new);
      if (open.length == 0) {
        throw new RefusedAddressException(host);
      }
      return open;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }
  }
}
