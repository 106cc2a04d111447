package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The sandbox's campaigns, with a record of what becomes of each. When they become active and what
 * their figures are is as a test says; so is how many agents of some time zones are there.
 */
final class RecordedCampaigns extends Campaigns {
  private static final List<String> TIME_ZONES =
      List.of("America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London");

  private final Map<String, StubCampaign> records = new LinkedHashMap<>();
  private final Map<String, List<StubCampaign>> byName = new LinkedHashMap<>();
  private final Function<String, Activation> activations;
  private final Consumer<StubCampaign> watcher;

  /**
   * @param activations what becomes of the campaign of a name that is activated
   * @param figures the real-time figures of a campaign, null for none
   * @param agents how many agents of each time zone are there, by their pool
   * @param watcher told of each change of a campaign's status, with the lock held
   */
  RecordedCampaigns(
      Function<String, Activation> activations,
      Function<StubCampaign, JsonNode> figures,
      ToIntFunction<String> agents,
      Consumer<StubCampaign> watcher) {
    this(activations, watcher, new ScriptedWorld(figures, agents));
  }

  private RecordedCampaigns(
      Function<String, Activation> activations,
      Consumer<StubCampaign> watcher,
      ScriptedWorld world) {
    super(
        new SandboxProperties(
            StubCxone.CLIENT_ID,
            StubCxone.CLIENT_SECRET,
            Duration.ofHours(1),
            Duration.ZERO,
            Integer.MAX_VALUE,
            1,
            null),
        new SteadyClock(),
        new ChangeCount(),
        Optional::empty,
        event -> {},
        world);
    this.activations = activations;
    this.watcher = watcher;
    world.owner = this;
  }

  @Override
  synchronized ObjectNode create(ObjectNode payload) {
    ObjectNode created = super.create(payload);
    StubCampaign record = new StubCampaign(this, known(created.path("id").asText()));
    records.put(record.id(), record);
    byName.computeIfAbsent(record.name(), name -> new ArrayList<>()).add(record);
    return created;
  }

  @Override
  Activation activation(SandboxCampaign campaign) {
    return activations.apply(campaign.name());
  }

  @Override
  synchronized void turn(SandboxCampaign campaign, CampaignStatus status, String error) {
    super.turn(campaign, status, error);
    StubCampaign record = records.get(campaign.id());
    record.changed();
    watcher.accept(record);
  }

  /** A campaign's record, null where there is no such campaign. */
  synchronized StubCampaign record(String id) {
    return records.get(id);
  }

  synchronized List<StubCampaign> all() {
    return List.copyOf(records.values());
  }

  synchronized List<StubCampaign> named(String name) {
    return List.copyOf(byName.getOrDefault(name, List.of()));
  }

  /** Names that more than one campaign has. */
  synchronized List<String> doubles() {
    return byName.keySet().stream().filter(name -> byName.get(name).size() > 1).toList();
  }

  /** Nobody calls here: figures are what a test says they are. */
  private static final class ScriptedWorld extends CallWorld {
    private final Function<StubCampaign, JsonNode> figures;
    private final ToIntFunction<String> agents;
    private RecordedCampaigns owner;

    ScriptedWorld(Function<StubCampaign, JsonNode> figures, ToIntFunction<String> agents) {
      super(List.of(), 1, 0);
      this.figures = figures;
      this.agents = agents;
    }

    @Override
    boolean knows(String team) {
      return !team.startsWith("unknown");
    }

    @Override
    ObjectNode team(String id) {
      ObjectNode team = SandboxJson.object().put("id", id);
      ArrayNode there = team.putArray("agents");
      String whose = id.replaceFirst("\\..*", "");
      for (String zone : TIME_ZONES) {
        for (int n = 1; n <= agents.applyAsInt(id); n++) {
          ObjectNode agent = there.addObject();
          agent.put("id", whose + "-" + zone + "-" + n).put("status", "AVAILABLE");
          agent.putObject("schedule").put("timeZone", zone);
        }
      }
      return team;
    }

    @Override
    boolean advance(long now) {
      return false;
    }

    @Override
    void dial(SandboxCampaign campaign, double rate) {
      // nobody is called
    }

    @Override
    ObjectNode realtime(SandboxCampaign campaign) {
      JsonNode known = figures.apply(owner.record(campaign.id()));
      return known == null ? null : known.deepCopy();
    }

    @Override
    ObjectNode history(SandboxCampaign campaign, Instant from, Instant to) {
      return super.history(campaign, from, to).put("avgAnswerTime", 0);
    }
  }
}
