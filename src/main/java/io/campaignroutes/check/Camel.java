package io.campaignroutes.check;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.impl.DefaultRuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.tooling.model.ComponentModel;

/**
 * Camel as it stands in the jars: its parsers and what its components can do. Nothing is started.
 */
final class Camel {
  private static final CamelContext CONTEXT = context();
  private static final DefaultRuntimeCamelCatalog CATALOG = catalog(CONTEXT);
  private static final Map<String, Optional<ComponentModel>> COMPONENTS = new ConcurrentHashMap<>();

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

  private static DefaultRuntimeCamelCatalog catalog(CamelContext context) {
    DefaultRuntimeCamelCatalog catalog = new DefaultRuntimeCamelCatalog();
    catalog.setCamelContext(context);
    catalog.start();
    return catalog;
  }

  /** What is known of the components that are there. */
  static DefaultRuntimeCamelCatalog catalog() {
    return CATALOG;
  }

  /** What is known of a component; empty when it is not there. */
  static Optional<ComponentModel> component(String scheme) {
    return COMPONENTS.computeIfAbsent(
        scheme, name -> Optional.ofNullable(CATALOG.componentModel(name)));
  }
}
