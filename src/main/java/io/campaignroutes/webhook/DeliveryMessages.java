package io.campaignroutes.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.JsltException;
import io.campaignroutes.shared.RetryAfter;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Plain;
import io.campaignroutes.text.UnreadableJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpMethods;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The steps that a {@link DeliveryBatch}, in the variable {@code run}, takes for each of its
 * deliveries.
 */
@Configuration(proxyBeanMethods = false)
class DeliveryMessages {
  private static final String JSON = "application/json";
  private static final int MAX_ANSWER = 1_000;

  private static DeliveryBatch run(Exchange exchange) {
    return exchange.getVariable("run", DeliveryBatch.class);
  }

  /** Moves on to the next delivery; false when there is none. */
  @Bean
  Predicate nextDelivery() {
    return exchange -> run(exchange).next();
  }

  /** Whether the destination is an address, and no other Camel endpoint. */
  @Bean
  Predicate deliveryByHttp() {
    return exchange -> run(exchange).destination().http();
  }

  /**
   * The body: the event byte for byte, or what the destination's template makes of it. Throws
   * {@link TemplateException} when that is nothing.
   */
  @Bean
  Processor deliveryBody() {
    return exchange -> {
      DeliveryBatch run = run(exchange);
      byte[] event = run.delivery().body().getBytes(StandardCharsets.UTF_8);
      exchange
          .getMessage()
          .setBody(run.destination().template() == null ? event : transformed(run, event));
    };
  }

  private static byte[] transformed(DeliveryBatch run, byte[] event)
      throws JsonProcessingException {
    Map<String, JsonNode> variables =
        Map.of(
            "deliveryId", TextNode.valueOf(run.id()),
            "eventId", TextNode.valueOf(run.delivery().eventId()),
            "destination", TextNode.valueOf(run.destination().name()));
    JsonNode made;
    try {
      made = run.destination().template().apply(variables, Json.event(event));
    } catch (UnreadableJsonException e) {
      throw new TemplateException(e.getMessage(), e);
    } catch (JsltException e) {
      throw new TemplateException("The template failed: " + Plain.line(e.getMessage(), 300), e);
    }
    if (made.isNull() || made.isMissingNode()) {
      throw new TemplateException("The template gives no result for this event.", null);
    }
    return Json.STRICT.writeValueAsBytes(made);
  }

  /** The headers, the signature over exactly these bytes and this attempt's time among them. */
  @Bean
  Processor deliverySignature() {
    return exchange -> {
      DeliveryBatch run = run(exchange);
      Destination to = run.destination();
      Message message = exchange.getMessage();
      long timestamp = System.currentTimeMillis() / 1_000;
      message.removeHeaders("*");
      to.headers().forEach(message::setHeader);
      message.setHeader(Exchange.CONTENT_TYPE, JSON);
      message.setHeader("webhook-id", run.id());
      message.setHeader("webhook-timestamp", Long.toString(timestamp));
      message.setHeader(
          "webhook-signature",
          to.signature().of(run.id(), timestamp, message.getBody(byte[].class)));
      if (to.http()) {
        message.setHeader(Exchange.HTTP_METHOD, HttpMethods.POST);
        Address address = Address.of(to.url());
        message.setHeader(Exchange.HTTP_URI, address.origin());
        message.setHeader(DeliveryClient.TARGET, address.target());
      } else {
        // a queue keeps the order of what has the same key
        message.setHeader("webhook-line", run.delivery().line());
      }
    };
  }

  /** Notes what the destination answered, or that the endpoint took it. */
  @Bean
  Processor deliveryAnswer() {
    return exchange -> {
      DeliveryBatch run = run(exchange);
      Message message = exchange.getMessage();
      if (!run.destination().http()) {
        run.taken();
        return;
      }
      // for no body Camel would try to make one of the message, in vain and at some cost
      byte[] answer = message.getBody() == null ? null : message.getBody(byte[].class);
      run.answered(
          message.getHeader(Exchange.HTTP_RESPONSE_CODE, int.class),
          RetryAfter.bySender(
              message.getHeader("Retry-After"), message.getHeader("Date", String.class)),
          answer == null || answer.length == 0 ? null : beginning(answer));
      message.removeHeaders("*"); // none of them may reach the next delivery
    };
  }

  private static String beginning(byte[] answer) {
    String text = new String(answer, StandardCharsets.UTF_8);
    return text.length() <= MAX_ANSWER ? text : text.substring(0, MAX_ANSWER);
  }

  /** Notes that no answer came. */
  @Bean
  Processor deliveryFailed() {
    return exchange -> {
      run(exchange).failed(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
      exchange.getMessage().removeHeaders("*");
    };
  }
}
