package io.campaignroutes.http;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The last step of every HTTP route: all headers that are still there are dropped, because each
 * would become a header of the response, and the {@link ApiAnswer} in the body is what is sent.
 */
@Component("httpAnswer")
public class HttpAnswerWriter implements Processor {
  @Override
  public void process(Exchange exchange) throws Exception {
    Message message = exchange.getMessage();
    ApiAnswer answer = message.getMandatoryBody(ApiAnswer.class);
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.type());
    answer.headers().forEach(message::setHeader);
    // text is written at once instead of in chunks
    message.setHeader(Exchange.HTTP_CHUNKED, !(answer.body() instanceof String));
    message.setBody(answer.body());
  }
}
