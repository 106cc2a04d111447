package io.campaignroutes.witness;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Reads what the service's own classes log at INFO and above while they run in a test's process.
 */
final class LogWitness extends AppenderBase<ILoggingEvent> {
  private static final String NAME = "witness";
  private static final String OURS = "io.campaignroutes";

  /** Reads along from now on, also where a Spring context has set up logging anew. */
  static void attach() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context
        && context.getLogger(OURS).getAppender(NAME) == null) {
      Logger ours = context.getLogger(OURS);
      var witness = new LogWitness();
      witness.setName(NAME);
      witness.setContext(context);
      witness.start();
      ours.addAppender(witness);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.INFO)) {
      return;
    }
    String text = event.getFormattedMessage();
    TextsPeopleRead.faults(text)
        .forEach(fault -> Witnesses.found(fault + "\n    logged by " + event.getLoggerName()));
    if (event.getThrowableProxy() != null && !LogLines.saysWhatBroke(event.getLevel(), text)) {
      Witnesses.found(
          "a trace of %s below '%s'\n    logged by %s"
              .formatted(event.getThrowableProxy().getClassName(), text, event.getLoggerName()));
    }
  }
}
