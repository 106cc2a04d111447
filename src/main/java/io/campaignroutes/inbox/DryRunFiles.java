package io.campaignroutes.inbox;

import io.campaignroutes.campaign.CampaignIntake;
import io.campaignroutes.campaign.CheckedEntry;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.text.UnreadableJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.springframework.stereotype.Component;

/** Reads many requests as a file of the inbox has them, to check them and take none. */
@Component
public class DryRunFiles {
  private final CampaignIntake intake;
  private final InboxProperties properties;

  public DryRunFiles(CampaignIntake intake, InboxProperties properties) {
    this.intake = intake;
    this.properties = properties;
  }

  /**
   * The entries, in chunks, each checked as it is asked for, all but the agents.
   *
   * @param body UTF-8: a JSON array, or one request on each line
   * @throws UnreadableJsonException when it is empty, in no UTF-8, or begins as an array and is no
   *     whole one
   */
  public Iterator<List<CheckedEntry>> chunks(byte[] body) {
    if (new String(body, StandardCharsets.ISO_8859_1).isBlank()) {
      throw new UnreadableJsonException(
          "The file is empty. Send a list, or a request on each line.");
    }
    if (body.length > 1 && (body[0] <= 0 && body[0] != (byte) 0xef || body[1] == 0)) {
      throw new UnreadableJsonException(
          "The file is in UTF-16 or UTF-32, or binary. Save it in UTF-8.");
    }
    return checked(
        new InboxEntries(InboxContent.of(body), !isArray(body), 0, properties), () -> {});
  }

  /**
   * The same of a file that is only checked, which is read as the inbox would read it: one that
   * cannot be read is told as that, in the place of its entries.
   *
   * @return whose next chunk ends with an {@link InboxElsewhereException} when another process has
   *     taken the file over
   */
  public Iterator<List<CheckedEntry>> chunksOf(InboxFile file) {
    try {
      return checked(new InboxEntries(file, properties), file.claim()::hold);
    } catch (UnreadableJsonException e) {
      var whole = new CheckedEntry(0, e.line(), 0, e.line(), null, Problem.of(e));
      return List.of(List.of(whole)).iterator();
    }
  }

  private Iterator<List<CheckedEntry>> checked(InboxEntries entries, Runnable before) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public List<CheckedEntry> next() {
        before.run();
        return checked(entries.next());
      }
    };
  }

  private static boolean isArray(byte[] body) {
    for (byte b : body) {
      if (b == '[') {
        return true;
      }
      // white space, and the mark of UTF-8
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n' && b > 0) {
        return false;
      }
    }
    return false;
  }

  private List<CheckedEntry> checked(List<InboxEntries.Entry> chunk) {
    List<CheckedEntry> checked = new ArrayList<>(chunk.size());
    for (InboxEntries.Entry entry : chunk) {
      checked.add(checked(entry));
    }
    return checked;
  }

  private CheckedEntry checked(InboxEntries.Entry entry) {
    if (entry.refusal() != null) {
      return made(entry, null, entry.refusal());
    }
    try {
      return made(entry, intake.checkEntry(entry.bytes(), entry.origin()), null);
    } catch (UnreadableJsonException | InvalidRequestException e) {
      return made(entry, null, Problem.of(e));
    }
  }

  private static CheckedEntry made(
      InboxEntries.Entry entry, CheckedRequest checked, Problem problem) {
    return new CheckedEntry(
        entry.number(), entry.line(), entry.count(), entry.lastLine(), checked, problem);
  }
}
