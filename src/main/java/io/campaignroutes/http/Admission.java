package io.campaignroutes.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BooleanSupplier;

/**
 * Whether whoever was let in with a request would be let in once more: a stream lasts longer than a
 * key, a token or a person's session may.
 */
public final class Admission {
  private static final String HERE = Admission.class.getName();

  private Admission() {}

  /** Notes by what a caller is let in. */
  static void by(HttpServletRequest request, BooleanSupplier still) {
    request.setAttribute(HERE, still);
  }

  /**
   * What tells whether the caller of a request would be let in still; nobody is of whom nothing was
   * noted. It may be asked from any thread, also when the request is over. A token is not taken any
   * more where its issuer has been silent for too long; of a session it throws a {@link
   * org.springframework.dao.DataAccessException} while the store cannot be read.
   */
  public static BooleanSupplier of(HttpServletRequest request) {
    return request.getAttribute(HERE) instanceof BooleanSupplier still ? still : () -> false;
  }
}
