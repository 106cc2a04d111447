package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.core.annotation.Order;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Reads the body of a request before anything else does. It stands behind the checks of the API key
 * and of the webhook token: a stranger's body is not read. Nor is one that nobody takes. One that
 * is compressed, or no JSON where a route takes it, is refused; a command asks for none, but its
 * sender means something by it.
 */
@Component
@Order(SecurityProperties.DEFAULT_FILTER_ORDER + 1)
class BodyFilter extends OncePerRequestFilter {
  private static final String BODY = BodyFilter.class.getName() + ".body";

  /** The one route that takes a JSON document on each line, too. */
  private static final String MANY_REQUESTS = "/campaigns/validate/file";

  /** A path that climbs, which is refused behind this, and over which a dispatch would break. */
  private static final Pattern CLIMBS = Pattern.compile("(?i)(^|/|%2f)(\\.|%2e){2}(/|%2f|$)");

  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

  private static final Problem ENCODED =
      Problem.of(
          415,
          "Unsupported Media Type",
          "The body is compressed, by its Content-Encoding. Send it as it is.");

  /** Who takes the body of a request, and of which kind. */
  private enum Taker {
    NOBODY,
    JSON_ONLY,
    ANY
  }

  private final Bodies bodies;
  private final UploadBodies uploads;
  private final ObjectProvider<DispatcherServlet> handlers;

  /** The handlers are asked for with the first request: they are made after the filters. */
  BodyFilter(Bodies bodies, UploadBodies uploads, ObjectProvider<DispatcherServlet> handlers) {
    this.bodies = bodies;
    this.uploads = uploads;
    this.handlers = handlers;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    byte[] read = (byte[]) request.getAttribute(BODY);
    if (read != null) {
      request.removeAttribute(BODY);
      chain.doFilter(Bodies.withBody(request, read), response);
      return;
    }
    if (!Bodies.hasBody(request)) {
      chain.doFilter(request, response);
      return;
    }
    if (uploads.takes(request)) {
      readUpload(request, response);
      return;
    }
    Taker taker = taker(request);
    if (taker != Taker.NOBODY && isEncoded(request)) {
      response.setHeader("Accept-Encoding", "identity");
      ApiSecurity.write(request, response, ENCODED);
    } else if (taker == Taker.JSON_ONLY && !isJson(request)) {
      response.setHeader("Accept", ApiAnswer.JSON);
      ApiSecurity.write(
          request,
          response,
          Problem.of(415, "Unsupported Media Type", wrongType(request.getContentType())));
    } else if (taker != Taker.NOBODY) {
      bodies.read(
          request,
          response,
          body -> {
            if (request.isAsyncStarted()) {
              goOn(request, body);
            } else {
              chain.doFilter(Bodies.withBody(request, body), response);
            }
          });
    } else {
      response.setHeader("Connection", "close");
      chain.doFilter(Bodies.withBody(request, new byte[0]), response);
    }
  }

  private void readUpload(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (isEncoded(request)) {
      response.setHeader("Accept-Encoding", "identity");
      ApiSecurity.write(request, response, ENCODED);
    } else {
      uploads.read(request, response, id -> goOn(request, id));
    }
  }

  private static void goOn(HttpServletRequest request, byte[] body) {
    request.setAttribute(BODY, body);
    request.getAsyncContext().dispatch();
  }

  /** Comes again with the body when that was read without a thread. */
  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  private Taker taker(HttpServletRequest request) {
    boolean climbs = CLIMBS.matcher(request.getRequestURI()).find();
    if (climbs || WITHOUT_BODY.contains(request.getMethod())) {
      return Taker.NOBODY;
    }
    try {
      ServletRequestPathUtils.parseAndCache(request);
      for (HandlerMapping mapping : handlers.getObject().getHandlerMappings()) {
        HandlerExecutionChain taker = mapping.getHandler(request);
        if (taker != null) {
          return taker.getHandler() instanceof HandlerMethod method
                  && method.getBean() instanceof PlatformHttpConsumer
              ? Taker.JSON_ONLY
              : Taker.ANY;
        }
      }
      return Taker.NOBODY;
    } catch (HttpMediaTypeNotSupportedException e) {
      return Taker.JSON_ONLY;
    } catch (Exception e) {
      return Taker.NOBODY; // whoever handles the request finds the same, and answers 405
    }
  }

  private static boolean isEncoded(HttpServletRequest request) {
    return Collections.list(request.getHeaders("Content-Encoding")).stream()
        .anyMatch(
            encoding -> !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity"));
  }

  private static boolean isJson(HttpServletRequest request) {
    String told = request.getContentType();
    try {
      MediaType type = MediaType.parseMediaType(told == null ? "" : told);
      return MediaType.APPLICATION_JSON.includes(type)
          || MediaType.APPLICATION_NDJSON.includes(type)
              && request.getRequestURI().endsWith(MANY_REQUESTS);
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  /** What is told to somebody whose body has this content type, or none. */
  static String wrongType(String type) {
    String what;
    try {
      what =
          type == null || type.isBlank()
              ? "has no Content-Type"
              : "is " + MimeTypeUtils.parseMimeType(type).toString().split(";")[0];
    } catch (InvalidMimeTypeException e) {
      what = "has a Content-Type that cannot be read";
    }
    return "The body " + what + ". Send JSON, as Content-Type: application/json.";
  }
}
