package io.campaignroutes.http;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The last step of every HTTP route: all headers that are still there are dropped, and the {@link
 * ApiAnswer} in the body is what {@link AsyncPlatformHttp} sends.
 */
@Component("httpAnswer")
public class HttpAnswerWriter implements Processor {
  @Override
  public void process(Exchange exchange) throws Exception {
    Message message = exchange.getMessage();
    message.getMandatoryBody(ApiAnswer.class);
    message.removeHeaders("*");
  }
}
