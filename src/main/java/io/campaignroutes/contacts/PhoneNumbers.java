package io.campaignroutes.contacts;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Locale;
import java.util.Optional;

/** Telephone numbers by the numbering plans of all countries. */
final class PhoneNumbers {
  private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

  private PhoneNumbers() {}

  /** Whether a text is the code of a country that has a numbering plan. */
  static boolean isCountry(String code) {
    return PLANS.getSupportedRegions().contains(code.toUpperCase(Locale.ROOT));
  }

  /**
   * A number in E.164, without what an extension adds to it.
   *
   * @param given as somebody wrote it
   * @param country two letters: of a number that is written without its country
   * @return empty when the numbering plan has no such number
   */
  static Optional<String> e164(String given, String country) {
    try {
      PhoneNumber number = PLANS.parse(given, country.toUpperCase(Locale.ROOT));
      return PLANS.isValidNumber(number)
          ? Optional.of(PLANS.format(number, PhoneNumberFormat.E164))
          : Optional.empty();
    } catch (NumberParseException e) {
      return Optional.empty();
    }
  }
}
