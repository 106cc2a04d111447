package io.campaignroutes.collect;

import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.tenant.SkillStatus;
import io.campaignroutes.webhook.WebhookEvents;
import java.util.Optional;
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
    return new CollectEvents(store, campaigns, known, orders(skills), events::receive);
  }

  private static SkillOrders orders(SkillStatus skills) {
    return new SkillOrders() {
      @Override
      public Optional<String> asked(String campaignId) {
        return skills.asked(campaignId);
      }

      @Override
      public Optional<String> byPerson(String campaignId) {
        return skills.byPerson(campaignId);
      }

      @Override
      public void personDid(Tx tx, String campaignId, boolean started) {
        skills.personDid(tx, campaignId, started);
      }
    };
  }
}
