package io.campaignroutes.shared;

import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Uses a connection again only when nothing can be left on it. A 204 has no body; one that names
 * the type of its body may have sent it all the same, which would be taken for the beginning of the
 * next answer.
 */
public class CleanConnections extends DefaultClientConnectionReuseStrategy {
  @Override
  public boolean keepAlive(HttpRequest request, HttpResponse response, HttpContext context) {
    boolean bodyMayFollow =
        response.getCode() == HttpStatus.SC_NO_CONTENT
            && response.containsHeader(HttpHeaders.CONTENT_TYPE);
    return !bodyMayFollow && super.keepAlive(request, response, context);
  }
}
