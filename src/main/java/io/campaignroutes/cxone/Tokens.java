package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.store.Outage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that calls carry. However many callers want one, one of them gets the turn to fetch it
 * and the others wait for what comes of that; after a failure nobody asks again before the back-off
 * is over. The fetch itself is a route.
 */
public final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Backoff AFTER_FAILURE =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final Outage outage = new Outage(LOG, "No token", "CXone gives tokens again");
  private final CxoneProperties properties;
  private final List<TokenKind> kinds;
  private final TokenLives lives = new TokenLives();
  private final Discovery discovery;
  private final String base;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition landed = lock.newCondition();
  private TokenForm next; // what the next fetch asks with
  private volatile TokenForm form; // what the one asks with that is under way
  private Token current;
  private long landedAt;
  private final RefusedTokens refused = new RefusedTokens();
  private boolean flight;
  private int failures;
  private long retryAt;
  private CxoneUnavailableException failure;
  private Landing pending;
  private final LostApi lost = new LostApi();

  /** A token whose base is still to be found out; held by whoever has the turn. */
  private record Landing(String value, Duration life) {}

  /**
   * @param kinds the ways to a token; the first of which all credentials are given is taken
   * @param discovery how the base of the API is found out when none is set; null for never
   */
  Tokens(CxoneProperties properties, List<TokenKind> kinds, Discovery discovery) {
    this(properties, kinds, discovery, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  /**
   * @param clock milliseconds that never go back
   */
  Tokens(CxoneProperties properties, LongSupplier clock) {
    this(properties, List.of(TokenKind.CLIENT_CREDENTIALS), null, clock);
  }

  Tokens(
      CxoneProperties properties, List<TokenKind> kinds, Discovery discovery, LongSupplier clock) {
    this.properties = properties;
    this.kinds = kinds;
    this.next = TokenForm.of(properties, Credentials.of(properties), kinds);
    this.form = next;
    boolean set = properties.baseUrl() != null && !properties.baseUrl().isBlank();
    this.discovery = set ? null : discovery;
    this.base = set && discovery != null ? properties.baseUrl() : null;
    this.clock = clock;
  }

  /**
   * Asks with other credentials from now on, at once where those before were refused. A token that
   * there is stays until CXone refuses it.
   */
  void use(Credentials by) {
    lock.lock();
    try {
      if (by.equals(next.by())) {
        return;
      }
      next = TokenForm.of(properties, by, kinds);
      failures = 0;
      retryAt = clock.getAsLong();
      landed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The token to use, or null: then it is the caller's turn to fetch one and to end the turn with
   * {@link #keep} or {@link #failed}. Waits while another caller has the turn.
   *
   * @throws CxoneUnavailableException when the last fetch failed and it is too early for another
   */
  public Token currentOrTurn() {
    lock.lock();
    try {
      long giveUp = clock.getAsLong() + 2 * properties.callDeadline().toMillis();
      while (true) {
        long now = clock.getAsLong();
        if (current != null && now < current.refreshAt()) {
          return current;
        }
        boolean usable = current != null && now < current.expiresAt();
        boolean tooEarly = failure != null && now < retryAt;
        if (usable && (flight || tooEarly)) {
          return current;
        }
        if (!flight && tooEarly) {
          throw NoToken.again(failure, Duration.ofMillis(retryAt - now));
        }
        if (!flight) {
          flight = true;
          form = next;
          return null;
        }
        if (now >= giveUp) {
          throw NoToken.because("No answer from the token endpoint yet.");
        }
        landed.await(giveUp - now, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CxoneUnavailableException.stopping(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The token after a fetch.
   *
   * @throws CxoneUnavailableException when the fetch failed and no older token can be used
   */
  public Token fetched() {
    lock.lock();
    try {
      if (current != null && clock.getAsLong() < current.expiresAt()) {
        return current;
      }
      throw failure != null
          ? NoToken.again(failure, Duration.ofMillis(Math.max(0, retryAt - clock.getAsLong())))
          : NoToken.because("The token just fetched is used up already.");
    } finally {
      lock.unlock();
    }
  }

  /** Whether a token is to be fetched ahead of anybody asking for one. */
  public boolean due() {
    lock.lock();
    try {
      long now = clock.getAsLong();
      return !flight
          && (current == null || now >= current.refreshAt())
          && (failure == null || now >= retryAt);
    } finally {
      lock.unlock();
    }
  }

  /** The form that asks for a token, with the credentials in it when they go there. */
  public String form() {
    return form.body();
  }

  /** The media type of that form. */
  public String contentType() {
    return form.contentType();
  }

  /** Whether a client asks that is registered, and not the access key alone. */
  public boolean byClient() {
    return form.kind() != TokenKind.ACCESS_KEY;
  }

  /** The value of the Authorization header of the token call, null when it has none. */
  public String basic() {
    return form.basic();
  }

  /** The query of the token call, null when it has none. */
  public String query() {
    return form.query();
  }

  /**
   * Ends the turn with the token endpoint's answer.
   *
   * @param headers of the answer
   */
  public void keep(int status, Map<String, Object> headers, byte[] answer) {
    take(status, headers, answer, null);
  }

  /**
   * Takes the token endpoint's answer where the base of the API may have to be found out besides.
   *
   * @param headers of the answer
   * @return the query string that asks for the base; then the turn ends with {@link #keepBase}.
   *     Null when the turn has ended, well or badly
   */
  public String take(int status, Map<String, Object> headers, byte[] answer) {
    return take(status, headers, answer, discovery);
  }

  /**
   * Ends the turn with the answer to the question where the API is.
   *
   * @param answer JSON
   */
  public void keepBase(int status, byte[] answer) {
    if (status / 100 != 2) {
      failed(
          NoToken.because(
              "CXone does not tell where its API is ("
                  + status
                  + "). Check CXONE_DISCOVERY_URL, or set CXONE_BASE_URL."));
      return;
    }
    try {
      String found = discovery.base(answer == null ? new byte[0] : answer);
      land(pending.value(), pending.life(), found);
    } catch (IllegalArgumentException e) {
      failed(NoToken.because(e.getMessage()));
    }
  }

  private String take(int status, Map<String, Object> headers, byte[] answer, Discovery finding) {
    byte[] body = answer == null ? new byte[0] : answer;
    JsonNode json = json(body);
    String value = json.path("access_token").asText("");
    if (status / 100 == 2 && !value.isEmpty()) {
      Duration life = lives.of(json.path("expires_in"));
      if (finding == null) {
        land(value, life, base);
        return null;
      }
      try {
        String query = finding.query(value);
        pending = new Landing(value, life);
        return query;
      } catch (IllegalArgumentException e) {
        failed(NoToken.because(e.getMessage()));
        return null;
      }
    }
    failed(TokenRefusal.failure(status, headers, json, body, properties.tokenCredentials(), form));
    return null;
  }

  /**
   * A call has ended. Where it shows that the API is not where it was, CXone may have moved the
   * tenant: the token is dropped, and where the API is is asked for with the next one.
   */
  void heard(Call call) {
    Token token = call.token();
    if (token == null) {
      return;
    }
    lock.lock();
    try {
      if (token.equals(current)) {
        refused.answered(call.status());
      }
      if (token.base() == null || discovery == null) {
        return;
      }
      if (lost.by(call, clock.getAsLong() - landedAt) && token.equals(current)) {
        LOG.warn("Calls find no API at CXone any more: its address is asked for anew.");
        lost.forget();
        current = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return JSON.createObjectNode(); // an error page: told by its status
    }
  }

  /** Ends the turn without a token. */
  public void failed(Throwable cause) {
    CxoneUnavailableException known = NoToken.after(cause);
    lock.lock();
    try {
      long wait = AFTER_FAILURE.millis(failures++);
      if (known.retryAfter() != null) {
        wait = Math.max(wait, known.retryAfter().toMillis());
      }
      failure = known;
      retryAt = clock.getAsLong() + wait;
      flight = false;
      landed.signalAll();
      outage.failed(known.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops exactly the token that was refused; one that has replaced it meanwhile stays. While CXone
   * refuses whatever it gives, not each call asks for one more: nobody has one for a while.
   */
  public void drop(Token token) {
    lock.lock();
    try {
      if (current == null || !current.value().equals(token.value())) {
        return;
      }
      current = null;
      if (!refused.anotherAfter(clock.getAsLong() - landedAt, young())) {
        failure = NoToken.because(RefusedTokens.TOLD);
        retryAt = landedAt + RefusedTokens.REST;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Seconds since the token was fetched; not a number while there is none. */
  double ageSeconds() {
    lock.lock();
    try {
      return current == null ? Double.NaN : (clock.getAsLong() - landedAt) / 1000.0;
    } finally {
      lock.unlock();
    }
  }

  /** How the token stands now. */
  public TokenState state() {
    lock.lock();
    try {
      long now = clock.getAsLong();
      return new TokenState(
          current != null && now < current.expiresAt(),
          current == null ? null : Duration.ofMillis(Math.max(0, current.expiresAt() - now)),
          current == null ? null : Duration.ofMillis(Math.max(0, current.refreshAt() - now)),
          failures,
          failure == null ? null : Duration.ofMillis(Math.max(0, retryAt - now)),
          failure == null ? null : failure.getMessage());
    } finally {
      lock.unlock();
    }
  }

  private boolean young() {
    return clock.getAsLong() - landedAt < TokenLives.ODD.toMillis();
  }

  /** Why tokens do not last, though they are to be had; null when they do. */
  public String notLasting() {
    lock.lock();
    try {
      if (refused.many()) {
        return RefusedTokens.TOLD;
      }
      long life = current == null ? Long.MAX_VALUE : current.expiresAt() - landedAt;
      return life <= properties.tokenMargin().toMillis()
          ? "CXone's tokens last " + life / 1_000 + " s only; each is fetched anew after that."
          : null;
    } finally {
      lock.unlock();
    }
  }

  private void land(String value, Duration lasting, String at) {
    lock.lock();
    try {
      long now = clock.getAsLong();
      long life = lasting.toMillis();
      refused.landed(young());
      long margin = properties.tokenMargin().toMillis();
      // a token that lives no longer than the margin would be replaced at every call
      long ahead = life > margin ? margin : life / 10;
      current = new Token(value, now + life - ahead, now + life, at);
      landedAt = now;
      failure = null;
      failures = 0;
      flight = false;
      outage.worked();
      landed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
