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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    if (!required) {
      LOG.info("There is no key of the API: API_KEY is not set, and {} is not there.", path);
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
      Set<String> before = names();
      byHash = byHash(keys);
      stamp = seen;
      told(null);
      changed(before);
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

  private Set<String> names() {
    return byHash.values().stream()
        .map(ApiKey::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What was made and what was revoked is told, so that whoever is locked out finds the reason. */
  private void changed(Set<String> before) {
    Set<String> now = names();
    Set<String> made = new TreeSet<>(now);
    made.removeAll(before);
    Set<String> revoked = new TreeSet<>(before);
    revoked.removeAll(now);
    if (!made.isEmpty()) {
      LOG.info("Keys of the API from now on, by {}: {}.", path, String.join(", ", made));
    }
    if (!revoked.isEmpty()) {
      LOG.warn("Keys of the API no longer, by {}: {}.", path, String.join(", ", revoked));
    }
    if (now.isEmpty() && !before.isEmpty()) {
      LOG.error("{} has no key of the API any more, so nobody is let in.", path);
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
