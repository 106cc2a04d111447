package io.campaignroutes.inbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * Which file it is and how it was last changed.
 *
 * @param key the file itself, whatever it is called; null where the file system has nothing like it
 * @param size in bytes
 */
record InboxStamp(Object key, long size, FileTime modified) {

  static InboxStamp of(BasicFileAttributes attributes) {
    return new InboxStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
  }

  /** What lies there now; null for nothing. Links are not followed. */
  static InboxStamp of(Path path) throws IOException {
    try {
      return of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * For how long a file has been called what it is called, or longer, in ms: since its inode was
   * changed, which a rename does too. 0 where the system has no such time.
   */
  static long age(Path path) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return 0;
    }
    Object changed = Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
    return System.currentTimeMillis() - ((FileTime) changed).toMillis();
  }

  /** Whether both are one file, changed or not. */
  boolean sameFile(InboxStamp other) {
    return other != null && Objects.equals(key, other.key);
  }
}
