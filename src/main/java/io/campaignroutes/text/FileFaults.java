package io.campaignroutes.text;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be read or written, in words for people. */
public final class FileFaults {
  private FileFaults() {}

  /** Such as "No space left on device"; without the file's name and without a full stop. */
  public static String told(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (cause instanceof NoSuchFileException) {
      return "No such file or folder";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "Something of that name is there already";
    }
    if (cause instanceof NotDirectoryException) {
      return "Not a folder";
    }
    if (cause instanceof DirectoryNotEmptyException) {
      return "The folder is not empty";
    }
    if (cause instanceof FileSystemException file) {
      return file.getReason() == null ? "The file system refuses" : file.getReason();
    }
    return cause.getMessage() == null ? "The cause is not known" : cause.getMessage();
  }
}
