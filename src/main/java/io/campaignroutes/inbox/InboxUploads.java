package io.campaignroutes.inbox;

import io.campaignroutes.store.Store;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * What the inbox has read lately. An upload that stalls for longer than a file has to settle is
 * read as it is then; by this it is known again when it has grown.
 */
@Component
class InboxUploads {
  /** For so long a file that was read may go on growing. */
  static final Duration MAX_STALL = Duration.ofHours(1);

  private static final int MAX_UPLOADS = 10_000;

  /** A file as it was read: the SHA-256 of all its bytes, in hex. */
  record Upload(String name, long size, String sha256) {}

  private final Store store;
  private final Set<Upload> uploads = new LinkedHashSet<>();
  private boolean loaded;

  InboxUploads(Store store) {
    this.store = store;
  }

  /** Notes that a file was read. */
  synchronized void read(InboxName name, long size, String sha256) {
    var upload = new Upload(name.text(), size, sha256);
    uploads.remove(upload);
    uploads.add(upload);
    while (uploads.size() > MAX_UPLOADS) {
      uploads.remove(uploads.iterator().next());
    }
  }

  /** All of it. */
  synchronized List<Upload> all() {
    load();
    return List.copyOf(uploads);
  }

  /** What a file of this name was when it was shorter, the shortest first. */
  synchronized List<Upload> shorter(InboxName name, long size) {
    load();
    return uploads.stream()
        .filter(u -> u.size() > 0 && u.size() < size && u.name().equals(name.text()))
        .sorted(Comparator.comparingLong(Upload::size))
        .toList();
  }

  /** What was read before the process ended, and what it was reading then. */
  private void load() {
    if (loaded) {
      return;
    }
    store
        .read()
        .sql(
            "select name, size, sha256 from inbox_file where whole_at is null or whole_at > ?"
                + " order by first_seen_at desc limit ?")
        .params(store.now() - MAX_STALL.toMillis(), MAX_UPLOADS)
        .query((row, n) -> new Upload(row.getString(1), row.getLong(2), row.getString(3)))
        .list()
        .forEach(uploads::add);
    loaded = true;
  }
}
