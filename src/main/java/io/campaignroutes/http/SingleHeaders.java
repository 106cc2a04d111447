package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import io.campaignroutes.cxone.PlatformEvents;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a request with two values where one decides: whoever looks at it on its way could take
 * another one than we do. Nor is an empty {@code Idempotency-Key} taken for none: its sender
 * believes to be safe.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class SingleHeaders extends OncePerRequestFilter {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final List<String> SINGLE =
      List.of("Authorization", "Content-Type", IDEMPOTENCY_KEY);

  /** What is read besides, and may stand there more than once. */
  private static final List<String> LISTS = List.of("Content-Encoding", "Prefer");

  private final List<String> single;

  SingleHeaders(PlatformEvents platform) {
    this.single =
        platform.posted()
            ? Stream.concat(SINGLE.stream(), Stream.of(platform.tokenHeader())).toList()
            : SINGLE;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String wrong = wrong(request);
    if (wrong == null) {
      chain.doFilter(request, response);
    } else {
      ApiSecurity.write(request, response, Problem.of(400, "Bad request", wrong));
    }
  }

  private String wrong(HttpServletRequest request) {
    for (String name : single) {
      Enumeration<String> values = request.getHeaders(name);
      if (values.hasMoreElements()) {
        String value = values.nextElement();
        if (values.hasMoreElements()) {
          return name + " stands in the request more than once. Send it once.";
        }
        if (!isText(value)) {
          return name + " has a character that no header may have. Send it in ASCII.";
        }
        if (name.equals(IDEMPOTENCY_KEY) && isEmpty(value)) {
          return "Idempotency-Key is empty. Send a key, or leave the header out.";
        }
      }
    }
    for (String name : LISTS) {
      for (Enumeration<String> all = request.getHeaders(name); all.hasMoreElements(); ) {
        if (!isText(all.nextElement())) {
          return name + " has a character that no header may have. Send it in ASCII.";
        }
      }
    }
    return null;
  }

  private static boolean isEmpty(String key) {
    return key.isBlank() || key.strip().equals("\"\"");
  }

  private static boolean isText(String value) {
    return value.chars().noneMatch(c -> Character.isISOControl(c) && c != '\t');
  }
}
