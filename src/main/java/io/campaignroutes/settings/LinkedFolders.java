package io.campaignroutes.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Camel reads nothing of a folder that is a link, and starts without a route. */
final class LinkedFolders {
  private static final Pattern FOLDER = Pattern.compile("(?<=file:)[^,*]+(?=/[^,/]*(,|$))");

  private LinkedFolders() {}

  /**
   * @param patterns of files, with commas between
   * @return the same, with where links lead to in place of links
   */
  static String followed(String patterns) {
    return FOLDER.matcher(patterns).replaceAll(LinkedFolders::real);
  }

  private static String real(MatchResult found) {
    Path folder = Path.of(found.group());
    try {
      boolean link = Files.isSymbolicLink(folder) && Files.exists(folder);
      String real = link ? folder.toRealPath().toString().replace('\\', '/') : found.group();
      return Matcher.quoteReplacement(real);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
