package io.campaignroutes.webhook;

import java.net.UnknownHostException;

/** No name server told in time where a host is. Nothing was connected. */
public final class SilentNamesException extends UnknownHostException {
  private static final long serialVersionUID = 1L;

  SilentNamesException(String host) {
    super("no name server has told where " + host + " is");
  }
}
