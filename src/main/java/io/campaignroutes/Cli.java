package io.campaignroutes;

import io.campaignroutes.access.KeysCommand;
import io.campaignroutes.audit.AuditVerifyCommand;
import io.campaignroutes.check.CheckCommand;
import io.campaignroutes.simulator.BoundCommand;
import io.campaignroutes.simulator.PacingCommand;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.lang.reflect.AnnotatedElement;
import java.util.Objects;
import java.util.Optional;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands of the jar. What is wrong with a command line is told in one line. */
@Command(
    name = "cxone-campaign-routes",
    description = "Runs outbound calling campaigns on NICE CXone. Without a command it serves.",
    mixinStandardHelpOptions = true,
    versionProvider = Cli.Version.class,
    scope = ScopeType.INHERIT,
    subcommands = {
      CheckCommand.class,
      Cli.Audit.class,
      Cli.Pacing.class,
      KeysCommand.class,
      GenerateCompletion.class,
      HelpCommand.class
    })
public final class Cli {
  private static final String SYNOPSIS =
      "cxone-campaign-routes check | audit verify | keys add | keys list | keys revoke"
          + " | pacing simulate | pacing bound | generate-completion | help";

  @Command(
      name = "audit",
      description = "Looks at audit files.",
      customSynopsis = "audit verify <dir>",
      subcommands = AuditVerifyCommand.class)
  static final class Audit {}

  @Command(
      name = "pacing",
      description = "Tries the pacing law.",
      customSynopsis = "pacing simulate | bound [options]",
      subcommands = {PacingCommand.class, BoundCommand.class})
  static final class Pacing {}

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Cli.class.getPackage().getImplementationVersion();
      return new String[] {"Campaign Routes " + Objects.requireNonNullElse(version, "(not built)")};
    }
  }

  /** All commands; {@link CommandLine#execute} runs one and returns its exit code. */
  public static CommandLine commands() {
    CommandLine commands = new CommandLine(new Cli());
    commands
        .getCommandSpec()
        .usageMessage()
        .customSynopsis(SYNOPSIS); // as an annotation, inherited
    return commands
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setExecutionStrategy(Cli::run)
        .setParameterExceptionHandler((e, args) -> refuse(e))
        .setExecutionExceptionHandler((e, command, parsed) -> fail(e, command));
  }

  private static int run(ParseResult parsed) {
    CommandLine command = parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
    command.getCommandSpec().options().forEach(option -> hold(command, option));
    return new RunLast().execute(parsed);
  }

  /** Holds a number to the limits that its field is annotated with. */
  private static void hold(CommandLine command, OptionSpec option) {
    if (option.userObject() instanceof AnnotatedElement field
        && field.isAnnotationPresent(DecimalMin.class)
        && option.getValue() instanceof Number given) {
      String least = field.getAnnotation(DecimalMin.class).value();
      String most = field.getAnnotation(DecimalMax.class).value();
      double number = given.doubleValue();
      if (!(number >= Double.parseDouble(least) && number <= Double.parseDouble(most))) {
        throw new ParameterException(command, wants(option, given.toString()));
      }
    }
  }

  private static int refuse(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String synopsis = command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
    command.getErr().println("%s: %s; usage: %s".formatted(name(command), problem(e), synopsis));
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      return unmatched.isUnknownOption()
          ? "the option " + word + " is unknown"
          : "'" + word + "' is not understood";
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      ArgSpec first = missing.getMissing().get(0);
      return first instanceof OptionSpec option
          ? "the option " + option.longestName() + " wants a value"
          : first.paramLabel() + " is missing";
    }
    return e.getArgSpec() instanceof OptionSpec option && e.getValue() != null
        ? wants(option, e.getValue())
        : e.getMessage();
  }

  private static String wants(OptionSpec option, String given) {
    boolean number = given.matches("[+-]?[0-9.]+([eE][+-]?[0-9]+)?|NaN");
    return "the option %s wants a %snumber%s, not %s"
        .formatted(
            option.longestName(),
            number && option.type() != double.class ? "whole " : "",
            number ? limits(option) : "",
            number ? given : "'" + given + "'");
  }

  private static String limits(OptionSpec option) {
    return Optional.of(option.userObject())
        .filter(AnnotatedElement.class::isInstance)
        .map(AnnotatedElement.class::cast)
        .filter(field -> field.isAnnotationPresent(DecimalMin.class))
        .map(
            field ->
                " from %s to %s"
                    .formatted(
                        field.getAnnotation(DecimalMin.class).value(),
                        field.getAnnotation(DecimalMax.class).value()))
        .orElse("");
  }

  private static int fail(Exception e, CommandLine command) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
    command.getErr().println(name(command) + ": " + message);
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  /** The words that a command is called by, such as {@code audit verify}. */
  private static String name(CommandLine command) {
    String root = command.getCommandSpec().root().name();
    return command.getCommandSpec().qualifiedName().replaceFirst("^" + root + " (?=.)", "");
  }
}
