package io.campaignroutes.store;

/** A store that knows what ails it. */
interface Ailing {
  /** Why nothing can be written or read at the moment, for an operator; null when all is well. */
  String ailment();
}
