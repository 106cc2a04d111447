package io.campaignroutes.sandbox;

import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts the example campaign into the inbox at the first start, so that there is one to watch. */
@Component
@Profile("sandbox")
class SandboxInbox {

  static final String DATA_DIR = "${campaign-routes.data-dir:${DATA_DIR:data}}";
  static final String EXAMPLE = "round-the-clock.json";

  private static final Logger LOG = LoggerFactory.getLogger(SandboxInbox.class);

  private final Path example;
  private final Path inbox;

  SandboxInbox(
      @Value("${campaign-routes.config-dir:config}") String configDir,
      @Value(DATA_DIR) String dataDir) {
    this.example = Path.of(configDir, "examples", EXAMPLE);
    this.inbox = Path.of(dataDir, "inbox");
  }

  /** Copies the example unless it lies in the inbox already or has been through it. */
  @EventListener(ApplicationReadyEvent.class)
  void fill() {
    Path target = inbox.resolve(EXAMPLE);
    boolean known =
        Stream.of(
                target, inbox.resolve("done").resolve(EXAMPLE), inbox.resolve("failed/" + EXAMPLE))
            .anyMatch(Files::exists);
    if (known) {
      return;
    }
    try {
      Files.createDirectories(inbox);
      Path copy = inbox.resolve("." + EXAMPLE + ".part");
      Files.copy(example, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
      LOG.info("sandbox: example campaign put into {}", target);
    } catch (IOException e) {
      LOG.warn(
          "sandbox: example campaign {} not put into {}: {}. The sandbox runs without it.",
          example,
          inbox,
          FileFaults.told(e));
    }
  }
}
