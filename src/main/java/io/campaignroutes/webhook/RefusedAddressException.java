package io.campaignroutes.webhook;

import java.net.UnknownHostException;

/** The name of a destination leads to no address of the public internet. Nothing was connected. */
public final class RefusedAddressException extends UnknownHostException {
  private static final long serialVersionUID = 1L;

  RefusedAddressException(String host) {
    super(
        host
            + " leads to a loopback, private, link-local or reserved network, where nothing is"
            + " sent; ALLOW_PRIVATE_DESTINATIONS=true lifts this.");
  }
}
