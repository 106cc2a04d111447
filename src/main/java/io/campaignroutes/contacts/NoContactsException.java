package io.campaignroutes.contacts;

/** A campaign brought no contacts. */
public class NoContactsException extends RuntimeException {
  NoContactsException(String campaignId) {
    super("Campaign " + campaignId + " brought no contacts: its request has no \"contacts\".");
  }
}
