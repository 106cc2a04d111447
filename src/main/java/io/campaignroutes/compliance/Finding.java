package io.campaignroutes.compliance;

/**
 * One thing that is wrong with a request, or worth a warning.
 *
 * @param field dotted path of the value at fault, such as {@code schedule.endHour} or {@code
 *     schedule.daysOfWeek[0]}; empty for the request as a whole
 * @param rule short machine name of the rule, such as {@code required}, {@code unknownProperty},
 *     {@code timeZone.iana}, {@code policy.callingHours}
 * @param message sentences for a person: what is wrong and what to do
 */
public record Finding(String field, String rule, String message) {}
