package io.campaignroutes.console;

import io.campaignroutes.cxone.CallBudget;
import io.campaignroutes.cxone.TokenState;
import io.campaignroutes.cxone.Tokens;
import io.campaignroutes.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.resilience4j.ResilienceProcessor;
import org.springframework.stereotype.Component;

/** How the way to CXone is at the moment, in this process. */
@Component
class CxoneState {
  /** The route that holds the one call to CXone, in cxone-call.camel.yaml of the platform. */
  private static final String CALL = "cxone-send";

  private final Tokens tokens;
  private final CallBudget budget;
  private final CamelContext camel;
  private final Store store;

  CxoneState(Tokens tokens, CallBudget budget, CamelContext camel, Store store) {
    this.store = store;
    this.tokens = tokens;
    this.budget = budget;
    this.camel = camel;
  }

  /**
   * A circuit breaker.
   *
   * @param route the route that it stands in
   * @param state {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}
   * @param calls how many calls it looks back at
   * @param failed how many of them failed
   * @param refused calls that it has not let out so far
   */
  record Breaker(String route, String state, int calls, int failed, long refused) {}

  /**
   * What keeps calls from CXone.
   *
   * @param tokenTrouble why there is no token that can be used; null when there is one
   * @param breakerOpen whether the circuit breaker lets no call out
   * @param unwritable why nothing can be written down, and so nobody paces; null when it can
   */
  record Trouble(String tokenTrouble, boolean breakerOpen, String unwritable) {
    static final Trouble NONE = new Trouble(null, false, null);
  }

  TokenState token() {
    return tokens.state();
  }

  CallBudget.State budget() {
    return budget.state();
  }

  Trouble trouble() {
    TokenState token = tokens.state();
    boolean open =
        breakers().stream().anyMatch(b -> b.route().equals(CALL) && b.state().contains("OPEN"));
    return new Trouble(token.usable() ? null : token.trouble(), open, store.ailment());
  }

  /** The circuit breakers of all routes. */
  List<Breaker> breakers() {
    List<Breaker> breakers = new ArrayList<>();
    for (Route route : camel.getRoutes()) {
      for (Processor step : route.filter("*")) {
        if (step instanceof ResilienceProcessor breaker
            && breaker.getCircuitBreakerState() != null) {
          breakers.add(
              new Breaker(
                  route.getId(),
                  breaker.getCircuitBreakerState(),
                  breaker.getNumberOfBufferedCalls(),
                  breaker.getNumberOfFailedCalls(),
                  breaker.getNumberOfNotPermittedCalls()));
        }
      }
    }
    return breakers;
  }
}
