package io.campaignroutes.routes;

import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** The endpoints that a route sends to: recorded, and answered by the test where it says so. */
final class Outside {
  private Outside() {}

  /** A component that leads nowhere, and lets nothing in: HTTP, files, timers. */
  static Component component(Recorder recorder) {
    return new DefaultComponent() {
      @Override
      public boolean useRawUri() {
        return true;
      }

      @Override
      protected Endpoint createEndpoint(String uri, String rest, Map<String, Object> parameters) {
        parameters.clear();
        return new Recorded(uri, this, null, recorder);
      }
    };
  }

  /** A route of the service, which is called unless the test answers in its place. */
  static Endpoint route(String uri, Endpoint route, boolean served, Recorder recorder) {
    return new Recorded(uri, route.getComponent(), served ? route : null, recorder);
  }

  /** An endpoint whose calls are recorded when they do not reach the route behind it. */
  private static final class Recorded extends DefaultEndpoint {
    private final Endpoint route;
    private final Recorder recorder;

    Recorded(String uri, Component component, Endpoint route, Recorder recorder) {
      super(uri, component);
      this.route = route;
      this.recorder = recorder;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
      return route == null ? new DefaultConsumer(this, processor) : route.createConsumer(processor);
    }

    @Override
    public Producer createProducer() throws Exception {
      var real = route == null ? null : route.createAsyncProducer();
      String uri = getEndpointUri();
      return new DefaultAsyncProducer(this) {
        @Override
        protected void doStart() throws Exception {
          super.doStart();
          if (real != null) {
            real.start();
          }
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
          Recorder.Deed deed = recorder.deed(uri.replaceFirst("\\?.*", ""));
          if (deed == null && real != null) {
            return real.process(exchange, callback);
          }
          recorder.add(uri + " <- " + Recorder.text(exchange));
          try {
            if (deed != null) {
              Object answer = deed.of(new Object[] {exchange});
              if (answer != exchange) {
                exchange.getMessage().setBody(answer);
              }
            }
          } catch (Throwable e) {
            exchange.setException(e);
          }
          callback.done(true);
          return true;
        }
      };
    }

    @Override
    public boolean isSingleton() {
      return true;
    }
  }
}
