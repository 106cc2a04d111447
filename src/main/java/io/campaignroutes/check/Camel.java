package io.campaignroutes.check;

import org.apache.camel.CamelContext;
import org.apache.camel.catalog.impl.DefaultRuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;

/**
 * Camel as it stands in the jars: its parsers and what its components can do. Nothing is started.
 */
final class Camel {
  private static final CamelContext CONTEXT = context();

  private Camel() {}

  private static CamelContext context() {
    DefaultCamelContext context = new DefaultCamelContext();
    context.build();
    return context;
  }

  /** The parser of the simple language. */
  static Language simple() {
    return CONTEXT.resolveLanguage("simple");
  }

  /** What is known of the components that are there. */
  static DefaultRuntimeCamelCatalog catalog() {
    DefaultRuntimeCamelCatalog catalog = new DefaultRuntimeCamelCatalog();
    catalog.setCamelContext(CONTEXT);
    catalog.start();
    return catalog;
  }
}
