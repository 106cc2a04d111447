package io.campaignroutes.contacts;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;

/** Telephone numbers by the numbering plans of all countries. */
final class PhoneNumbers {
  private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

  /** Of a country that is not known: numbers are read only with their own country code. */
  private static final String NOWHERE = "ZZ";

  /** ISO 3166's codes of two and of three letters, and names in English, in capital letters. */
  private static final Map<String, String> COUNTRIES = new HashMap<>();

  static {
    COUNTRIES.put("UK", "GB"); // which people write, and ISO keeps free for it
    for (String code : PLANS.getSupportedRegions()) {
      Locale country = new Locale.Builder().setRegion(code).build();
      COUNTRIES.put(country.getDisplayCountry(Locale.ENGLISH).toUpperCase(Locale.ROOT), code);
      COUNTRIES.put(code, code);
      try {
        COUNTRIES.put(country.getISO3Country(), code);
      } catch (MissingResourceException e) {
        // there is none, as for Ascension
      }
    }
  }

  private PhoneNumbers() {}

  /**
   * The country that a text names, by its code of two or three letters or its name in English.
   *
   * @return two letters; ZZ when it names none that has a numbering plan
   */
  static String country(String given) {
    return COUNTRIES.getOrDefault(given.toUpperCase(Locale.ROOT), NOWHERE);
  }

  /**
   * A number in E.164, without what an extension adds to it.
   *
   * @param given as somebody wrote it
   * @param country two capital letters: of a number that is written without its country
   * @return empty when the numbering plan has no such number
   */
  static Optional<String> e164(String given, String country) {
    try {
      PhoneNumber number = PLANS.parse(given, country);
      return PLANS.isValidNumber(number)
          ? Optional.of(PLANS.format(number, PhoneNumberFormat.E164))
          : Optional.empty();
    } catch (NumberParseException e) {
      return Optional.empty();
    }
  }
}
