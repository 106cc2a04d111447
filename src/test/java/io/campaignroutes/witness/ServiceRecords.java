package io.campaignroutes.witness;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a service writes: its log, the reports beside inbox files, its audit files. */
final class ServiceRecords {
  private final Path dataDir;
  private final Path log;
  private final Predicate<String> counts;
  private final LogLines lines = new LogLines();

  /** How much of each file was read, in bytes. */
  private final Map<Path, Long> read = new HashMap<>();

  /**
   * @param counts whether something that was found is a fault
   */
  ServiceRecords(Path dataDir, Path log, Predicate<String> counts) throws IOException {
    this.dataDir = dataDir;
    this.log = log;
    this.counts = counts;
    if (Files.exists(log)) {
      read.put(log, Files.size(log)); // of services before it
    }
  }

  /**
   * Reads on where it stopped before.
   *
   * @param found told of everything that nobody should read
   */
  void read(Consumer<String> told) {
    Consumer<String> found =
        fault -> {
          if (counts.test(fault)) {
            told.accept(fault);
          }
        };
    lines(log)
        .forEach(line -> lines.faults(line).forEach(f -> found.accept(f + "\n    in " + log)));
    for (String folder : List.of("inbox/done", "inbox/failed")) {
      files(dataDir.resolve(folder), ".*\\.(?:result|error)(?:-\\d+)?\\.json")
          .filter(file -> !read.containsKey(file))
          .forEach(
              file -> {
                String text = String.join("\n", lines(file));
                TextsPeopleRead.faultsOfDocument(text)
                    .forEach(f -> found.accept(f + "\n    in the report " + file.getFileName()));
              });
    }
    files(dataDir.resolve("audit"), ".*\\.jsonl")
        .forEach(
            file ->
                lines(file).stream()
                    .flatMap(line -> TextsPeopleRead.faultsOfDocument(line).stream())
                    .forEach(f -> found.accept(f + "\n    in the audit " + file.getFileName())));
  }

  private static Stream<Path> files(Path folder, String name) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().matches(name)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole lines that a file has got since it was read. */
  private List<String> lines(Path file) {
    long from = read.getOrDefault(file, 0L);
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      if (in.length() <= from) {
        return List.of();
      }
      byte[] more = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(more);
      int end = more.length;
      while (end > 0 && more[end - 1] != '\n' && file.toString().matches(".*\\.(?:log|jsonl)")) {
        end--;
      }
      read.put(file, from + end);
      return new String(more, 0, end, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of(); // a test has taken it away
    }
  }
}
