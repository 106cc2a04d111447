package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * One archive of records while it is written: lines of JSON, compressed with gzip. First comes what
 * the store had of a campaign, a row a line, then its audit lines as they were, then the next
 * campaign. The same records make the same bytes, and the name has their hash.
 */
public final class RecordsArchive implements Closeable {
  /** Where archives lie, in the folder of the audit files. */
  public static final String FOLDER = "archive";

  private static final Pattern NAME =
      Pattern.compile("records-[0-9]{8,18}-[0-9a-f]{16}\\.jsonl\\.gz");
  private static final String PART = ".part";
  private static final byte[] AUDIT_LINE = "{\"seq\":".getBytes(StandardCharsets.UTF_8);

  private final Path folder;
  private final Path part;
  private final FileChannel file;
  private final MessageDigest digest = Hashes.sha256();
  private final OutputStream text;

  /**
   * Begins one.
   *
   * @param folder made when missing
   * @param token tells it from one that another process writes
   */
  public RecordsArchive(Path folder, String token) throws IOException {
    Files.createDirectories(folder);
    this.folder = folder;
    this.part = folder.resolve(token + PART);
    this.file =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    this.text =
        new GZIPOutputStream(
            new DigestOutputStream(
                new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16), digest),
            1 << 16);
  }

  /**
   * What is written, and lies in a file that is not in its place yet.
   *
   * @param part where it lies
   * @param sha256 of its bytes, hex
   */
  public record Written(Path part, Path place, long bytes, String sha256) {
    /** The name that it is going to have. */
    public String name() {
      return place.getFileName().toString();
    }

    /** Brings it into its place, also over the same one. It is there after a power loss as well. */
    public void putInPlace() throws IOException {
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel folder =
          FileChannel.open(place.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  /** Adds a line, given without its newline. */
  public void line(String line) throws IOException {
    text.write(line.getBytes(StandardCharsets.UTF_8));
    text.write('\n');
  }

  /** Ends the archive of this number; all of it is on the disk then. */
  public Written written(long number) throws IOException {
    return written("records-%08d".formatted(number));
  }

  /** Ends one whose name begins so. */
  Written written(String begins) throws IOException {
    text.flush();
    ((GZIPOutputStream) text).finish();
    text.flush();
    file.force(true);
    String sha256 = Hashes.hex(digest);
    String name = begins + "-" + sha256.substring(0, 16) + ".jsonl.gz";
    return new Written(part, folder.resolve(name), file.size(), sha256);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Removes what was begun and never came into its place. */
  public static void removeParts(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
        for (Path part : parts) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  /** Whether an archive may be called so. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Reads the lines of one. */
  static AuditLineReader read(Path archive) throws IOException {
    return new AuditLineReader(new GZIPInputStream(Files.newInputStream(archive), 1 << 16));
  }

  /** Whether a line of an archive is one of an audit file, and none that tells of a row. */
  static boolean isAuditLine(byte[] line) {
    for (int i = 0; i < AUDIT_LINE.length; i++) {
      if (i == line.length || line[i] != AUDIT_LINE[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whose audit line it is. */
  static String campaignOf(byte[] line) throws IOException {
    return ChainVerifier.read(line).path("campaignId").asText("missing");
  }
}
