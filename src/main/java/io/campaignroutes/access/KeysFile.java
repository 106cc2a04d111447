package io.campaignroutes.access;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.campaignroutes.shared.TextFile;
import io.campaignroutes.shared.UnusableFileException;
import io.campaignroutes.text.FileFaults;
import io.campaignroutes.text.YamlFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The file of the keys: a list in YAML, a key a line as {@link ApiKey#line}. It is written beside
 * itself and moved, so that who reads it sees all of it or what was there before; commands that
 * write wait for each other.
 */
public final class KeysFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private static final ObjectReader WHOLE =
      YAML.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final int MAX_BYTES = 1 << 20;
  private static final String HEAD =
      "# Keys of the API, written by \"keys add\" and \"keys revoke\". No key can be had from this"
          + " file.\n";

  private final Path path;

  public KeysFile(Path path) {
    this.path = path;
  }

  /**
   * The keys, as they stand in the file.
   *
   * @throws NoSuchFileException when there is none
   * @throws UnusableFileException when it cannot be understood
   * @throws IOException when it cannot be read
   */
  public List<ApiKey> read() throws IOException {
    return keys(text());
  }

  /** Nothing at all is what a disk that is full leaves, and no word of anybody's. */
  private String text() throws IOException {
    String text = TextFile.read(path, MAX_BYTES);
    if (text.isBlank()) {
      throw new KeysFaultException(
          "It is empty. Write the keys back, or a comment where nobody is to be let in; or delete"
              + " it before a start, to begin anew.");
    }
    return text;
  }

  private static List<ApiKey> keys(String text) throws KeysFaultException {
    List<ApiKey> keys = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> hashes = new HashSet<>();
    for (ApiKey.Entry entry : entries(text)) {
      ApiKey key = entry.key();
      if (!names.add(key.name())) {
        throw new KeysFaultException(
            "The name " + key.name() + " stands there twice. Remove one of the two lines.");
      }
      if (!hashes.add(key.sha256())) {
        throw new KeysFaultException(
            "The key " + key.name() + " is another one's as well. Remove one of the two lines.");
      }
      keys.add(key);
    }
    return List.copyOf(keys);
  }

  private static JsonNode root(String text) throws JsonProcessingException, KeysFaultException {
    try {
      return WHOLE.readTree(text);
    } catch (MismatchedInputException e) {
      throw new KeysFaultException("It has a second part behind ---. Keys stand in one list.");
    }
  }

  private static List<ApiKey.Entry> entries(String text) throws KeysFaultException {
    try {
      JsonNode root = root(text);
      if (root == null || root.isMissingNode() || root.isNull()) {
        return List.of();
      }
      if (!root.isArray() || !root.valueStream().allMatch(JsonNode::isObject)) {
        throw new KeysFaultException(
            "It is no list of keys. Each is a line that \"keys add\" writes.");
      }
      return List.of(YAML.treeToValue(root, ApiKey.Entry[].class));
    } catch (UnrecognizedPropertyException e) {
      throw new KeysFaultException(
          "A key has no '" + e.getPropertyName() + "', but name, role, sha256, made and expires.");
    } catch (MismatchedInputException e) {
      throw new KeysFaultException("What a key has are texts, not lists or maps.");
    } catch (JacksonException e) {
      throw new KeysFaultException(YamlFault.of(e, text).sentence());
    }
  }

  /**
   * Appends a key; the file is made when there is none.
   *
   * @throws KeysFaultException when there is a key of that name, or the file is not understood
   */
  void add(ApiKey key) throws IOException {
    Path folder = file().getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    alone(
        () -> {
          String text = Files.exists(path) ? text() : HEAD;
          if (keys(text).stream().anyMatch(other -> other.name().equals(key.name()))) {
            throw new KeysFaultException(
                "There is a key of the name " + key.name() + ". Revoke it first, or give another.");
          }
          String line = (text.endsWith("\n") ? "" : "\n") + key.line() + "\n";
          keys(text + line); // what was written by hand may not be followed by a line
          write(text + line);
        });
  }

  /**
   * Takes out the line of a key.
   *
   * @throws KeysFaultException when there is none, or it does not stand in a line of its own
   */
  void revoke(String name) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    alone(
        () -> {
          String text = text();
          if (keys(text).stream().noneMatch(key -> key.name().equals(name))) {
            throw new KeysFaultException("There is no key of the name " + name + ".");
          }
          StringBuilder rest = new StringBuilder();
          text.lines()
              .filter(line -> !isLineOf(line, name))
              .forEach(line -> rest.append(line).append('\n'));
          if (keys(rest.toString()).stream().anyMatch(key -> key.name().equals(name))) {
            throw new KeysFaultException(
                "The key " + name + " does not stand in a line of its own. Take it out by hand.");
          }
          write(rest.isEmpty() ? HEAD : rest.toString());
        });
  }

  /** Changes a file. */
  private interface Change {
    void make() throws IOException;
  }

  /** No other command writes meanwhile, in this process or another. */
  private void alone(Change change) throws IOException {
    synchronized (KeysFile.class) {
      Path beside = file();
      try (FileChannel file =
          FileChannel.open(
              beside.resolveSibling("." + beside.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        file.lock(); // until it is closed
        change.make();
      }
    }
  }

  private static boolean isLineOf(String line, String name) {
    try {
      List<ApiKey> keys = keys(line);
      return keys.size() == 1 && keys.get(0).name().equals(name);
    } catch (KeysFaultException e) {
      return false; // a part of something else
    }
  }

  /** What is written: where the path is a link, what that leads to, be it there or not. */
  private Path file() throws IOException {
    if (Files.exists(path)) {
      return path.toRealPath();
    }
    return (Files.isSymbolicLink(path) ? path.resolveSibling(Files.readSymbolicLink(path)) : path)
        .toAbsolutePath();
  }

  private void write(String text) throws IOException {
    Path file = file();
    Path whole = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      Files.writeString(
          whole,
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.DSYNC);
      if (Files.exists(file)) {
        keepAccess(file, whole);
      }
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  /** The service that reads it may be another user's. */
  private static void keepAccess(Path from, Path to) throws IOException {
    PosixFileAttributeView was = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView is = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (was == null || is == null) {
      return; // a file system without owners
    }
    PosixFileAttributes old = was.readAttributes();
    try {
      is.setPermissions(old.permissions());
      if (!old.group().equals(is.readAttributes().group())) {
        is.setGroup(old.group());
      }
      if (!old.owner().equals(is.getOwner())) {
        is.setOwner(old.owner());
      }
    } catch (FileSystemException e) {
      throw new KeysFaultException(
          "It belongs to %s:%s and would be yours afterwards. Run this as %s, or as root."
              .formatted(old.owner().getName(), old.group().getName(), old.owner().getName()));
    }
  }

  /** What is wrong with the file and what to do, as a sentence with its path. */
  public String told(IOException e) {
    String why = e instanceof UnusableFileException ? e.getMessage() : FileFaults.told(e) + ".";
    return path + ": " + why;
  }
}
