package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campaignroutes.CliRun;
import io.campaignroutes.WhenDue;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The audit beans of one process as the service would have them, over a given store and folder. */
final class Audit {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Store store;
  final Path dir;
  final AuditProperties settings;
  final AuditLog log;
  final AuditCheckpoints checkpoints;
  final AuditFiles files;

  Audit(Store store, Path dir) {
    this(store, dir, 200);
  }

  Audit(Store store, Path dir, int batch) {
    this(store, dir, batch, Duration.ZERO);
  }

  Audit(Store store, Path dir, int batch, Duration checkpointInterval) {
    this(store, dir, batch, checkpointInterval, "");
  }

  /** With a command that signs checkpoints. */
  Audit(Store store, Path dir, int batch, Duration checkpointInterval, String signingCommand) {
    this.store = store;
    this.dir = dir;
    this.settings =
        new AuditProperties(
            dir,
            null,
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            checkpointInterval,
            Duration.ofSeconds(60),
            batch,
            "",
            signingCommand);
    this.log = new AuditLog(store);
    this.checkpoints = new AuditCheckpoints(store, new Secrets(store), settings);
    this.files = new AuditFiles(store, log, checkpoints, settings);
  }

  /** The real routes around these beans, not started yet; the interceptor may be null. */
  CamelContext routes(InterceptStrategy interceptor) throws Exception {
    DefaultCamelContext context = new DefaultCamelContext();
    Properties properties = new Properties();
    properties.put("audit.dir", dir.toString());
    properties.put("audit.period", "10ms");
    properties.put("audit.checkpoint-period", "20ms");
    context.getPropertiesComponent().setInitialProperties(properties);
    context.getRegistry().bind("auditFiles", files);
    context.getRegistry().bind("auditCheckpoints", checkpoints);
    context.getRegistry().bindAsPrototype("whenDue", WhenDue.class, () -> new WhenDue(store));
    context.getShutdownStrategy().setTimeout(5);
    if (interceptor != null) {
      context.getCamelContextExtension().addInterceptStrategy(interceptor);
    }
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.resolveResource(context, "file:routes/audit.camel.yaml"));
    return context;
  }

  /** Brings all lines into their files and under a checkpoint, as the routes do. */
  void project() throws IOException {
    do {
      write();
    } while (checkpoints.writeCheckpoint() > 0);
  }

  /** Brings all lines into their files. */
  void write() throws IOException {
    for (AuditBatch batch = files.claim(); !batch.isEmpty(); batch = files.claim()) {
      write(batch);
    }
  }

  private void write(AuditBatch batch) throws IOException {
    for (AuditFile file : batch.files()) {
      files.checkTail(file);
      for (byte[] line : file.missing()) {
        Files.write(
            dir.resolve(file.fileName()),
            line,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
      files.written(file);
      files.release(file);
    }
    files.markWritten(batch);
  }

  void append(String campaign, String event, Map<String, ?> details) {
    store.write(
        tx -> {
          log.append(tx, event(campaign, event, details));
          return null;
        });
  }

  static AuditEvent event(String campaign, String event, Map<String, ?> details) {
    return new AuditEvent(
        campaign,
        event,
        details,
        812L,
        80,
        35,
        List.of(new AuditEvent.PacingChange(1_700_000_000_000L, 8.0, "connect rate fell")),
        JsonNodeFactory.instance.objectNode().put("callingWindow", "checked"),
        "us-federal",
        "3",
        "ab".repeat(32));
  }

  Path file(String campaign) {
    return dir.resolve(campaign + ".jsonl");
  }

  List<String> fileLines(String campaign) {
    try {
      Path file = file(campaign);
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How 'audit verify' ended. */
  record Verified(int code, String out, String err) {}

  static Verified verify(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CliRun.of(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Stream.concat(Stream.of("audit", "verify"), Stream.of(args)).toArray());
    return new Verified(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
