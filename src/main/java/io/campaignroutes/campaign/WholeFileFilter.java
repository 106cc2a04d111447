package io.campaignroutes.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Lets the inbox take a file only when it is whole. A {@code .json} file that is one complete
 * document is whole whoever is still holding it open, and is taken at once; anything else, and
 * every {@code .ndjson} file, is whole once it has not changed for the settle time.
 */
@Component
public class WholeFileFilter implements GenericFileFilter<File> {
  private static final Logger LOG = LoggerFactory.getLogger(WholeFileFilter.class);

  private record Seen(long size, long modified, long since, boolean whole, boolean link) {}

  private final Map<Path, Seen> seen = new ConcurrentHashMap<>();
  private final Map<Path, Long> heldOff = new ConcurrentHashMap<>();
  private final long settleNanos;

  public WholeFileFilter(InboxProperties properties) {
    this.settleNanos = properties.settle().toNanos();
  }

  @Override
  public boolean accept(GenericFile<File> candidate) {
    Path path = candidate.getFile().toPath();
    long now = System.nanoTime();
    Long until = heldOff.get(path);
    if (until != null && until - now > 0) {
      return false;
    }
    Seen is = look(path, now);
    if (is.link()) {
      return false;
    }
    return is.whole() || now - is.since() >= settleNanos;
  }

  /** Leaves a file alone for a while after its taking broke. */
  public void holdOff(File file) {
    heldOff.put(file.toPath(), System.nanoTime() + settleNanos);
  }

  /** Forgets a file that has been taken. */
  public void forget(File file) {
    seen.remove(file.toPath());
    heldOff.remove(file.toPath());
  }

  private Seen look(Path path, long now) {
    try {
      long size = Files.size(path);
      long modified = Files.getLastModifiedTime(path).toMillis();
      Seen before = seen.get(path);
      if (before != null && before.size() == size && before.modified() == modified) {
        return before;
      }
      boolean link = Files.isSymbolicLink(path);
      if (link) {
        LOG.warn("{} is a link, which the inbox does not follow. Drop the file itself.", path);
      }
      boolean whole = !link && path.toString().endsWith(".json") && size > 0 && wholeJson(path);
      Seen is = new Seen(size, modified, now, whole, link);
      seen.put(path, is);
      return is;
    } catch (IOException e) {
      LOG.warn("The inbox cannot look at {}: {}. Check its permissions.", path, e.toString());
      return new Seen(0, 0, now, false, false);
    }
  }

  private static boolean wholeJson(Path path) throws IOException {
    try {
      return InboxEntries.wholeJson(path);
    } catch (JsonProcessingException e) {
      return false; // perhaps not all of it is there yet; refused with its reason once settled
    }
  }
}
