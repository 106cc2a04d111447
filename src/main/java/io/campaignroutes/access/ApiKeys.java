package io.campaignroutes.access;

import io.campaignroutes.shared.FileWatch;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.shared.LiveSecrets;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
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

  private final Path path;
  private final KeysFile file;
  private final FileWatch watch;
  private final Future<?> looks;
  private List<ApiKey> ofFile = List.of(); // guarded by this
  private ApiKey ofEnvironment; // guarded by this
  private volatile Map<String, ApiKey> byHash = Map.of();
  private volatile boolean required;

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
    this.watch = new FileWatch(path, LOG, new Reading());
    environmentKey(key);
    look();
    if (fault() != null) {
      throw new IllegalStateException(fault());
    }
    if (!required) {
      LOG.info("There is no key of the API: API_KEY is not set, and {} is not there.", path);
    }
    looks = FileWatch.again(this::look);
  }

  @Autowired
  void follow(LiveSecrets secrets) {
    secrets.follow("${campaign-routes.api-key:}", this::environmentKey);
  }

  private synchronized void environmentKey(String key) {
    ApiKey given = key.isBlank() ? null : ApiKey.ofEnvironment(key.strip());
    required |= given != null;
    inForce(given, ofFile);
  }

  @PreDestroy
  void close() {
    looks.cancel(false);
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
    return watch.fault();
  }

  /** Reads the file when it is not what it was. */
  final void look() {
    watch.look();
  }

  /** What the keys file is to whoever looks at it. */
  private final class Reading implements FileWatch.Use {
    @Override
    public void take() throws IOException {
      if (isThere(path)) {
        required = true;
      }
      List<ApiKey> keys = file.read();
      synchronized (ApiKeys.this) {
        Set<String> before = names();
        inForce(ofEnvironment, keys);
        changed(before);
      }
    }

    @Override
    public String told(Exception why, boolean before) {
      if (why instanceof NoSuchFileException && before) {
        return path
            + " is gone. The keys it had stay in force until the service ends. Put it back.";
      }
      if (why instanceof NoSuchFileException && !isThere(path)) {
        return null;
      }
      return (why instanceof IOException io ? file.told(io) : path + ": " + why.getMessage())
          + (before ? " The keys that were read before stay in force." : "");
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

  private synchronized void inForce(ApiKey given, List<ApiKey> keys) {
    Map<String, ApiKey> all = new HashMap<>();
    keys.forEach(key -> all.put(key.sha256(), key));
    if (given != null) {
      all.put(given.sha256(), given);
    }
    ofEnvironment = given;
    ofFile = keys;
    byHash = Map.copyOf(all);
  }
}
