package io.campaignroutes.store;

import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells the troubles of disk and machine from mistakes in a statement, and says them plainly. */
final class SqliteErrors implements SQLExceptionTranslator {
  private final Path file;
  private final Outage outage;
  private final SQLExceptionTranslator others = new SQLExceptionSubclassTranslator();

  SqliteErrors(Path file, Outage outage) {
    this.file = file;
    this.outage = outage;
  }

  @Override
  public DataAccessException translate(String task, String sql, SQLException e) {
    if (unusable(e)) {
      String why = why(e);
      outage.failed(why);
      return StoreUnavailableException.perhapsChanged(why, e);
    }
    if (code(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      return new DataIntegrityViolationException(task + ": " + e.getMessage(), e);
    }
    return others.translate(task, sql, e);
  }

  /** Whether it is no mistake of the statement: another try may do, once the cause has ended. */
  static boolean unusable(SQLException e) {
    return switch (SQLiteErrorCode.getErrorCode(code(e))) {
      case SQLITE_FULL,
          SQLITE_IOERR,
          SQLITE_READONLY,
          SQLITE_CANTOPEN,
          SQLITE_PERM,
          SQLITE_NOMEM,
          SQLITE_BUSY,
          SQLITE_PROTOCOL,
          SQLITE_CORRUPT,
          SQLITE_NOTADB,
          SQLITE_INTERRUPT,
          SQLITE_ABORT ->
          true;
      default -> false;
    };
  }

  /** Whether a commit that failed like this has certainly left nothing. */
  static boolean certain(SQLException e) {
    return switch (SQLiteErrorCode.getErrorCode(code(e))) {
      case SQLITE_FULL, SQLITE_READONLY, SQLITE_BUSY, SQLITE_CONSTRAINT -> true;
      default -> false;
    };
  }

  /** The first exception of the database behind one; null for none. */
  static SQLException of(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException found) {
        return found;
      }
    }
    return null;
  }

  /** What is wrong with a file that has not been opened yet. */
  String atStart(SQLException e) {
    return SQLiteErrorCode.getErrorCode(code(e)) == SQLiteErrorCode.SQLITE_NOTADB
        ? file
            + " is no SQLite database. Put the store in its place, or move that file away to begin"
            + " with an empty store."
        : why(e);
  }

  /** What is wrong and where, for an operator. */
  String why(SQLException e) {
    String refused = refused();
    if (full(e, refused)) {
      return "The disk that holds "
          + file.getParent()
          + " is full"
          + room()
          + (quota(refused) ? " (" + refused + ")" : "")
          + ". Make room: once some "
          + (Reserve.NEEDED >> 20)
          + " MiB are free, everything goes on by itself.";
    }
    String because = refused == null ? "" : " (" + refused + ")";
    return switch (SQLiteErrorCode.getErrorCode(code(e))) {
      case SQLITE_READONLY, SQLITE_PERM ->
          file + " cannot be written: it or its disk is read-only" + because + ".";
      case SQLITE_CANTOPEN -> file + " cannot be opened" + because + ".";
      case SQLITE_IOERR ->
          "Reading or writing " + file + " fails" + because + ". Look at the disk.";
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          file
              + " is damaged. Stop the service, put a copy that is whole in its place with no -wal"
              + " and -shm file beside it, and start again.";
      case SQLITE_NOMEM -> "The machine has no memory left for the store.";
      case SQLITE_BUSY, SQLITE_PROTOCOL -> "Another program keeps " + file + " locked.";
      default -> file + " cannot be used at the moment" + because + ".";
    };
  }

  /** Whether there is no room for another byte. */
  boolean full(SQLException e) {
    return full(e, refused());
  }

  private static boolean full(SQLException e, String refused) {
    return code(e) == SQLiteErrorCode.SQLITE_FULL.code
        || quota(refused)
        || refused != null && refused.toLowerCase(Locale.ROOT).contains("no space");
  }

  private static boolean quota(String refused) {
    return refused != null && refused.toLowerCase(Locale.ROOT).contains("quota");
  }

  private String room() {
    try {
      var disk = Files.getFileStore(file.getParent());
      return ": "
          + bytes(disk.getUsableSpace())
          + " of "
          + bytes(disk.getTotalSpace())
          + " are free";
    } catch (IOException e) {
      return "";
    }
  }

  private static String bytes(long count) {
    return count < 10 << 20
        ? String.format(Locale.ROOT, "%,d bytes", count)
        : (count >> 20) + " MiB";
  }

  /** What the file system says to a small new file beside the store; null when it takes it. */
  private String refused() {
    Path probe = file.resolveSibling(".probe");
    try {
      Files.write(
          probe, "may something be written here?".repeat(300).getBytes(StandardCharsets.US_ASCII));
      return null;
    } catch (IOException e) {
      return FileFaults.told(e);
    } finally {
      try {
        Files.deleteIfExists(probe);
      } catch (IOException e) {
        // said by the write already
      }
    }
  }

  private static int code(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) { // a batch's own exception has no code
        return sqlite.getErrorCode() & 0xff;
      }
    }
    return SQLiteErrorCode.UNKNOWN_ERROR.code;
  }
}
