package io.campaignroutes.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The console's page and files, from the jar. What carries its version in its path may be kept for
 * good; everything else is asked for again and answered with 304 while it is the same.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleWeb implements WebMvcConfigurer {

  @Override
  public void addViewControllers(ViewControllerRegistry registry) {
    registry.addViewController("/").setViewName("forward:/console/index.html");
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler("/console/vendor/**")
        .addResourceLocations("classpath:/static/vendor/")
        .setCacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
    registry
        .addResourceHandler("/console/**")
        .addResourceLocations("classpath:/static/")
        .setUseLastModified(false)
        .setEtagGenerator(ConsoleWeb::tag)
        .setCacheControl(CacheControl.noCache());
  }

  @Bean
  ServletRegistrationBean<EventServlet> events(EventPages pages) {
    ServletRegistrationBean<EventServlet> servlet =
        new ServletRegistrationBean<>(new EventServlet(pages), "/events");
    servlet.setName("events");
    servlet.setAsyncSupported(true);
    return servlet;
  }

  /** Weak, since what goes over the wire may be compressed. */
  private static String tag(Resource file) {
    try {
      return "W/\"" + DigestUtils.md5DigestAsHex(file.getContentAsByteArray()) + "\"";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
