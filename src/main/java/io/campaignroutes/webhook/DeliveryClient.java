package io.campaignroutes.webhook;

import io.campaignroutes.shared.CleanConnections;
import io.campaignroutes.shared.ExchangeDeadline;
import io.campaignroutes.shared.PublicAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
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

  /** What is read of an answer besides its status and the beginning of its body. */
  private static final Set<String> KEPT_HEADERS = Set.of("retry-after", "date");

  /** Between two posts the other side may have closed a connection that has been idle so long. */
  private static final TimeValue VALIDATE_AFTER = TimeValue.ofMilliseconds(500);

  private static final Timeout CONNECT = Timeout.ofSeconds(3);

  /**
   * The header that carries what is asked of the host, byte for byte as the address was given: of
   * an address that it is handed Camel makes another one, with {@code %7E} for {@code ~}. It is
   * never sent.
   */
  static final String TARGET = "campaign-routes-target";

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
    return connections(most, perHost, allowPrivate, SystemDefaultDnsResolver.INSTANCE);
  }

  static AutoCloseable connections(int most, int perHost, boolean allowPrivate, DnsResolver names) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(new Guard(allowPrivate, new LookUps(names::resolve, most)))
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

  /** Whether the other side closed the connection before its answer was whole. */
  static boolean cutOff(Throwable failure) {
    return failure instanceof NoHttpResponseException
        || failure instanceof ConnectionClosedException;
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
        .setConnectionReuseStrategy(new AfterSuccess())
        .addExecInterceptorFirst("deadline", deadline)
        .addExecInterceptorFirst("target", DeliveryClient::target);
  }

  /** Whoever takes nothing answers in ways of its own, with bodies where none belong. */
  private static final class AfterSuccess extends CleanConnections {
    @Override
    public boolean keepAlive(HttpRequest request, HttpResponse response, HttpContext context) {
      return response.getCode() / 100 == 2 && super.keepAlive(request, response, context);
    }
  }

  private static ClassicHttpResponse target(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    Header target = request.getFirstHeader(TARGET);
    request.removeHeaders(TARGET);
    if (target != null) {
      request.setPath(target.getValue());
      // what one address leaves on a connection must not be read as the answer of another
      scope.clientContext.setUserToken(target.getValue());
    }
    return chain.proceed(request, scope);
  }

  /**
   * Keeps of an answer what is of use. Its status decides: a body that is not what its headers say
   * takes nothing back, and nobody unpacks it.
   */
  private static HttpEntity read(
      ClassicHttpResponse response, HttpEntity entity, ExchangeDeadline.Connection connection)
      throws IOException {
    Header[] kept =
        Arrays.stream(response.getHeaders())
            .filter(header -> KEPT_HEADERS.contains(header.getName().toLowerCase(Locale.ROOT)))
            .toArray(Header[]::new);
    String packed = entity.getContentEncoding();
    response.setHeaders(kept);
    byte[] beginning = beginning(entity, connection);
    boolean plain = packed == null || packed.isBlank() || packed.strip().equals("identity");
    return new ByteArrayEntity(plain ? beginning : new byte[0], null);
  }

  private static byte[] beginning(HttpEntity entity, ExchangeDeadline.Connection connection)
      throws IOException {
    var kept = new ByteArrayOutputStream();
    byte[] part = new byte[KEPT];
    try {
      InputStream in = entity.getContent();
      int read = 0;
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        kept.write(part, 0, Math.min(n, KEPT - kept.size()));
        read += n;
        if (read > READ) {
          connection.cut(); // an answer without end is none of ours to read
          return kept.toByteArray();
        }
      }
      in.close();
    } catch (IOException e) {
      if (connection.late() || e instanceof SocketTimeoutException) {
        throw e;
      }
      connection.cut(); // cut off or malformed: what follows could not be told from it
    }
    return kept.toByteArray();
  }

  @Override
  public void close() {
    deadline.close();
  }

  /** Looks host names up and lets only addresses through that may be connected to. */
  private record Guard(boolean allowPrivate, LookUps names) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] all = names.of(host, ExchangeDeadline.left());
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
    public String resolveCanonicalHostname(String host) {
      return host; // asked for by nothing that we use
    }
  }
}
