package io.campaignroutes.check;

import io.campaignroutes.campaign.LaunchTable;
import io.campaignroutes.compliance.PolicyException;
import java.util.List;
import java.util.Optional;

/**
 * The rule on {@code config/launch.yaml}. The service's own class reads it, so that nothing can
 * pass here and fail at its start.
 */
final class LaunchFile {
  private static final String NAME = "launch.yaml";

  private LaunchFile() {}

  static List<Fault> faults(Project project) {
    Optional<Source> file = project.config(NAME).filter(Source::isReadable);
    if (file.isEmpty()) {
      return List.of(); // told by the rules on reading and on what is missing
    }
    try {
      LaunchTable.load(file.get().path());
      return List.of();
    } catch (PolicyException e) {
      String place = e.problem().substring(0, Math.max(0, e.problem().indexOf(':')));
      return List.of(
          file.get().root().below(List.of(place.split("\\."))).fault(e.problem(), e.remedy()));
    }
  }
}
