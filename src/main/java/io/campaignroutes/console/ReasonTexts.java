package io.campaignroutes.console;

import io.campaignroutes.cxone.DialingRatio;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How times, numbers and parts of sentences look in the reasons of a diagnosis. */
final class ReasonTexts {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter WEEKDAY =
      DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm", Locale.ENGLISH);

  private ReasonTexts() {}

  /** How fast it dials, in what its platform is told: "1.5 calls/s", or "2:1". */
  static String speed(CampaignRow row) {
    return byRatio(row) ? lines(row, row.rate()) : number(row.rate()) + " calls/s";
  }

  /** Whether its platform is told lines for each agent who waits. */
  static boolean byRatio(CampaignRow row) {
    return row.decision().has("lines");
  }

  /** In words: "2:1". */
  static String lines(CampaignRow row, double lines) {
    return DialingRatio.of(lines, row.decision().hasNonNull("overdialPercentage")).words();
  }

  static ZoneId zone(CampaignRow row) {
    return row.setup().hours() == null ? ZoneId.of("UTC") : row.setup().hours().zone();
  }

  /** A moment by the campaign's clock: as short as it can be without being mistaken. */
  static String time(Instant at, Instant now, ZoneId zone) {
    ZonedDateTime local = at.atZone(zone);
    LocalDate today = LocalDate.ofInstant(now, zone);
    LocalDate day = local.toLocalDate();
    DateTimeFormatter how =
        day.equals(today)
            ? CLOCK
            : day.isAfter(today) && day.isBefore(today.plusDays(7)) ? WEEKDAY : DATE;
    return how.format(local) + " " + zone.getId();
  }

  /** With the seconds, where it is of today. */
  static String clock(long at, Instant now, ZoneId zone) {
    ZonedDateTime local = Instant.ofEpochMilli(at).atZone(zone);
    return local.toLocalDate().equals(LocalDate.ofInstant(now, zone))
        ? SECONDS.format(local) + " " + zone.getId()
        : time(local.toInstant(), now, zone);
  }

  static long seconds(Instant from, Instant to) {
    return (Duration.between(from, to).toMillis() + 999) / 1000;
  }

  static String upper(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  static String number(double rate) {
    String text = String.format(Locale.ROOT, "%.2f", rate);
    return text.replaceAll("\\.?0+$", "");
  }

  /** A sentence as part of another one. */
  static String fragment(String sentence) {
    String text = sentence.strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
