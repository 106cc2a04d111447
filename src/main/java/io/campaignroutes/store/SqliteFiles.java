package io.campaignroutes.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * The files of an embedded store as they were opened. A deleted file stays readable and writable
 * for whoever has it open, so nothing else would tell that what is committed is lost with the
 * process. One connection that is never used otherwise keeps all of them open.
 */
final class SqliteFiles implements AutoCloseable {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  /** Of a file that cannot be looked at. */
  private static final Object UNKNOWN = new Object();

  private final String url;
  private final Path file;
  private final List<Path> all;
  private List<Object> opened; // by which each file is known again; null while none is open
  private Connection anchor;

  SqliteFiles(String url, Path file) {
    this.url = url;
    this.file = file;
    this.all = List.of(file, beside("-wal"), beside("-shm"));
  }

  /** The file that a SQLite URL names; null when it names none. */
  static Path of(String url) {
    String name = url.substring("jdbc:sqlite:".length()).replaceFirst("^file:", "").split("\\?")[0];
    return name.isEmpty() || name.startsWith(":memory:") ? null : Path.of(name).toAbsolutePath();
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Opens the files unless they are open. A file that is not there is not made. */
  void open() throws SQLException {
    if (anchor != null) {
      return;
    }
    if (opened != null && !Objects.equals(identity(file), opened.get(0))) {
      throw new SQLException(file + " is not the file that was opened");
    }
    Properties properties = new Properties();
    properties.setProperty("open_mode", SqliteStore.EXISTING);
    Connection connection = DriverManager.getConnection(url, properties);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from sqlite_master")) {
      row.next();
    }
    anchor = connection;
    opened = all.stream().map(SqliteFiles::identity).toList();
  }

  /** What has become of the files; null while they are the ones that were opened. */
  String gone() {
    if (opened == null) {
      return null;
    }
    for (int i = 0; i < all.size(); i++) {
      Object now = identity(all.get(i));
      if (now != UNKNOWN && !Objects.equals(now, opened.get(i))) {
        return all.get(i)
            + (now == null ? " was deleted or moved" : " was replaced")
            + " while the service was using it.";
      }
    }
    return null;
  }

  /** Whether a file lies in the store's place that this process has not opened. */
  boolean foreign() {
    Object now = identity(file);
    return now != null && now != UNKNOWN && !now.equals(opened.get(0));
  }

  /**
   * Writes everything that is in the opened files into a file beside them.
   *
   * @return that file, on disk
   */
  Path save() throws SQLException, IOException {
    Files.createDirectories(file.getParent());
    Path copy = named(file, ".kept-");
    Files.deleteIfExists(copy);
    try (PreparedStatement statement = anchor.prepareStatement("vacuum into ?")) {
      statement.setString(1, copy.toString());
      statement.executeUpdate();
    }
    try (FileChannel written = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      written.force(true); // SQLite does not
    }
    return copy;
  }

  /**
   * Puts a copy made by {@link #save} in the store's place while the old files are still open: a
   * connection that finds its file moved leaves everything alone when it closes. What lies there
   * and is not ours is moved aside, never overwritten.
   */
  void replaceBy(Path copy) throws SQLException, IOException {
    try (Statement statement = anchor.createStatement()) {
      statement.execute("pragma wal_checkpoint(truncate)"); // should the process be killed below
    }
    for (Path one : all.subList(1, all.size())) {
      if (Objects.equals(identity(one), opened.get(all.indexOf(one)))) {
        Files.delete(one);
      } else if (Files.exists(one)) {
        Files.move(one, named(one, ".aside-"));
      }
    }
    if (foreign()) {
      throw new IOException(file + " is another file now");
    }
    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
    opened = null; // the copy is the store from here on
  }

  private static Path named(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix + LocalDateTime.now().format(TIME));
  }

  /** Closes them; {@link #open} opens the same again. */
  @Override
  public void close() throws SQLException {
    if (anchor != null) {
      anchor.close();
      anchor = null;
    }
  }

  private static Object identity(Path path) {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return key == null ? path : key; // where files have no number, their being there must do
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      return Files.isDirectory(path.getParent()) ? UNKNOWN : null;
    }
  }
}
