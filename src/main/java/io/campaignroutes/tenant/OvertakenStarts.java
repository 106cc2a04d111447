package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.node.NullNode;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.store.Store;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Starts that were sent after others had gone on with the campaign: a process that stands still
 * between the last look at its claim and the call sends such a one when it wakes up. They are taken
 * back.
 */
@Component
public final class OvertakenStarts {
  private static final Logger LOG = LoggerFactory.getLogger(OvertakenStarts.class);

  private final Store store;
  private final SkillRows rows;
  private final Duration startWithin;

  OvertakenStarts(Store store, SkillRows rows, SkillProperties properties) {
    this.store = store;
    this.rows = rows;
    this.startWithin = properties.startWithin();
  }

  /**
   * Whether a start was sent after something else had been asked of the skill, or after it was
   * given back.
   */
  public boolean isOvertaken(PlatformRequest request) {
    return rows.of(request)
        .filter(row -> row.asked() != SkillRow.Asked.START || row.state() == SkillRow.State.CLOSED)
        .filter(row -> !rows.isStartedByAnother(row))
        .isPresent();
  }

  /** The request to take such a start back, which no run has a claim for. */
  public PlatformRequest takingBack(PlatformRequest request) {
    LOG.warn(
        "Skill {} was started for campaign {} after something else was asked of it: this process"
            + " stood still. It is stopped again. See in CXone that it does not run.",
        request.arguments().path("skillId").asText(),
        SkillRows.id(request));
    rows.mayStart(request, row -> true, startWithin);
    return request.with("claim", NullNode.getInstance());
  }

  /** It was seen to take effect, and stopped. */
  public void takenBack(PlatformRequest request) {
    rows.cannotStart(request);
  }

  /** Whether such a start may still take effect. */
  public boolean isToTakeBack(PlatformRequest request) {
    return isOvertaken(request)
        && rows.of(request).filter(row -> row.mayStart(store.now())).isPresent();
  }
}
