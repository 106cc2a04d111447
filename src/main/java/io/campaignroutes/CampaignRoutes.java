package io.campaignroutes;

import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.logging.LoggingSystem;

/** Starts the service, or one of its {@link Cli commands}. */
@SpringBootApplication
public class CampaignRoutes {
  private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");

  /** Without arguments, or with Spring's own, the service; else a command. */
  public static void main(String[] args) {
    if (args.length > 0 && (!args[0].startsWith("-") || HELP.contains(args[0]))) {
      System.exit(command(args));
    }
    try {
      SpringApplication service = new SpringApplication(CampaignRoutes.class);
      service.addListeners(
          new RequiredSettings(), new SandboxDoor(), new RequiredSettings.Strays());
      service.run(args);
    } catch (RuntimeException e) {
      System.err.println(StartFailure.sentence(e));
      System.exit(1);
    }
  }

  private static int command(String[] args) {
    if (args[0].equals("check")) {
      // the classes that read the files would log as they do in the service
      LoggingSystem.get(CampaignRoutes.class.getClassLoader()).beforeInitialize();
    }
    return Cli.commands().execute(args);
  }
}
