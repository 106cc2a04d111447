package io.campaignroutes.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.campaignroutes.shared.Threads;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Plain;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * What the issuer tells of itself (OpenID Connect Discovery 1.0) and the keys that it signs with.
 * Both are read by a thread of their own, from the start on and again every few minutes: the start
 * waits for no issuer, and no request does but one that shows a key nobody knows.
 */
@Component
@Conditional(OnIssuer.class)
public final class Issuer implements JWKSource<SecurityContext> {
  private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);
  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

  /** Keys that were not confirmed for so long are none: they may have been withdrawn. */
  private static final Duration OLDEST = Duration.ofHours(24);

  /** No more often is asked because of keys that are not known, or strangers could ask for ever. */
  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** The issuer has not told its keys. */
  static final class SilentException extends KeySourceException {
    private static final long serialVersionUID = 1L;

    SilentException(String message) {
      super(message);
    }
  }

  /**
   * What it told.
   *
   * @param description its discovery document
   * @param keys that it signs with
   * @param readAt by {@link System#nanoTime}
   */
  private record Told(JsonNode description, JWKSet keys, long readAt) {
    boolean old(Duration limit) {
      return System.nanoTime() - readAt > limit.toNanos();
    }
  }

  private final String name;
  private final IssuerHttp http;
  private final ScheduledExecutorService looks;
  private final AtomicLong askedAt = new AtomicLong(System.nanoTime());
  private volatile Told told;
  private volatile String fault = "It has not been asked yet.";
  private Duration wait = Duration.ofSeconds(1);

  Issuer(OidcProperties settings, IssuerHttp http) {
    this.name = settings.issuer();
    this.http = http;
    looks = Executors.newSingleThreadScheduledExecutor(Threads.daemon("issuer"));
    looks.execute(this::lookAgain);
  }

  @PreDestroy
  void close() {
    looks.shutdownNow();
  }

  /** Its name, as its tokens have it. */
  public String name() {
    return name;
  }

  /** Why it is not known what it says of itself now, and what to do; null when it is. */
  public String fault() {
    return fault;
  }

  /** Its discovery document; null until it has told one. */
  JsonNode description() {
    Told now = told;
    return now == null || now.old(OLDEST) ? null : now.description();
  }

  /**
   * The keys that fit.
   *
   * @throws SilentException when it has not told its keys
   */
  @Override
  public List<JWK> get(JWKSelector selector, SecurityContext context) throws SilentException {
    Told now = told;
    if (now == null || now.old(OLDEST)) {
      throw new SilentException("The issuer has not told its keys.");
    }
    List<JWK> fitting = selector.select(now.keys());
    return fitting.isEmpty() && asked() ? selector.select(told.keys()) : fitting;
  }

  /** Asks for keys that may be new, and waits a while; whether it was asked just now. */
  private boolean asked() {
    long last = askedAt.get();
    long now = System.nanoTime();
    if (now - last < BETWEEN.toNanos() || !askedAt.compareAndSet(last, now)) {
      return false;
    }
    try {
      looks.submit(this::look).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
      return false;
    }
  }

  private void lookAgain() {
    look();
    wait = fault == null ? Duration.ofSeconds(1) : wait.multipliedBy(2);
    Duration next =
        fault == null ? AGAIN : wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
    try {
      looks.schedule(this::lookAgain, next.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The service ends, so the issuer is not asked again.");
    }
  }

  /** Asks it now. */
  synchronized void look() {
    String where = name.replaceFirst("/$", "") + "/.well-known/openid-configuration";
    try {
      JsonNode description = Json.STRICT.readTree(http.document(where));
      String itself = description.path("issuer").asText();
      if (!name.equals(itself)) {
        told(
            "%s says that the issuer is called %s. Set OIDC_ISSUER to that, if it is the one you mean."
                .formatted(where, Plain.quoted(itself)));
        return;
      }
      where = address(description, "jwks_uri");
      told = new Told(description, JWKSet.parse(http.document(where)), System.nanoTime());
      told(null);
    } catch (ParseException e) {
      told(where + " holds no keys. Ask whoever runs the issuer.");
    } catch (JsonProcessingException e) {
      told(where + " holds no JSON. Ask whoever runs the issuer.");
    } catch (IOException | RuntimeException e) {
      told(
          "%s cannot be read: %s. Until it can, tokens are taken by the keys that the issuer told before, if any; it is asked again."
              .formatted(where, e.getMessage() == null ? "it cannot be reached" : e.getMessage()));
    }
  }

  /** An address in its description; an issuer that is called by TLS names none that is not. */
  String address(JsonNode description, String of) throws IOException {
    String address = description.path(of).asText();
    String scheme = URI.create(address).getScheme();
    boolean fits = "https".equals(scheme) || "http".equals(scheme) && name.startsWith("http://");
    if (!fits) {
      throw new IOException("its " + of + " is no https address");
    }
    return address;
  }

  private void told(String now) {
    if (now != null && !now.equals(fault)) {
      LOG.error("{}", now);
    } else if (now == null && fault != null) {
      LOG.info("The issuer {} has told its keys.", name);
    }
    fault = now;
  }
}
