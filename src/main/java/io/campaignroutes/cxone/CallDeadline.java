package io.campaignroutes.cxone;

import io.campaignroutes.shared.CleanConnections;
import io.campaignroutes.shared.ExchangeDeadline;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.zip.ZipException;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;

/**
 * Gives every call to CXone one deadline, within which its answer is read whole, and closes
 * connections that nobody uses: after a time of many slow calls they would keep the descriptors
 * that the inbox and the audit files need.
 */
public final class CallDeadline implements HttpClientConfigurer, AutoCloseable {
  /** An answer larger than this, in bytes, is an error: nothing that we ask for comes near it. */
  private static final int MAX_ANSWER = 8 << 20;

  /** A connection that has not been used for so long is closed. */
  private static final TimeValue IDLE = TimeValue.ofSeconds(30);

  private final ExchangeDeadline deadline;
  private final TimeValue idle;

  public CallDeadline(Duration deadline) {
    this(deadline, IDLE);
  }

  CallDeadline(Duration deadline, TimeValue idle) {
    this.idle = idle;
    this.deadline =
        new ExchangeDeadline(
            "call-deadline", deadline, (response, entity, connection) -> whole(response, entity));
  }

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    builder
        .evictIdleConnections(idle)
        .evictExpiredConnections()
        .setConnectionReuseStrategy(new CleanConnections())
        .addExecInterceptorFirst("deadline", deadline);
  }

  private static HttpEntity whole(ClassicHttpResponse response, HttpEntity entity)
      throws IOException {
    byte[] all;
    try (entity;
        var in = entity.getContent()) {
      all = in.readNBytes(MAX_ANSWER + 1);
    } catch (ZipException | EOFException e) {
      throw new IOException("an answer that is not compressed as it says", e);
    }
    if (all.length > MAX_ANSWER) {
      throw new IOException("an answer of more than " + MAX_ANSWER + " bytes");
    }
    response.removeHeaders(HttpHeaders.CONTENT_ENCODING); // or Camel would unpack it once more
    return new ByteArrayEntity(all, ContentType.parseLenient(entity.getContentType()));
  }

  @Override
  public void close() {
    deadline.close();
  }
}
