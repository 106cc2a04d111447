package io.campaignroutes.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campaignroutes.access.By;
import io.campaignroutes.campaign.CampaignIntake;
import io.campaignroutes.campaign.ConflictException;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.UnreadableJsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes the entries of inbox files. What has been taken of a file is in the store together with the
 * campaigns, in one transaction a chunk, so that a kill neither loses an entry nor takes one twice;
 * the same bytes dropped again lead to the same campaigns, and so does the beginning of a file that
 * has grown since it was read.
 */
@Component
public class Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  /** When it is told how far a long file has come, and again at ten times as much. */
  private static final int TELL_FROM = 10_000;

  /** After so many refused entries of a file no more than one fault of an entry is looked for. */
  private static final int MANY_REFUSED = 1_000;

  private final Store store;
  private final CampaignIntake intake;
  private final AgentPools pools;
  private final InboxProperties properties;
  private final InboxShelf shelf;
  private final InboxUploads uploads;
  private final InboxClaims claims;

  public Inbox(
      Store store,
      CampaignIntake intake,
      AgentPools pools,
      InboxProperties properties,
      InboxShelf shelf,
      InboxUploads uploads,
      InboxClaims claims) {
    this.store = store;
    this.intake = intake;
    this.pools = pools;
    this.properties = properties;
    this.shelf = shelf;
    this.uploads = uploads;
    this.claims = claims;
  }

  /** One entry that has been read and checked, all but its agents. */
  record Read(InboxEntries.Entry entry, CheckedRequest checked, Problem problem) {}

  /**
   * Looks at a file for the first time, or again after a crash.
   *
   * @throws IOException when it cannot be read
   * @throws InboxChangedException when it is not what it was in the folder's listing
   * @throws InboxElsewhereException when another process has it in hand
   */
  public InboxFile open(InboxFolder.Waiting waiting) throws IOException {
    if (waiting.taken() != null) {
      return waiting.taken();
    }
    InboxClaims.Claim claim = claims.take(waiting.name().text());
    try {
      return open(waiting, claim);
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  private InboxFile open(InboxFolder.Waiting waiting, InboxClaims.Claim claim) throws IOException {
    requireUnchanged(waiting); // before it is opened: a pipe that was moved over it would not open
    InboxContent content = InboxContent.open(waiting.path(), waiting.stamp().size());
    try {
      requireUnchanged(waiting);
      List<InboxUploads.Upload> shorter = uploads.shorter(waiting.name(), waiting.stamp().size());
      long[] lengths = new long[shorter.size() + 1];
      for (int i = 0; i < shorter.size(); i++) {
        lengths[i] = shorter.get(i).size();
      }
      lengths[shorter.size()] = waiting.stamp().size();
      String[] sha256 = content.sha256(lengths);
      requireUnchanged(waiting);
      String earlier = null;
      for (int i = 0; i < shorter.size(); i++) {
        earlier = shorter.get(i).sha256().equals(sha256[i]) ? sha256[i] : earlier;
      }
      long arrivedAt = store.now() - InboxStamp.age(waiting.path());
      return begin(waiting, content, claim, sha256[shorter.size()], earlier, arrivedAt);
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private static void requireUnchanged(InboxFolder.Waiting waiting) throws IOException {
    if (!waiting.stamp().equals(InboxStamp.of(waiting.path()))) {
      throw new InboxChangedException("It changes while it is read.");
    }
  }

  private InboxFile begin(
      InboxFolder.Waiting waiting,
      InboxContent content,
      InboxClaims.Claim claim,
      String sha256,
      String earlier,
      long arrivedAt) {
    String name = waiting.name().text();
    long size = waiting.stamp().size();
    InboxRows.Known known = store.write(tx -> InboxRows.begin(tx, sha256, name, size, earlier));
    if (known.whole()) {
      LOG.info("{} was taken before; nothing of it is launched twice.", name);
    }
    uploads.read(waiting.name(), size, sha256);
    return new InboxFile(
        waiting.path(),
        waiting.name(),
        waiting.stamp(),
        content,
        sha256,
        claim,
        known.whole() ? 0 : known.entries(),
        arrivedAt,
        known.whole());
  }

  /** The entries that are still to be taken, in chunks. */
  public Iterator<List<InboxEntries.Entry>> chunks(InboxFile file) {
    if (file.isRead()) {
      return List.<List<InboxEntries.Entry>>of().iterator();
    }
    try {
      return new InboxEntries(file, properties);
    } catch (UnreadableJsonException e) {
      store.run(tx -> InboxRows.refuseWhole(tx, file, e.line(), Problem.of(e)));
      return List.<List<InboxEntries.Entry>>of().iterator();
    }
  }

  /**
   * Reads and checks a chunk, all but the agents. Of a file that many entries of were refused, an
   * entry is refused for the first thing that is wrong with it, without looking for more.
   */
  public List<Read> read(InboxFile file, List<InboxEntries.Entry> chunk) {
    boolean briefly = file.refused() >= MANY_REFUSED;
    List<Read> read = new ArrayList<>(chunk.size());
    for (InboxEntries.Entry entry : chunk) {
      read.add(read(entry, briefly));
    }
    return read;
  }

  private Read read(InboxEntries.Entry entry, boolean briefly) {
    if (entry.refusal() != null) {
      return new Read(entry, null, entry.refusal());
    }
    try {
      if (briefly) {
        intake.refuseAtFirstSight(entry.bytes(), entry.origin());
      }
      return new Read(entry, intake.checkEntry(entry.bytes(), entry.origin()), null);
    } catch (UnreadableJsonException | InvalidRequestException e) {
      return new Read(entry, null, Problem.of(e));
    }
  }

  /** The agent pools that CXone is to be asked for, each once. */
  public Set<String> poolsOf(List<Read> chunk) {
    Set<String> ids = new LinkedHashSet<>();
    for (Read read : chunk) {
      String id = read.checked() == null ? null : intake.poolId(read.checked());
      if (id != null) {
        ids.add(id);
      }
    }
    return ids;
  }

  /** The files of contacts that a chunk needs, each once. */
  public Set<String> contactsOf(List<Read> chunk) {
    Set<String> names = new LinkedHashSet<>();
    for (Read read : chunk) {
      String name = contactsFile(read);
      if (name != null && !name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  /** The file of contacts that an entry names; null for none. */
  private static String contactsFile(Read read) {
    JsonNode request = read.checked() == null ? null : read.checked().request();
    return request == null ? null : request.at("/contacts/file").asText(null);
  }

  /**
   * Takes a chunk: its campaigns, its refusals and how far the file has come, in one transaction. A
   * pool that could not be asked for just now is checked when the campaign is launched.
   *
   * @throws InboxChangedException when the file was written to since it was opened
   * @throws InboxElsewhereException when another process has taken it over
   */
  public void take(InboxFile file, List<Read> chunk) throws IOException {
    InboxStamp now = InboxStamp.of(file.path());
    if (file.stamp().sameFile(now) && !file.stamp().equals(now)) {
      throw new InboxChangedException("It changes while it is read.");
    }
    long first = chunk.get(0).entry().number();
    long next = chunk.get(chunk.size() - 1).entry().next();
    List<Read> complete =
        chunk.stream().map(this::withAgents).map(read -> withContacts(file, read)).toList();
    store.run(
        tx -> {
          file.claim().hold(tx);
          if (InboxRows.advance(tx, file, first, next)) {
            Set<Long> launched = InboxRows.launched(tx, file, first, next);
            ArrayNode refused = Json.array();
            complete.stream()
                .filter(read -> !launched.contains(read.entry().number()))
                .forEach(read -> take(tx, file, read, refused));
            if (!refused.isEmpty()) {
              InboxRows.refused(tx, file, refused);
              file.refused(refused.size());
            }
          }
        });
    file.reached(next);
    if (next >= TELL_FROM && Long.toString(next).length() > Long.toString(first).length()) {
      LOG.info("{}: {} entries taken so far.", file.name(), next);
    }
  }

  private Read withAgents(Read read) {
    String id = read.checked() == null ? null : intake.poolId(read.checked());
    AgentPools.Pool pool = id == null ? null : pools.recent(id);
    return pool == null
        ? read
        : new Read(read.entry(), intake.withAgents(read.checked(), pool), read.problem());
  }

  /** With a finding where its contacts lie there no longer. */
  private Read withContacts(InboxFile file, Read read) {
    return read.checked() == null || !file.gone().contains(contactsFile(read))
        ? read
        : new Read(read.entry(), intake.withoutContacts(read.checked()), read.problem());
  }

  private void take(Tx tx, InboxFile file, Read read, ArrayNode refused) {
    if (read.problem() != null) {
      refused.add(InboxRows.refusal(read.entry(), read.problem()));
      return;
    }
    CampaignIntake.Taken taken;
    try {
      String key = file.sha256() + "#" + read.entry().number();
      taken = intake.takeIn(tx, read.checked(), key, By.inbox(file.name().text()));
    } catch (InvalidRequestException | ConflictException e) {
      refused.add(InboxRows.refusal(read.entry(), Problem.of(e)));
      return;
    }
    InboxRows.taken(
        tx,
        file,
        read.entry(),
        taken.campaign().id(),
        taken.repeat() ? "The same request was handed in before." : null);
  }

  /**
   * Writes the reports of a file that is wholly taken, and moves it to {@code done/}, or to {@code
   * failed/} when an entry was refused.
   *
   * @throws InboxNotFiledException when that cannot be done now; all that is left is to try again
   * @throws InboxChangedException when the file has grown, or another replica takes the same bytes;
   *     it has to be read again
   * @throws InboxElsewhereException when another process has taken it over
   */
  public void file(InboxFile file) throws IOException {
    file.read();
    boolean first =
        store.write(
            tx -> {
              file.claim().hold(tx);
              InboxRows.requireOurs(tx, file);
              InboxRows.refuseEmpty(tx, file);
              return InboxRows.whole(tx, file);
            });
    file.takenBefore(!first);
    shelf.put(file);
    file.close();
  }
}
