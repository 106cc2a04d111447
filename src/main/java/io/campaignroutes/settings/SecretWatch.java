package io.campaignroutes.settings;

import io.campaignroutes.shared.FileWatch;
import io.campaignroutes.shared.LiveSecrets;
import io.campaignroutes.shared.UnusableFileException;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/**
 * Has secrets that stand in files used again when their files have changed, within 5 s. One that
 * cannot be used is told, and the one before stays in force.
 */
@Component
public class SecretWatch implements LiveSecrets {
  private static final Logger LOG = LoggerFactory.getLogger(SecretWatch.class);

  private final ConfigurableEnvironment environment;
  private final Map<SecretFile, FileWatch> watches = new LinkedHashMap<>();
  private final List<Follower> followers = new ArrayList<>(); // guarded by this
  private final Future<?> looks;

  /** Somebody who uses a text with secrets in it. */
  private static final class Follower {
    private final String text;
    private final Consumer<String> use;
    private String used;

    Follower(String text, Consumer<String> use) {
      this.text = text;
      this.use = use;
    }

    void use(String value) {
      if (!value.equals(used)) {
        use.accept(value);
        used = value;
      }
    }
  }

  public SecretWatch(ConfigurableEnvironment environment) {
    this.environment = environment;
    for (SecretFile file : SecretFiles.of(environment).files()) {
      watches.put(file, new FileWatch(file.path(), LOG, new Reading(file)));
    }
    look();
    looks = FileWatch.again(this::look);
  }

  @PreDestroy
  void close() {
    looks.cancel(false);
  }

  @Override
  public synchronized void follow(String text, Consumer<String> use) {
    Follower follower = new Follower(text, use);
    follower.use(environment.resolveRequiredPlaceholders(text));
    followers.add(follower);
  }

  /** Reads the files that have changed. */
  final void look() {
    watches.values().forEach(FileWatch::look);
  }

  /** Why secrets in force are not those of their files, by what names the file. */
  Map<String, String> faults() {
    Map<String, String> faults = new LinkedHashMap<>();
    watches.forEach(
        (file, watch) -> {
          if (watch.fault() != null) {
            faults.put(file.name(), watch.fault());
          }
        });
    return faults;
  }

  /** What a file is to whoever looks at it. */
  private final class Reading implements FileWatch.Use {
    private final SecretFile file;

    Reading(SecretFile file) {
      this.file = file;
    }

    @Override
    public void take() throws IOException {
      String fresh = file.read();
      Map<String, Object> values = SecretFiles.of(environment).values();
      synchronized (SecretWatch.this) {
        Object before = values.put(file.key(), fresh);
        if (fresh.equals(before)) {
          return;
        }
        try {
          List<SettingFault> faults = StartSettings.ofSecrets(environment);
          if (!faults.isEmpty()) {
            SettingFault first = faults.get(0);
            throw new UnusableFileException("It " + first.problem() + " " + first.remedy());
          }
          used();
        } catch (IOException | RuntimeException e) {
          values.put(file.key(), before);
          used();
          throw e instanceof IOException unusable
              ? unusable
              : new UnusableFileException("It cannot be used: " + e.getMessage() + ".");
        }
      }
      LOG.info("{} has changed; what {} has now is in force.", file.name(), file.path());
      if (file.isReadableByOthers() && !Insecure.READABLE_SECRETS.isAllowed(environment)) {
        LOG.warn(
            "{}, which {} names, may be read by every user of this machine: the next start refuses"
                + " it. Take that right away (chmod o-r).",
            file.path(),
            file.name());
      }
    }

    private void used() {
      followers.forEach(one -> one.use(environment.resolveRequiredPlaceholders(one.text)));
    }

    @Override
    public String told(Exception why, boolean before) {
      return file.name()
          + " "
          + file.told(why)
          + " The secret that was read before stays in force. Put"
          + " a good one there.";
    }
  }
}
