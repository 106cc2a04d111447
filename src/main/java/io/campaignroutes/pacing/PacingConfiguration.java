package io.campaignroutes.pacing;

import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.cxone.CallBudget;
import io.campaignroutes.store.Store;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
  PacingDecider pacingDecider(
      PacingPlans plans, PacingLaw law, PacingProperties properties, Store store) {
    return new PacingDecider(plans, law, properties, store::now);
  }

  @Bean
  PacingSteps pacing(
      Store store,
      PacingWrites writes,
      CampaignStore campaigns,
      PacingDecider decider,
      PacingProperties properties,
      MeterRegistry meters) {
    return new PacingSteps(store, writes, campaigns, decider, properties, meters, store::now);
  }

  /** Where campaigns are held while nothing else can be written. */
  @Bean(destroyMethod = "shutdownNow")
  ExecutorService holder() {
    return Executors.newSingleThreadExecutor(run -> new Thread(run, "pacing-hold"));
  }

  @Bean
  UnpacedCampaigns unpaced(
      Store store,
      PacingClaims claims,
      PacingWrites writes,
      PacingMemory memory,
      CampaignStore campaigns,
      PacingProperties properties,
      ExecutorService holder) {
    return new UnpacedCampaigns(
        store,
        claims,
        writes,
        memory,
        campaigns,
        properties,
        holder,
        () -> System.nanoTime() / 1_000_000);
  }

  @Bean
  PoolSteps pools(
      Store store,
      PacingClaims claims,
      UnpacedCampaigns unpaced,
      PacingWrites writes,
      PacingReads rows,
      CommonAgents common,
      CallBudget calls,
      PacingDecider decider,
      PacingSteps pacing,
      PacingProperties properties,
      ThreadPoolExecutor pacingWorkers,
      MeterRegistry meters) {
    int leftovers = claims.releaseLeftovers();
    if (leftovers > 0) {
      LoggerFactory.getLogger(PoolSteps.class)
          .info("{} campaigns were being paced when the service ended; they go on.", leftovers);
    }
    return new PoolSteps(
        store,
        claims,
        unpaced,
        writes,
        rows,
        common,
        new TickPeriods(properties, calls::state, store::now),
        decider,
        pacing,
        properties,
        pacingWorkers,
        meters,
        store::now);
  }
}
