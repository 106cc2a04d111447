package io.campaignroutes.campaign;

/** What is asked for contradicts what is there; the message names the campaign in the way. */
public final class ConflictException extends RuntimeException {
  private final String field;
  private final String rule;
  private final String campaignId;

  /**
   * @param field the request's field at fault, null for none
   * @param rule short name of the rule
   * @param campaignId the campaign in the way
   */
  public ConflictException(String field, String rule, String campaignId, String message) {
    super(message);
    this.field = field;
    this.rule = rule;
    this.campaignId = campaignId;
  }

  public String field() {
    return field;
  }

  public String rule() {
    return rule;
  }

  public String campaignId() {
    return campaignId;
  }
}
