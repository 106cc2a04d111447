package io.campaignroutes.console;

import io.campaignroutes.campaign.Problem;
import io.campaignroutes.http.Admission;
import io.campaignroutes.text.Json;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /events}: the stream of changes. It is no route because a stream has no answer that a
 * route could end with; what is sent on it is decided in routes/console-api.camel.yaml.
 */
final class EventServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final byte[] HELLO =
      "retry: 2000\nevent: hello\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8);

  private final transient EventPages pages;

  EventServlet(EventPages pages) {
    this.pages = pages;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no"); // a proxy that collects would delay everything
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    AsyncContext context = request.startAsync();
    context.setTimeout(0);
    EventPage page = new EventPage(context, response.getOutputStream(), Admission.of(request));
    context.addListener(page);
    page.offer(HELLO);
    if (!pages.add(page)) {
      refuse(response);
      context.complete();
      return;
    }
    response.getOutputStream().setWriteListener(page);
  }

  /** The head of a stream, without the stream, which would have no end. */
  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
  }

  private static void refuse(HttpServletResponse response) throws IOException {
    response.setStatus(503);
    response.setHeader("Retry-After", "10");
    response.setContentType("application/problem+json");
    Problem problem =
        Problem.of(
            503, "Too many pages", "Too many pages are open. This one tries again by itself.");
    response
        .getOutputStream()
        .write(Json.text(Json.tree(problem)).getBytes(StandardCharsets.UTF_8));
  }
}
