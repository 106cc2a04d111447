package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.compliance.PlatformChecks;
import io.campaignroutes.cxone.ApiVariables;
import io.campaignroutes.cxone.CxoneApi;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the platform personal-connection brings along besides its routes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SkillProperties.class)
class TenantConfiguration {
  /** As {@code cxone.platform} names it. */
  static final String PLATFORM = "personal-connection";

  /** {@code $settings} of the platform's file. */
  @Bean
  ApiVariables skillVariables(SkillProperties properties) {
    JsonNode settings = new ObjectMapper().valueToTree(properties);
    return new ApiVariables(Map.of("settings", settings));
  }

  @Bean
  @ConditionalOnProperty(name = "cxone.platform", havingValue = PLATFORM)
  PlatformChecks skillChecks(SkillProperties properties, SkillRows rows) {
    return new SkillChecks(properties, skill -> rows.user(skill, ""));
  }

  @Bean
  @ConditionalOnProperty(name = "cxone.platform", havingValue = PLATFORM)
  SkillPlan skillPlan(CxoneApi api, SkillProperties properties) {
    return new SkillPlan(api, properties);
  }
}
