package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.collect.CollectFigures;
import io.campaignroutes.collect.CollectedNow;
import io.campaignroutes.collect.SkillsSeen;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The real routes of the platform personal-connection with their real beans, against a {@link
 * FakeTenant}: what the flow asks of it, without the flow.
 */
final class SkillRoutes implements AutoCloseable {
  private final CamelContext camel;
  private final Store store;

  /** Whether calls of skills are counted. */
  boolean counting = true;

  /** Skills that were told to be seen not to run. */
  final List<String> rests = new ArrayList<>();

  SkillRoutes(Store store, String address, SkillProperties properties) throws Exception {
    this.store = store;
    DefaultRegistry registry = new DefaultRegistry();
    SkillRows rows = new SkillRows(store);
    SkillsSeen seen =
        new SkillsSeen() {
          @Override
          public boolean counts(Tx tx) {
            return counting;
          }

          @Override
          public void rests(Tx tx, String skillId, boolean active) {
            rests.add(skillId);
            super.rests(tx, skillId, active);
          }
        };
    Map<String, Object> beans = new HashMap<>();
    JsonNode settings = new ObjectMapper().valueToTree(properties);
    beans.putAll(TestCxone.skillDoor(address, settings));
    beans.put("skills", new Skills(store, rows, properties, seen));
    beans.put("skillLists", new SkillLists(rows));
    beans.put("skillFindings", new SkillFindings(store, rows, properties));
    beans.put("skillSetup", new SkillSetup(store, rows, properties));
    SkillEnds ends = new SkillEnds(store, rows);
    beans.put("skillEnds", ends);
    beans.put("skillStatus", new SkillStatus(store, rows, ends, seen, properties));
    beans.put("overtakenStarts", new OvertakenStarts(store, rows, properties));
    SkillWatch watch = new SkillWatch(store, rows, seen, Duration.ofSeconds(30));
    beans.put("skillWatch", watch);
    beans.put("skillRatio", new SkillRatio(store, rows, properties, watch));
    beans.put("skillAgents", new SkillAgents(properties));
    beans.put("collectFigures", new CollectFigures(store, null));
    beans.put("tenantReads", new TenantReads(store, rows, new CollectedNow(store, null)));
    beans.forEach(registry::bind);
    camel = new DefaultCamelContext(registry);
    Properties values = new Properties();
    values.put("cxone.endpoint", address);
    values.put("cxone.repeats", "0"); // whoever asks does so again, and waits for nothing
    values.put("cxone.token-url", address + "/auth/token");
    values.put("cxone.access-key-url", address + "/access-key");
    values.put("cxone.discovery-url", address + "/discovery");
    camel.getPropertiesComponent().setOverrideProperties(values);
    HttpComponent http = new HttpComponent();
    http.setAutomaticRetriesDisabled(true);
    http.setConnectTimeout(3_000);
    http.setResponseTimeout(10_000);
    camel.addComponent("http", http);
    PluginHelper.getRoutesLoader(camel).loadRoutes(resources());
    camel.start();
  }

  private List<Resource> resources() throws IOException {
    try (Stream<Path> shared = Files.list(Path.of("routes/platform"));
        Stream<Path> own = Files.list(Path.of("routes/platform/personal-connection"))) {
      return Stream.concat(shared, own)
          .filter(file -> file.toString().endsWith(".camel.yaml"))
          .filter(file -> !file.endsWith("collect.camel.yaml"))
          .map(file -> ResourceHelper.resolveResource(camel, "file:" + file))
          .toList();
    }
  }

  Store store() {
    return store;
  }

  /**
   * Has an operation done.
   *
   * @throws RuntimeException what it ends with
   */
  Object ask(String operation, ObjectNode campaign, Urgency urgency) {
    Exchange exchange = new DefaultExchange(camel);
    exchange.getMessage().setBody(new PlatformRequest(campaign.deepCopy(), urgency, 0));
    Exchange end = camel.createProducerTemplate().send("direct:platform-" + operation, exchange);
    if (end.getException() instanceof RuntimeException failure) {
      throw failure;
    }
    if (end.getException() != null) {
      throw new IllegalStateException(end.getException());
    }
    return end.getMessage().getBody();
  }

  JsonNode told(String operation, ObjectNode campaign) {
    return (JsonNode) ask(operation, campaign, Urgency.COMMAND);
  }

  @Override
  public void close() {
    camel.stop();
  }
}
