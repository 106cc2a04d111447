package io.campaignroutes.inbox;

import io.campaignroutes.campaign.CampaignFixture;

/** The beans of the inbox over those of a launch. */
final class InboxFixture {
  private InboxFixture() {}

  static Inbox inbox(CampaignFixture bench, InboxProperties properties) {
    InboxUploads uploads = new InboxUploads(bench.store);
    return inbox(bench, properties, uploads, shelf(bench, properties, uploads));
  }

  static Inbox inbox(
      CampaignFixture bench, InboxProperties properties, InboxUploads uploads, InboxShelf shelf) {
    return new Inbox(
        bench.store,
        bench.intake,
        bench.pools,
        properties,
        shelf,
        uploads,
        new InboxClaims(bench.store));
  }

  static InboxContacts contacts(CampaignFixture bench, InboxProperties properties) {
    return new InboxContacts(properties, bench.contactFiles, bench.store);
  }

  static InboxShelf shelf(CampaignFixture bench, InboxProperties properties, InboxUploads uploads) {
    return new InboxShelf(
        properties, new InboxReports(bench.store), uploads, contacts(bench, properties));
  }
}
