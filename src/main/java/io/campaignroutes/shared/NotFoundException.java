package io.campaignroutes.shared;

/** What a caller named is not there. */
public class NotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String title;

  /**
   * @param title short, the same for everything of its kind, such as {@code Unknown delivery}
   * @param message a sentence that says what is not there
   */
  public NotFoundException(String title, String message) {
    super(message);
    this.title = title;
  }

  public String title() {
    return title;
  }
}
