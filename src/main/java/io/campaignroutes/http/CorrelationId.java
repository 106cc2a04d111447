package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.store.Ids;
import io.campaignroutes.text.Json;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Enumeration;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The id that joins a request with its log lines and its problem document: the caller's own {@code
 * X-Correlation-Id} when it is made of letters, digits and {@code . _ : -}, else a new one. It is
 * answered in the header of the same name.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class CorrelationId extends OncePerRequestFilter {
  /** The header, and the key in log lines and problem documents. */
  static final String HEADER = "X-Correlation-Id";

  /** The exchange property and the key in log lines. */
  static final String KEY = "correlationId";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Object before = request.getAttribute(KEY);
    String id = before == null ? of(request) : before.toString();
    request.setAttribute(KEY, id);
    response.setHeader(HEADER, id);
    with(request, () -> chain.doFilter(request, response));
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false; // a request goes on with the same id when its body has come
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false; // the page of an error names the id too
  }

  /** Something to be done for a request by a thread that does not come from its filters. */
  interface Work {
    void run() throws IOException, ServletException;
  }

  /** Does something with the id of a request at hand, as its filters do. */
  static void with(HttpServletRequest request, Work work) throws IOException, ServletException {
    MDC.put(KEY, String.valueOf(request.getAttribute(KEY)));
    try {
      work.run();
    } finally {
      MDC.remove(KEY);
    }
  }

  /** The id of a request that has none yet. */
  static String of(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders(HEADER);
    String header = headers.hasMoreElements() ? headers.nextElement() : null;
    return header != null && !headers.hasMoreElements() && SANE.matcher(header).matches()
        ? header
        : Ids.next("req", System.currentTimeMillis());
  }

  /** A problem document with the id of the request that it answers, when there is one. */
  static String document(Problem problem) {
    return document(problem, MDC.get(KEY));
  }

  static String document(Problem problem, String id) {
    ObjectNode document = Json.tree(problem);
    if (id != null) {
      document.put(KEY, id);
    }
    return Json.text(document);
  }
}
