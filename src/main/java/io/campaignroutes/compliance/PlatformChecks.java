package io.campaignroutes.compliance;

import java.util.List;
import java.util.Optional;

/** What a platform cannot do of a request. There is none where a platform can do all. */
public interface PlatformChecks {

  /**
   * What of a request matters to a platform; empty what is not given and has no default, or is
   * malformed.
   *
   * @param contacts whether it brings contacts
   * @param abandonCap whether the policy caps abandoned calls
   */
  record Asked(
      Optional<String> agentPoolId,
      Optional<String> contactListId,
      Optional<String> dialerStrategy,
      boolean contacts,
      boolean respectDnc,
      boolean respectStateDnc,
      boolean abandonCap) {}

  /** The one name of an agent pool that may be written in several ways. */
  default String poolId(String written) {
    return written;
  }

  /** Why the platform cannot run such a campaign; empty when it can. */
  List<Finding> findings(Asked asked);

  /** What of it the platform does not hold to, or holds to in a way of its own. */
  List<Finding> warnings(Asked asked);
}
