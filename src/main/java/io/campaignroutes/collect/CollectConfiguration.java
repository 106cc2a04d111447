package io.campaignroutes.collect;

import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.store.Store;
import io.campaignroutes.tenant.SkillStatus;
import io.campaignroutes.webhook.WebhookEvents;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what reads a tenant as a whole. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CollectProperties.class)
class CollectConfiguration {

  @Bean
  CollectEvents collectEvents(
      Store store,
      CampaignStore campaigns,
      LifecycleEvents known,
      SkillStatus skills,
      WebhookEvents events) {
    return new CollectEvents(store, campaigns, known, skills::asked, events::receive);
  }
}
