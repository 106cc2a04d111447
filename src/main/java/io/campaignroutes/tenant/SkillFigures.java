package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.PlatformRequest;
import org.springframework.stereotype.Component;

/** What is counted for campaigns. */
@Component
public final class SkillFigures {

  /**
   * Nothing is counted here.
   *
   * @throws CxoneRefusedException always, as not found: there are no figures yet
   */
  public JsonNode none(PlatformRequest request) {
    throw new CxoneRefusedException(
        404,
        "NO_FIGURES",
        "No figures of skill " + request.arguments().path("remoteId").asText() + " are kept yet.");
  }
}
