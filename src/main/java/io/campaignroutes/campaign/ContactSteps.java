package io.campaignroutes.campaign;

import io.campaignroutes.compliance.Finding;
import io.campaignroutes.contacts.ContactImport;
import io.campaignroutes.contacts.ContactOutcome;
import io.campaignroutes.contacts.ContactUploads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What came of the steps that deal with the contacts a campaign brought. Like {@link LaunchSteps}:
 * each is one transaction, and throws {@link LeaseLostException} when the run's lease has ended.
 */
@Component
public class ContactSteps {
  private final TransitionWriter writer;

  ContactSteps(TransitionWriter writer) {
    this.writer = writer;
  }

  /** A run has judged lines of the campaign's file. */
  public Campaign judged(Campaign campaign, ContactImport contacts) {
    return switch (contacts.state()) {
      case READING -> write(campaign, StepResult.of(Outcome.CONTACTS_GOING_ON));
      case REFUSED -> rejected(campaign, contacts, "contacts.file", contacts.problem());
      case REMOVED ->
          rejected(
              campaign,
              contacts,
              "contacts.removed",
              "The contacts were removed some time after the campaign's end. Launch a new campaign"
                  + " with the file.");
      case JUDGED ->
          contacts.count(ContactOutcome.CALLABLE) > 0
              ? callable(campaign, contacts)
              : rejected(
                  campaign,
                  contacts,
                  "contacts.callable",
                  "None of the contacts may be called: %s. GET /campaigns/%s/contacts has each line with its outcome."
                      .formatted(counts(contacts), campaign.id()));
    };
  }

  private Campaign write(Campaign campaign, StepResult result) {
    return writer.write(campaign, Step.JUDGE_CONTACTS, result);
  }

  private Campaign callable(Campaign campaign, ContactImport contacts) {
    return writer.write(
        campaign,
        Step.JUDGE_CONTACTS,
        (c, now) ->
            StepResult.of(Outcome.CONTACTS_JUDGED)
                .details(Map.of("contacts", contacts.told()))
                .with(d -> d.compliance = Compliance.contactsJudged(c.compliance(), contacts)));
  }

  private Campaign rejected(
      Campaign campaign, ContactImport contacts, String rule, String problem) {
    String why = contacts.file().name() + ": " + problem;
    var finding = new Finding("contacts", rule, why);
    return writer.write(
        campaign,
        Step.JUDGE_CONTACTS,
        (c, now) ->
            StepResult.of(Outcome.NO_CONTACTS, why)
                .with(
                    d -> {
                      d.compliance =
                          Compliance.contactsJudged(
                              Compliance.rejected(c.compliance(), List.of(finding)), contacts);
                      d.failure = Failure.of(Failure.Kind.REJECTED, why);
                    }));
  }

  /** Such as "3 invalid number, 1 duplicate". */
  private static String counts(ContactImport contacts) {
    List<String> counts = new ArrayList<>();
    contacts
        .outcomes()
        .properties()
        .forEach(
            one ->
                counts.add(
                    one.getValue().asLong()
                        + " "
                        + one.getKey().toLowerCase(Locale.ROOT).replace('_', ' ')));
    return counts.isEmpty() ? "the file has a header and no lines" : String.join(", ", counts);
  }

  /** A step of the upload is done. */
  public Campaign uploading(Campaign campaign, ContactUploads.Progress progress) {
    return switch (progress.state()) {
      case GOES_ON -> upload(campaign, StepResult.of(Outcome.CONTACTS_GOING_ON));
      case WAITS -> upload(campaign, StepResult.of(Outcome.CONTACTS_ON_THEIR_WAY));
      case FAILED -> notUploaded(campaign, progress.problem());
      case DONE ->
          writer.write(
              campaign,
              Step.UPLOAD_CONTACTS,
              (c, now) ->
                  StepResult.of(Outcome.CONTACTS_UPLOADED)
                      .details(
                          Map.of("uploaded", progress.accepted(), "refused", progress.refused()))
                      .with(
                          d ->
                              d.compliance =
                                  Compliance.contactsUploaded(
                                      c.compliance(), progress.accepted())));
    };
  }

  private Campaign upload(Campaign campaign, StepResult result) {
    return writer.write(campaign, Step.UPLOAD_CONTACTS, result);
  }

  private Campaign notUploaded(Campaign campaign, String why) {
    return upload(
        campaign,
        StepResult.of(Outcome.NOT_UPLOADED, why)
            .with(d -> d.failure = Failure.of(Failure.Kind.REFUSED, why)));
  }
}
