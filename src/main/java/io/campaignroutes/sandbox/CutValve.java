package io.campaignroutes.sandbox;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Closes the connection of a request that was marked for it, with whatever of the answer has been
 * sent by then. A servlet cannot do that by itself: the container would end the answer properly.
 */
final class CutValve extends ValveBase {

  private static final String CUT = CutValve.class.getName();

  CutValve() {
    super(true);
  }

  /** Marks a request: its connection is closed once the servlets are through with it. */
  static void cut(ServletRequest request) {
    request.setAttribute(CUT, true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    if (request.getAttribute(CUT) != null) {
      response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
    }
  }
}
