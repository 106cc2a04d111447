package io.campaignroutes.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code check [folder]}: reads {@code routes/} and {@code config/} of a folder, the working
 * directory by default, and prints what is wrong, a line each: {@code file:line: what. Remedy.}
 */
@Command(
    name = "check",
    description = {
      "Looks for mistakes in routes/ and config/ and prints a line for each: file:line: what."
          + " Remedy.",
      "check schema prints Camel's schema of route files, for editors."
    },
    customSynopsis = "check [folder], or check schema",
    exitCodeOnExecutionException = 2,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:nothing is wrong",
      "1:something is",
      "2:it could not be read, so nothing is known"
    })
public final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      defaultValue = "",
      paramLabel = "folder",
      description = "the folder that holds routes/ and config/; by default the working directory")
  private Path folder;

  /** Findings go to standard output; why it could not run goes to standard error. */
  @Override
  public Integer call() {
    try {
      Project project = Project.read(folder.resolve("routes"), folder.resolve("config"));
      return report(project, spec.commandLine().getOut());
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println(
              "Cannot read: "
                  + e.getMessage()
                  + ". Run this where routes/ and config/ lie, or name the folder that holds"
                  + " them.");
      return 2;
    }
  }

  @Command(description = "Prints Camel's schema of route files, for editors.")
  int schema() throws IOException {
    try (InputStream schema = CheckCommand.class.getResourceAsStream(RouteShape.CAMEL_SCHEMA)) {
      spec.commandLine()
          .getOut()
          .println(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
      return 0;
    }
  }

  private static int report(Project project, PrintWriter out) throws IOException {
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
        Project own = with.without(project);
        Stream.of(RouteRule.values())
            .forEach(rule -> all.addAll(rule.faults(rule.looksAtEachFile() ? own : with)));
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
}
