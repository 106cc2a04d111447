package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.campaignroutes.access.By;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.LaunchWaiters;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class AwaitLaunchTest {
  private final ExecutorService answerers = Executors.newSingleThreadExecutor();
  private final CampaignStore store = mock();
  private final AwaitLaunch.Await await =
      new AwaitLaunch().launchEnd(new LaunchWaiters(store), answerers);

  @AfterEach
  void stop() {
    answerers.shutdownNow();
  }

  private Exchange processed(Object body) throws InterruptedException {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setBody(body);
    exchange.setVariable(
        "http", new ApiRequest(null, By.ANONYMOUS, Map.of(), null, null, null, new byte[0]));
    CountDownLatch ended = new CountDownLatch(1);
    await.process(exchange, doneSync -> ended.countDown());
    assertThat(ended.await(20, TimeUnit.SECONDS)).as("an end").isTrue();
    return exchange;
  }

  @Test
  void aStoreThatCannotBeAskedEndsTheWaitWithItsError() throws Exception {
    Campaign campaign = mock();
    when(campaign.id()).thenReturn("cmp_1");
    when(store.get(any())).thenThrow(new DataAccessResourceFailureException("gone"));
    Exchange exchange = processed(campaign);
    assertThat(exchange.getException()).isInstanceOf(DataAccessResourceFailureException.class);
    assertThat(exchange.getMessage().getBody()).isSameAs(campaign);
  }

  @Test
  void whatIsNoCampaignEndsTheWaitToo() throws Exception {
    assertThat(processed(null).getException()).isNotNull();
  }
}
