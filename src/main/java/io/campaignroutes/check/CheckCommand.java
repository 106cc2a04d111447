package io.campaignroutes.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code check [folder]}: reads {@code routes/} and {@code config/} of a folder, the working
 * directory by default, and prints what is wrong, a line each: {@code file:line: what. Remedy.}
 * Exit code 0: nothing is wrong, and a line says what was looked at; 1: something is; 2: it could
 * not be read, so nothing is known.
 *
 * <p>{@code check schema} prints Camel's schema of route files, for editors.
 */
public final class CheckCommand {
  private static final String USAGE = "usage: check [folder], or check schema";

  private CheckCommand() {}

  /**
   * Runs the command. Findings go to {@code out}; why it could not run goes to {@code err}.
   *
   * @param args the words after {@code check}
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length > 1 || args.length == 1 && args[0].startsWith("-")) {
      err.println("'" + String.join(" ", args) + "' is not understood\n" + USAGE);
      return 2;
    }
    if (args.length == 1 && args[0].equals("schema")) {
      return schema(out, err);
    }
    Path folder = Path.of(args.length == 0 ? "" : args[0]);
    try {
      Project project = Project.read(folder.resolve("routes"), folder.resolve("config"));
      return report(project, out);
    } catch (IOException e) {
      err.println(
          "Cannot read: "
              + e.getMessage()
              + ". Run this where routes/ and config/ lie, or name the folder that holds them.");
      return 2;
    }
  }

  private static int report(Project project, PrintStream out) throws IOException {
    List<Fault> faults = faults(project);
    faults.forEach(out::println);
    String looked =
        "%d routes in %d files of %s/ and %d files of %s/"
            .formatted(
                project.routes().size(),
                project.routeFiles().size(),
                project.routesFolder(),
                project.configFiles().size() + project.templates().size(),
                project.configFolder());
    if (faults.isEmpty()) {
      out.println("Nothing is wrong: " + looked + " were checked.");
      return 0;
    }
    out.println(
        "%d %s in %s."
            .formatted(faults.size(), faults.size() == 1 ? "finding" : "findings", looked));
    return 1;
  }

  /** Everything that is wrong, by file and line; of several findings on one value the first. */
  static List<Fault> faults(Project project) throws IOException {
    List<Fault> all = new ArrayList<>();
    Stream.of(ConfigRule.values()).forEach(rule -> all.addAll(rule.faults(project)));
    Stream.of(RouteRule.values()).forEach(rule -> all.addAll(rule.faults(project)));
    for (String other : project.platforms()) {
      if (!other.equals(project.platform())) { // routes of both are never loaded together
        Project with = project.with(other);
        Stream.of(RouteRule.values()).forEach(rule -> all.addAll(rule.faults(with)));
      }
    }
    Set<String> lines = new LinkedHashSet<>();
    Set<Fault> kept = new TreeSet<>();
    for (Fault fault : all) {
      boolean config = fault.file().startsWith(project.configFolder().toString());
      if (!config || lines.add(fault.file() + ":" + fault.line())) {
        kept.add(fault);
      }
    }
    return List.copyOf(kept);
  }

  private static int schema(PrintStream out, PrintStream err) {
    try (InputStream schema = CheckCommand.class.getResourceAsStream(RouteShape.CAMEL_SCHEMA)) {
      schema.transferTo(out);
      out.println();
      return 0;
    } catch (IOException e) {
      err.println("Camel's schema cannot be read: " + e.getMessage());
      return 2;
    }
  }
}
