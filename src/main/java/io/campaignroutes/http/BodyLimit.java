package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies over 1 MiB by the bytes that really come, whatever {@code Content-Length} says. It
 * stands behind the checks of the API key and of the webhook token: a stranger's body is not read.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class BodyLimit extends OncePerRequestFilter {
  static final int LARGEST = 1 << 20;

  private static final String FORM = "application/x-www-form-urlencoded";

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > LARGEST) {
      refuse(request, response);
      return;
    }
    byte[] body = request.getInputStream().readNBytes(LARGEST + 1);
    if (body.length > LARGEST) {
      refuse(request, response);
      return;
    }
    chain.doFilter(withBody(request, body), response);
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    // the sandbox's form posts are read as parameters by the container itself
    String type = request.getContentType();
    return "GET".equals(request.getMethod())
        || type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM);
  }

  /** The request with its body, which has been read. */
  static HttpServletRequest withBody(HttpServletRequest request, byte[] body) {
    return new ReadRequest(request, body);
  }

  private static void refuse(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Connection", "close");
    ApiSecurity.write(
        response,
        Problem.of(
            413,
            "Too large",
            "A body may have 1 MiB. Many campaigns go into an .ndjson file in the inbox."));
    // a sender that is cut off while it writes may never see the answer
    request.getInputStream().readNBytes(2 * LARGEST);
  }

  private static final class ReadRequest extends HttpServletRequestWrapper {
    private final byte[] body;

    ReadRequest(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = body;
    }

    @Override
    public ServletInputStream getInputStream() {
      ByteArrayInputStream bytes = new ByteArrayInputStream(body);
      return new ServletInputStream() {
        @Override
        public int read() {
          return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
          return bytes.read(into, offset, length);
        }

        @Override
        public boolean isFinished() {
          return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new IllegalStateException("The body has been read already");
        }
      };
    }

    @Override
    public BufferedReader getReader() {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }
}
