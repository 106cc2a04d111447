package io.campaignroutes.contacts;

import java.util.Map;

/**
 * A line of a contact file as it was judged.
 *
 * @param number from 1, by lines that hold something
 * @param line on which it begins in the file, from 1
 * @param phone in E.164, or as it was given where that is no number; null for none
 * @param externalId the caller's own key of it; null for none
 * @param timeZone as it was given; null for none
 * @param fields whatever else the line holds, by the names of the columns
 */
public record Contact(
    long number,
    long line,
    String phone,
    String externalId,
    String timeZone,
    Map<String, String> fields,
    ContactOutcome outcome) {

  /** The same of which something else was decided. */
  Contact as(ContactOutcome other) {
    return new Contact(number, line, phone, externalId, timeZone, fields, other);
  }

  /** Without what it says of anybody, since records show all that they hold. */
  @Override
  public String toString() {
    return "contact " + number + " (" + outcome + ")";
  }
}
