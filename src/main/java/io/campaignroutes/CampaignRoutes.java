package io.campaignroutes;

import io.campaignroutes.audit.AuditVerifyCommand;
import io.campaignroutes.check.CheckCommand;
import io.campaignroutes.simulator.PacingCommand;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Starts the service, or one of its commands: {@code check} looks for mistakes in {@code routes/}
 * and {@code config/}, {@code audit verify <dir>} checks audit files, {@code pacing simulate} runs
 * the pacing law in a simulated dialer.
 */
@SpringBootApplication
public class CampaignRoutes {

  /** Without arguments, or with Spring's own, the service; else a command. */
  public static void main(String[] args) {
    if (args.length > 0 && !args[0].startsWith("-")) {
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
    if (args.length >= 2 && args[0].equals("audit") && args[1].equals("verify")) {
      return AuditVerifyCommand.run(
          Arrays.copyOfRange(args, 2, args.length), System.out, System.err);
    }
    if (args[0].equals("check")) {
      // the classes that read the files would log as they do in the service
      LoggingSystem.get(CampaignRoutes.class.getClassLoader()).beforeInitialize();
      return CheckCommand.run(Arrays.copyOfRange(args, 1, args.length), System.out, System.err);
    }
    if (args[0].equals("pacing")) {
      return PacingCommand.run(args, System.out, System.err);
    }
    System.err.println(
        "Unknown command: "
            + String.join(" ", args)
            + ". Known: check, audit verify <dir>, pacing simulate. Without a command the service"
            + " starts.");
    return 2;
  }
}
