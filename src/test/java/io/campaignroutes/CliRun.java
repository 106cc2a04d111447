package io.campaignroutes;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Runs a command of the jar in this process. */
public final class CliRun {
  private CliRun() {}

  /**
   * @return the exit code
   */
  public static int of(PrintStream out, PrintStream err, Object... words) {
    return Cli.commands()
        .setOut(writer(out))
        .setErr(writer(err))
        .execute(Stream.of(words).map(Object::toString).toArray(String[]::new));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
