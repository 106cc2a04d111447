package io.campaignroutes.http;

import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.contacts.ContactFiles;
import io.campaignroutes.contacts.UnknownUploadException;
import io.campaignroutes.text.Json;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Reads files of contacts, of any size: a part of one is in memory, what has come before is in the
 * store. No thread waits for what has not arrived. Of one that is cut off nothing stays. The route
 * that the request goes to gets the id of the file as its body.
 */
@Component
class UploadBodies {
  private static final Logger LOG = LoggerFactory.getLogger(UploadBodies.class);
  private static final String PATH = "/contacts";
  private static final MediaType CSV = MediaType.parseMediaType("text/csv");

  /** Each has a part in memory. */
  private static final int MAX_AT_ONCE = 8;

  private static final Problem TOO_MANY =
      Problem.of(503, "Too many at once", "Too many files are being sent. Try again in a moment.")
          .again(5L);

  private static final Problem BROKEN =
      Problem.of(500, "Internal error", "The service could not store the file. Its log says why.");

  private final ObjectProvider<ContactFiles> files;
  private final AtomicInteger underWay = new AtomicInteger();

  /** The files are asked for with the first upload: the store is made after the filters. */
  UploadBodies(ObjectProvider<ContactFiles> files) {
    this.files = files;
  }

  /** What is done once a file has arrived. */
  interface Arrived {
    void accept(byte[] id) throws IOException, ServletException;
  }

  /** Whether the request brings a file of contacts, or something that is sent as one. */
  boolean takes(HttpServletRequest request) {
    return request.getMethod().equals("POST")
        && request.getRequestURI().equals(request.getContextPath() + PATH);
  }

  /**
   * Stores the body, and answers a request that is refused. Whatever is wrong with its name is told
   * before all of it has been sent.
   */
  void read(HttpServletRequest request, HttpServletResponse response, Arrived arrived)
      throws IOException {
    if (!isCsv(request.getContentType())) {
      response.setHeader("Accept", CSV.toString());
      refuse(request, response, Problem.of(415, "Unsupported Media Type", wrongType(request)));
      return;
    }
    try {
      HttpRequestReader.request(request).fileName();
    } catch (InvalidRequestException e) {
      refuse(request, response, Problem.of(e));
      return;
    }
    if (underWay.incrementAndGet() > MAX_AT_ONCE) {
      underWay.decrementAndGet();
      refuse(request, response, TOO_MANY);
      return;
    }
    AsyncContext context = request.startAsync();
    context.setTimeout(0); // a body that comes to a standstill is ended by the connection
    Reading reading = new Reading(request, response, arrived);
    context.addListener(reading);
    request.getInputStream().setReadListener(reading);
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    ApiSecurity.write(request, response, problem);
  }

  private static boolean isCsv(String type) {
    try {
      return CSV.includes(MediaType.parseMediaType(type == null ? "" : type));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  private static String wrongType(HttpServletRequest request) {
    return BodyFilter.wrongType(request.getContentType())
        .replace(
            "Send JSON, as Content-Type: application/json.",
            "Send CSV, as Content-Type: text/csv.");
  }

  /** One file that arrives. */
  private final class Reading implements ReadListener, AsyncListener {
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Arrived arrived;
    private final ServletInputStream in;
    private final byte[] part = new byte[ContactFiles.PART];
    private ContactFiles.Arrival arrival; // null before the first part, and when it is over
    private int size;
    private boolean over;
    private boolean counted = true;

    Reading(HttpServletRequest request, HttpServletResponse response, Arrived arrived)
        throws IOException {
      this.request = request;
      this.response = response;
      this.arrived = arrived;
      this.in = request.getInputStream();
    }

    @Override
    public void onDataAvailable() throws IOException {
      while (!over && in.isReady() && !in.isFinished()) {
        int some = in.read(part, size, part.length - size);
        if (some < 0) {
          return;
        }
        size += some;
        if (size == part.length) {
          stored(this::storePart);
        }
      }
    }

    private void storePart() {
      if (arrival == null) {
        arrival = files.getObject().begin();
      }
      if (size > 0) {
        arrival.part(Arrays.copyOf(part, size));
        size = 0;
      }
    }

    @Override
    public void onAllDataRead() throws IOException {
      if (over) {
        return;
      }
      String[] id = new String[1];
      stored(
          () -> {
            storePart();
            id[0] = arrival.whole();
          });
      if (id[0] != null) {
        over = true;
        arrival = null;
        try {
          CorrelationId.with(request, () -> arrived.accept(Json.utf8(id[0])));
        } catch (ServletException e) {
          throw new IOException(e);
        }
      }
    }

    /** What cannot be stored is told, and the rest not waited for. */
    private void stored(Runnable work) throws IOException {
      try {
        work.run();
      } catch (RuntimeException e) {
        over = true;
        abandon();
        Problem told =
            e instanceof UnknownUploadException
                ? Problem.of(408, "Too slow", e.getMessage())
                : Problem.of(e);
        Problem problem = told == null ? BROKEN : told;
        if (told == null) {
          LOG.error("A file of contacts could not be stored.", e);
        }
        try {
          CorrelationId.with(request, () -> ApiSecurity.write(request, response, problem));
        } catch (ServletException unwritten) {
          throw new IOException(unwritten);
        }
        request.getAsyncContext().complete();
      }
    }

    /** The connection is closed after this. */
    @Override
    public void onError(Throwable e) {
      LOG.debug("An upload broke off: {}", e.toString());
      over = true;
      abandon();
    }

    private void abandon() {
      ContactFiles.Arrival cut = arrival;
      arrival = null;
      if (cut == null) {
        return;
      }
      try {
        cut.abandon();
      } catch (RuntimeException e) {
        LOG.info("What has arrived of an upload is removed later: {}", e.getMessage());
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      abandon();
      if (counted) {
        counted = false;
        underWay.decrementAndGet();
      }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // it has no time limit
    }

    @Override
    public void onError(AsyncEvent event) {
      abandon();
      event.getAsyncContext().complete(); // there is nobody left for an error page
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this); // a listener is told of the next turn only
    }
  }
}
