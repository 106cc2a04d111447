package io.campaignroutes.http;

import jakarta.servlet.http.HttpServletRequest;

/** Where people sign in and out. */
final class SignInPaths {
  static final String BEGIN = "/console/sign-in";
  static final String DONE = "/console/sign-in/done";
  static final String OUT = "/console/sign-out";

  private final OwnAddress own;

  SignInPaths(OwnAddress own) {
    this.own = own;
  }

  /** The address that the issuer sends a browser back to. */
  String done(HttpServletRequest request) {
    return own.of(request) + DONE;
  }

  /** The console's page. */
  String page(HttpServletRequest request) {
    return own.of(request) + "/";
  }

  /** The console's page, where it tells why somebody is not signed in. */
  String refused(HttpServletRequest request, String why) {
    return page(request) + "?sign-in=" + why;
  }
}
