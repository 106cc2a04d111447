package io.campaignroutes.http;

import io.campaignroutes.webhook.WebhookEvents;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The steps that every posted event goes through, as types that Camel calls directly: an expression
 * that is read and resolved for every event would cost more than what it does.
 */
@Configuration(proxyBeanMethods = false)
class WebhookSteps {

  /** Whether the request carries the secret that webhooks are registered with. */
  @Bean
  Predicate authenticSender(WebhookEvents events) {
    return exchange ->
        events.authentic(exchange.getVariable("http", ApiRequest.class).webhookToken());
  }

  /** Keeps the event in the body; what became of it is the body afterwards. */
  @Bean
  Processor keepEvent(WebhookEvents events) {
    return exchange ->
        exchange.getMessage().setBody(events.receive(exchange.getMessage().getBody(byte[].class)));
  }
}
