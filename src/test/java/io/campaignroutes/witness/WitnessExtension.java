package io.campaignroutes.witness;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has everything looked at after every test, while its folders are still there. */
public final class WitnessExtension implements AfterEachCallback, AfterAllCallback {
  @Override
  public void afterEach(ExtensionContext context) {
    fail();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    fail();
  }

  private static void fail() {
    List<String> found = Witnesses.found();
    if (!found.isEmpty()) {
      throw new AssertionError(
          "people, and programs that go by the description, would get %d things that they should not:\n%s"
              .formatted(found.size(), String.join("\n", found)));
    }
  }
}
