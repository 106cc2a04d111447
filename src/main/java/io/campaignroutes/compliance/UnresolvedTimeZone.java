package io.campaignroutes.compliance;

/** What happens to a number whose time zone cannot be told. */
public enum UnresolvedTimeZone {
  /** It is taken to be in the campaign's time zone. */
  CAMPAIGN_ZONE,
  /** It is not called. */
  BLOCK
}
