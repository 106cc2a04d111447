package io.campaignroutes;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Leaves HotSpot's second compiler out. The service waits for disks and for CXone, so code
 * optimised to the last gains it little, while on two cores that compiler took half of the
 * processor time of the first thousands of launches: {@code benchmark launch} measured 78 launches
 * a second with it and 98 without it, right after the start. {@code -XX:TieredStopAtLevel=1} would
 * say the same, but a plain {@code java -jar} has no place for it.
 *
 * <p>{@code -Dcampaign-routes.second-compiler=true} keeps it.
 */
final class FirstCompilerOnly {
  /**
   * Compiler directives (JEP 165): what the second compiler refuses, the first compiles for good.
   */
  private static final String DIRECTIVES = "[{match: \"*.*\", c2: {Exclude: true}}]";

  private FirstCompilerOnly() {}

  /** Tells the running JVM. One that takes no directives goes on as it is. */
  static void apply() {
    if (Boolean.getBoolean("campaign-routes.second-compiler")) {
      return;
    }
    try {
      Path file = Files.createTempFile("first-compiler-only", ".json");
      Files.writeString(file, DIRECTIVES);
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "compilerDirectivesAdd",
              new Object[] {new String[] {file.toString()}},
              new String[] {String[].class.getName()});
      Files.delete(file);
    } catch (JMException | IOException e) {
      System.err.println("This JVM keeps its second compiler: " + e.getMessage());
    }
  }
}
