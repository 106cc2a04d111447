package io.campaignroutes.access;

import io.campaignroutes.shared.Hashes;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The keys in force: the one of the environment, and those of the keys file, which is read again
 * when it has changed. Once there was a file of keys, one is asked for until the service ends: a
 * file that is gone, or that cannot be understood, opens nothing.
 */
@Component
public class ApiKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
  private static final long LOOK_MILLIS = 2_000;

  /** What a file looked like; null where there is none or it cannot be looked at. */
  private record Stamp(long size, Instant changed, Object file) {
    static Stamp of(Path path) {
      try {
        BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(seen.size(), seen.lastModifiedTime().toInstant(), seen.fileKey());
      } catch (IOException e) {
        return null;
      }
    }
  }

  private final Path path;
  private final KeysFile file;
  private final ApiKey ofEnvironment;
  private final ScheduledExecutorService looks;
  private Stamp stamp;
  private volatile Map<String, ApiKey> byHash = Map.of();
  private volatile boolean required;
  private volatile String fault;

  /**
   * @param key the value of {@code API_KEY}; blank is none
   * @param path the keys file, which need not be there
   * @throws IllegalStateException when there is a file that cannot be understood
   */
  public ApiKeys(
      @Value("#{environment.getProperty('campaign-routes.api-key', '')}") String key,
      @Value("${campaign-routes.api-keys-file:${campaign-routes.data-dir:data}/keys.yaml}")
          Path path) {
    this.path = path;
    this.file = new KeysFile(path);
    this.ofEnvironment = key.isBlank() ? null : ApiKey.ofEnvironment(key.strip());
    this.required = ofEnvironment != null;
    this.byHash = byHash(List.of());
    look();
    if (fault != null) {
      throw new IllegalStateException(fault);
    }
    looks =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "api-keys");
              thread.setDaemon(true);
              return thread;
            });
    looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void close() {
    looks.shutdownNow();
  }

  /** Whether there is anything to ask a key of; a folder or a pipe of that name is a file too. */
  public static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether a caller has to show a key. */
  public boolean required() {
    return required;
  }

  /** The key that somebody shows, when it is one and has not expired. */
  public Optional<ApiKey> known(String shown) {
    return Optional.ofNullable(byHash.get(Hashes.sha256(shown)))
        .filter(key -> !key.expired(Instant.now()));
  }

  /** Why the keys in force are not those of the file, and what to do; null when they are. */
  public String fault() {
    return fault;
  }

  /** Reads the file when it is not what it was. */
  final synchronized void look() {
    Stamp seen = Stamp.of(path);
    if (seen != null && seen.equals(stamp) && fault == null) {
      return;
    }
    try {
      if (isThere(path)) {
        required = true;
      }
      List<ApiKey> keys = file.read();
      boolean first = stamp == null && fault == null;
      Map<String, ApiKey> before = byHash;
      byHash = byHash(keys);
      stamp = seen;
      told(null);
      if (!first && !byHash.equals(before)) {
        LOG.info("{} was read again: {} keys are in force.", path, keys.size());
      }
    } catch (NoSuchFileException e) {
      if (stamp != null) {
        told(path + " is gone. The keys it had stay in force until the service ends. Put it back.");
      } else if (!isThere(path)) {
        told(null);
      }
    } catch (IOException | RuntimeException e) {
      told(
          (e instanceof IOException io ? file.told(io) : path + ": " + e.getMessage())
              + (stamp == null ? "" : " The keys that were read before stay in force."));
    }
  }

  private void told(String now) {
    if (now != null && !now.equals(fault)) {
      LOG.error("{}", now);
    } else if (now == null && fault != null) {
      LOG.info("{} can be read again.", path);
    }
    fault = now;
  }

  private Map<String, ApiKey> byHash(List<ApiKey> keys) {
    Map<String, ApiKey> all = new HashMap<>();
    keys.forEach(key -> all.put(key.sha256(), key));
    if (ofEnvironment != null) {
      all.put(ofEnvironment.sha256(), ofEnvironment);
    }
    return Map.copyOf(all);
  }
}
