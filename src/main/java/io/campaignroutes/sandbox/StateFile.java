package io.campaignroutes.sandbox;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file in which the sandbox's state outlives the process; it is whole at any moment. */
final class StateFile {

  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
  private static final int VERSION = 2;

  private final Path file;

  /** Everything that is kept. */
  record State(
      int version,
      Campaigns.State campaigns,
      List<Webhooks.Webhook> webhooks,
      List<IssuedTokens.Token> tokens) {

    State(
        Campaigns.State campaigns,
        List<Webhooks.Webhook> webhooks,
        List<IssuedTokens.Token> tokens) {
      this(VERSION, campaigns, webhooks, tokens);
    }
  }

  StateFile(Path dir) {
    file = dir.resolve("state.json");
  }

  /** What was kept, if anything was; a file that cannot be read is moved aside. */
  Optional<State> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      State state = SandboxJson.MAPPER.readValue(file.toFile(), State.class);
      if (state.version() == VERSION && state.campaigns() != null) {
        return Optional.of(state);
      }
      setAside("it is of another version");
    } catch (JacksonException e) {
      setAside("it is damaged, or of another version");
    } catch (IOException e) {
      setAside(FileFaults.told(e));
    }
    return Optional.empty();
  }

  /** Writes the state so that a crash leaves either the old file or the new one. */
  void write(State state) throws IOException {
    Files.createDirectories(file.getParent());
    Path next = file.resolveSibling("state.json.next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      SandboxJson.MAPPER
          .writer()
          .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .writeValue(out, state);
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void setAside(String reason) {
    Path aside = file.resolveSibling("state.json.unreadable-" + System.currentTimeMillis());
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.warn("sandbox: starts empty: {} cannot be read ({}); moved to {}", file, reason, aside);
    } catch (IOException e) {
      LOG.warn("sandbox: starts empty: {} cannot be read ({})", file, reason);
    }
  }
}
