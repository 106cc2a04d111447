package io.campaignroutes.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code check} knows, for tests of other packages. */
public final class ServiceFiles {
  private ServiceFiles() {}

  /** The type of a bean of the service by its name. */
  public static Optional<Class<?>> beanType(String name) {
    return Beans.ofTheService().type(name);
  }

  /** The lines that {@code check} would print about two folders. */
  public static List<String> faults(Path routes, Path config) throws IOException {
    return CheckCommand.faults(Project.read(routes, config)).stream().map(Fault::toString).toList();
  }
}
