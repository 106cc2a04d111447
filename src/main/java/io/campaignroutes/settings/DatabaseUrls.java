package io.campaignroutes.settings;

import java.util.regex.Pattern;

/** Where the store is, as a JDBC URL. It may hold a password, so it is never shown. */
final class DatabaseUrls {
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final String SQLITE = "jdbc:sqlite:";

  /** Hosts with their ports, the database, options. */
  private static final Pattern POSTGRES_URL =
      Pattern.compile(
          POSTGRES
              + "(//([^\\s:/?,]+|\\[[0-9a-fA-F:.]+])?(:[0-9]{1,5})?(,[^\\s/?]+)*/)?[^\\s/?]*(\\?\\S*)?");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final String EXAMPLE =
      "Write it like jdbc:postgresql://host:5432/database, and user and password in"
          + " SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.";

  private DatabaseUrls() {}

  /**
   * The URL without blanks around it.
   *
   * @throws UnusableException when it leads to no store that the service can use
   */
  static String plain(String given) {
    String url = given.strip();
    if (CONTROL.matcher(url).find()) {
      throw new UnusableException("has a line break in it.", "Take it out.");
    }
    if (url.startsWith(SQLITE)) {
      String file = url.substring(SQLITE.length());
      if (file.isEmpty()
          || file.startsWith("?")
          || file.startsWith(":")
          || file.startsWith("file::")) {
        throw new UnusableException(
            "names a SQLite database that is no file, and would be lost at every stop.",
            "Name a file, or leave it out: the store is then under DATA_DIR.");
      }
      return url;
    }
    if (url.matches("(?i)postgres(ql)?://.*")) {
      throw new UnusableException("does not begin with " + POSTGRES + ".", EXAMPLE);
    }
    if (!url.startsWith(POSTGRES)) {
      throw new UnusableException(
          "leads neither to PostgreSQL nor to SQLite, and there is no other store.", EXAMPLE);
    }
    if (!POSTGRES_URL.matcher(url).matches()) {
      throw new UnusableException("is no address of a PostgreSQL database.", EXAMPLE);
    }
    return url;
  }
}
