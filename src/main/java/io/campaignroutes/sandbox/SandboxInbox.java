package io.campaignroutes.sandbox;

import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Puts the platform's examples into the inbox at the first start, so that there is one to watch.
 */
@Component
@Profile("sandbox")
class SandboxInbox {

  static final String DATA_DIR = "${campaign-routes.data-dir:${DATA_DIR:data}}";

  /** The examples of each platform, what one needs before it. */
  private static final Map<String, List<String>> EXAMPLES =
      Map.of(
          "v2",
          List.of("round-the-clock.json"),
          "personal-connection",
          List.of(
              "personal-connection/renewals.csv",
              "personal-connection/adopt-skill.json",
              "personal-connection/create-skill.json"));

  private static final Logger LOG = LoggerFactory.getLogger(SandboxInbox.class);

  private final Path examples;
  private final Path inbox;
  private final List<String> names;

  SandboxInbox(
      @Value("${campaign-routes.config-dir:config}") String configDir,
      @Value(DATA_DIR) String dataDir,
      @Value("${cxone.platform:v2}") String platform) {
    this.examples = Path.of(configDir, "examples");
    this.names = EXAMPLES.getOrDefault(platform, List.of());
    this.inbox = Path.of(dataDir, "inbox");
  }

  /** Copies each example unless it lies in the inbox already or has been through it. */
  @EventListener(ApplicationReadyEvent.class)
  void fill() {
    names.forEach(this::fill);
  }

  private void fill(String name) {
    Path example = examples.resolve(name);
    Path file = example.getFileName();
    Path target = inbox.resolve(file);
    boolean known =
        Stream.of(
                target, inbox.resolve("done").resolve(file), inbox.resolve("failed").resolve(file))
            .anyMatch(Files::exists);
    if (known) {
      return;
    }
    try {
      Files.createDirectories(inbox);
      Path copy = inbox.resolve("." + file + ".part");
      Files.copy(example, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
      LOG.info("sandbox: example put into {}", target);
    } catch (IOException e) {
      LOG.warn(
          "sandbox: example {} not put into {}: {}. The sandbox runs without it.",
          example,
          inbox,
          FileFaults.told(e));
    }
  }
}
