package io.campaignroutes.witness;

import io.campaignroutes.benchmark.ServiceProcess;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has everything looked at after every test, while its folders are still there. */
public final class WitnessExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final Witnesses WITNESSES = new Witnesses();

  @Override
  public void beforeAll(ExtensionContext context) {
    ServiceProcess.witnessedBy(WITNESSES);
    LogWitness.attach();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    LogWitness.attach();
  }

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
          "%d things that nobody should read, or that the description of the API does not have:\n%s"
              .formatted(found.size(), String.join("\n", found)));
    }
  }
}
