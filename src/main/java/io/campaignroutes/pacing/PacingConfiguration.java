package io.campaignroutes.pacing;

import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.store.Store;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The law with the settings of this house, and the threads that ticks run on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PacingProperties.class)
class PacingConfiguration {

  @Bean
  PacingLaw pacingLaw(PacingProperties properties) {
    return new PacingLaw(properties.law(), properties.figures(), properties.platform());
  }

  @Bean(destroyMethod = "shutdown")
  ThreadPoolExecutor pacingWorkers(PacingProperties properties) {
    AtomicInteger number = new AtomicInteger();
    var workers =
        new ThreadPoolExecutor(
            properties.workers(),
            properties.workers(),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            run -> new Thread(run, "pacing-" + number.incrementAndGet()));
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  @Bean
  PacingSteps pacing(
      Store store,
      PacingClaims claims,
      PacingWrites writes,
      CampaignStore campaigns,
      PacingPlans plans,
      PacingLaw law,
      PacingProperties properties,
      ThreadPoolExecutor pacingWorkers,
      MeterRegistry meters) {
    int leftovers = claims.releaseLeftovers();
    if (leftovers > 0) {
      LoggerFactory.getLogger(PacingSteps.class)
          .info("{} campaigns were being paced when the service ended; they go on.", leftovers);
    }
    return new PacingSteps(
        store,
        claims,
        writes,
        campaigns,
        new PacingDecider(plans, law, properties, store::now),
        properties,
        pacingWorkers,
        meters,
        store::now);
  }
}
