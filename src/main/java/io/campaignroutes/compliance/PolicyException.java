package io.campaignroutes.compliance;

import java.nio.file.Path;

/**
 * A file under {@code config/} that the checks need cannot be used. The message names the file,
 * what is wrong in it and what to do, and needs no stack trace to be understood.
 */
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final String problem;
  private final String remedy;

  /**
   * @param file the file or folder at fault
   * @param problem what is wrong, a sentence
   * @param remedy what to do about it, a sentence
   */
  public PolicyException(Path file, String problem, String remedy) {
    super(file + ": " + problem + " " + remedy);
    this.file = file;
    this.problem = problem;
    this.remedy = remedy;
  }

  /** The file or folder at fault. */
  public Path file() {
    return file;
  }

  /** What is wrong, a sentence. */
  public String problem() {
    return problem;
  }

  /** What to do about it, a sentence. */
  public String remedy() {
    return remedy;
  }
}
