package io.campaignroutes.compliance;

/** What a broken rule of a profile leads to. */
public enum Severity {
  /** A warning; the campaign goes on. */
  WARN,
  /** A finding; the campaign is refused. */
  BLOCK
}
