package io.campaignroutes.check;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Which beans the service has, and of which types. Spring reads the classes and their {@code @Bean}
 * methods; not one bean is made.
 */
final class Beans {
  private static final String PACKAGE = "io.campaignroutes";

  private static final Beans SERVICE = read();

  private final Map<String, Class<?>> types = new TreeMap<>();
  private final Map<String, Class<?>> settings = new TreeMap<>();

  private Beans() {}

  /** The beans in the classes of this program. */
  static Beans ofTheService() {
    return SERVICE;
  }

  private static Beans read() {
    DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
    AnnotationConfigUtils.registerAnnotationConfigProcessors(factory);
    ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(factory);
    // the class that starts the service would bring all that Spring Boot configures by itself
    scanner.addExcludeFilter(new AnnotationTypeFilter(SpringBootApplication.class));
    scanner.scan(PACKAGE);
    ConfigurationClassPostProcessor reader = new ConfigurationClassPostProcessor();
    reader.postProcessBeanDefinitionRegistry(factory);
    Beans beans = new Beans();
    for (String name : factory.getBeanDefinitionNames()) {
      Class<?> type = factory.getType(name, false);
      if (type == null || !type.getName().startsWith(PACKAGE) && !isNamedByUs(factory, name)) {
        continue;
      }
      ConfigurationProperties prefix = type.getAnnotation(ConfigurationProperties.class);
      if (prefix != null) {
        beans.settings.put(prefix.value(), type);
      } else {
        beans.types.put(name, ClassUtils.getUserClass(type));
      }
    }
    return beans;
  }

  /** A bean method of ours may give any type, such as an executor. */
  private static boolean isNamedByUs(DefaultListableBeanFactory factory, String name) {
    String by = factory.getBeanDefinition(name).getFactoryBeanName();
    Class<?> type = by == null ? null : factory.getType(by, false);
    return type != null && type.getName().startsWith(PACKAGE);
  }

  Set<String> names() {
    return types.keySet();
  }

  Optional<Class<?>> type(String name) {
    return Optional.ofNullable(types.get(name));
  }

  /** The classes that settings are bound to, by their prefix. */
  Map<String, Class<?>> settings() {
    return settings;
  }

  /** The methods of a type that a route may call. */
  static Stream<Method> methods(Class<?> type) {
    return Stream.of(type.getMethods()).filter(m -> m.getDeclaringClass() != Object.class);
  }
}
