package io.campaignroutes.cxone;

import io.campaignroutes.text.Plain;

/** Where a redirect leads, as it can be told: without credentials and without its query. */
final class Redirect {
  private static final int MAX_ADDRESS = 200;

  private Redirect() {}

  /** Such as " to https://cxone.example/login"; empty when it leads nowhere. */
  static String to(String location) {
    if (location == null || location.isBlank()) {
      return "";
    }
    String address = location.strip().replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//");
    return " to " + Plain.line(address, MAX_ADDRESS);
  }
}
