package io.campaignroutes.collect;

import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.store.Store;
import io.campaignroutes.webhook.WebhookEvents;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
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
      ObjectProvider<SkillOrders> orders,
      WebhookEvents events) {
    return new CollectEvents(
        store,
        campaigns,
        known,
        orders.getIfAvailable(() -> campaignId -> Optional.empty()),
        events::receive);
  }
}
