package io.campaignroutes.http;

import io.campaignroutes.access.Access;
import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A second port for those who watch the service: all of {@code /actuator} and nothing else, without
 * a key, by threads of its own. Metrics are answered nowhere else then. Spring's own {@code
 * management.server.port} would take the probes off the first one.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(ManagementPort.IsSet.class)
class ManagementPort {
  private static final String HERE = ManagementPort.class.getName();
  private static final String ACTUATOR = "/actuator";
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private static final Problem NOT_HERE =
      Problem.of(404, "Not Found", "This port answers what is read below /actuator, and no more.");
  private static final Problem NOT_THERE =
      Problem.of(404, "Not Found", "Metrics are answered at the port MANAGEMENT_PORT only.");

  /** Whether there is such a port. */
  static final class IsSet implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !context.getEnvironment().getProperty("campaign-routes.management-port", "").isBlank();
    }
  }

  private final int port;

  ManagementPort(@Value("${campaign-routes.management-port}") String port) {
    this.port = Integer.parseInt(port.strip());
  }

  /** Whether a request has come in there, and asks for what there is. */
  static boolean isOn(HttpServletRequest request) {
    return request.getAttribute(HERE) != null;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> managementConnector(
      Access access, @Value("${server.address:}") String address) {
    return server -> {
      Connector connector = new Connector(BoundedHttp.class.getName());
      connector.setPort(port);
      connector.setXpoweredBy(false);
      connector.setProperty("maxThreads", "4");
      connector.setProperty("minSpareThreads", "1");
      connector.setProperty("maxConnections", "64");
      AbstractProtocol<?> protocol = (AbstractProtocol<?>) connector.getProtocolHandler();
      if (!address.isBlank()) {
        protocol.setAddress(of(address));
      } else if (!access.required()) {
        protocol.setAddress(InetAddress.getLoopbackAddress());
      }
      server.addAdditionalTomcatConnectors(connector);
    };
  }

  private static InetAddress of(String address) {
    try {
      return InetAddress.getByName(address.strip());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(address + " is no address of this machine.", e);
    }
  }

  /** Nothing but what is read below /actuator comes in there. */
  @Bean
  FilterRegistrationBean<OncePerRequestFilter> managementOnly() {
    return filter(
        "managementOnly",
        Ordered.HIGHEST_PRECEDENCE + 2,
        (request, response, chain) -> {
          if (request.getLocalPort() != port) {
            chain.doFilter(request, response);
          } else if (READING.contains(request.getMethod())
              && below(request.getRequestURI(), ACTUATOR)
              && below(request.getServletPath(), ACTUATOR)) {
            request.setAttribute(HERE, true);
            chain.doFilter(request, response);
          } else {
            ApiSecurity.write(request, response, NOT_HERE);
          }
        });
  }

  /** Metrics do not come in elsewhere. It stands behind the checks of access. */
  @Bean
  FilterRegistrationBean<OncePerRequestFilter> metricsThereOnly() {
    return filter(
        "metricsThereOnly",
        SecurityProperties.DEFAULT_FILTER_ORDER + 1,
        (request, response, chain) -> {
          boolean metrics =
              Stream.of("/prometheus", "/metrics")
                  .anyMatch(path -> below(request.getServletPath(), ACTUATOR + path));
          if (metrics && !isOn(request)) {
            ApiSecurity.write(request, response, NOT_THERE);
          } else {
            chain.doFilter(request, response);
          }
        });
  }

  private interface Work {
    void on(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException;
  }

  private static FilterRegistrationBean<OncePerRequestFilter> filter(
      String name, int order, Work work) {
    FilterRegistrationBean<OncePerRequestFilter> filter =
        new FilterRegistrationBean<>(
            new OncePerRequestFilter() {
              @Override
              protected void doFilterInternal(
                  HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                  throws IOException, ServletException {
                work.on(request, response, chain);
              }
            });
    filter.setName(name);
    filter.setOrder(order);
    return filter;
  }

  private static boolean below(String path, String of) {
    return path.equals(of) || path.startsWith(of + "/");
  }
}
