package io.campaignroutes.campaign;

import io.campaignroutes.compliance.PlatformCampaign;
import io.campaignroutes.cxone.CxoneApi;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The workers that campaign routes run on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LaunchProperties.class)
class CampaignConfiguration {

  @Bean
  LaunchTable launchTable(@Value("${campaign-routes.config-dir:config}") String folder) {
    return LaunchTable.load(Path.of(folder, "launch.yaml"));
  }

  @Bean
  PlatformCampaign platformCampaign(CxoneApi platform) {
    return new PlatformPayloads(platform.campaign(), platform.takesContacts());
  }

  @Bean
  WorkerPools workerPools(CampaignClaims campaigns, LaunchProperties properties) {
    int leftovers = campaigns.releaseLeftovers();
    if (leftovers > 0) {
      LoggerFactory.getLogger(WorkerPools.class)
          .info("{} campaigns were being worked on when the service ended; they go on.", leftovers);
    }
    return new WorkerPools(campaigns, properties);
  }

  @Bean(destroyMethod = "")
  ExecutorService commandWorkers(WorkerPools workerPools) {
    return workerPools.of(PriorityClass.COMMAND);
  }

  @Bean(destroyMethod = "")
  ExecutorService launchWorkers(WorkerPools workerPools) {
    return workerPools.of(PriorityClass.LAUNCH);
  }

  @Bean(destroyMethod = "")
  ExecutorService activationWorkers(WorkerPools workerPools) {
    return workerPools.of(PriorityClass.ACTIVATION);
  }

  @Bean(destroyMethod = "")
  ExecutorService lookWorkers(WorkerPools workerPools) {
    return workerPools.of(PriorityClass.LOOK);
  }
}
