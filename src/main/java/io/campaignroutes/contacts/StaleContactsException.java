package io.campaignroutes.contacts;

/** Another run has dealt with the contacts that this one was about to. */
public class StaleContactsException extends RuntimeException {
  StaleContactsException(String campaignId) {
    super("The contacts of campaign " + campaignId + " are worked on by another run.");
  }
}
