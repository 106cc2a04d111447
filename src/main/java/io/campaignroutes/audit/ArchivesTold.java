package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The archives that lines of {@code service.jsonl} tell of. The lines are taken at their word here;
 * whether the file is as it was written is looked at like that of any other chain.
 */
final class ArchivesTold {
  /** The event of a line that tells of an archive. */
  static final String EVENT = "RECORDS_ARCHIVED";

  static final ArchivesTold NONE = new ArchivesTold();

  private final Map<String, Told> archives = new LinkedHashMap<>();
  private final Set<String> campaigns = new HashSet<>();

  private String service;
  private String missing;
  private long begins;

  /** Tells of an archive that is missing of the chain that would tell of others. */
  boolean whole(AuditReport report) {
    return missing == null || ChainFile.gone(report, missing, begins, service);
  }

  /**
   * One archive.
   *
   * @param campaigns whose records went into it
   * @param file that has the line which tells of it
   * @param line from 1
   */
  record Told(
      String name, String sha256, long bytes, Set<String> campaigns, String file, long line) {
    /** What must be there, for people. */
    String expected() {
      return "%d bytes with SHA-256 %s (%s, line %d)".formatted(bytes, sha256, file, line);
    }
  }

  private ArchivesTold() {}

  /** Reads them; none where there is no such file. */
  static ArchivesTold read(Path service, ArchivesGiven archives) throws IOException {
    if (!Files.isRegularFile(service)) {
      return NONE;
    }
    var told = new ArchivesTold();
    told.service = service.getFileName().toString();
    try (var lines = ChainReader.of(service, AuditLog.SERVICE, archives)) {
      told.missing = lines.missing();
      told.begins = lines.begins();
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (!lines.torn() && new String(line, StandardCharsets.UTF_8).contains(EVENT)) {
          told.add(line, lines.file(), lines.number());
        }
      }
    }
    return told;
  }

  private void add(byte[] line, String file, long number) {
    JsonNode json;
    try {
      json = ChainVerifier.read(line);
    } catch (IOException e) {
      return; // told where the file itself is looked at
    }
    if (json == null || !json.path("event").asText().equals(EVENT)) {
      return;
    }
    Set<String> ids = new HashSet<>();
    json.path("campaigns").forEach(id -> ids.add(id.asText()));
    ids.remove(AuditLog.SERVICE); // the chain that tells of it cannot be in it
    String name = json.path("archive").asText();
    archives.put(
        name,
        new Told(
            name, json.path("sha256").asText(), json.path("bytes").asLong(), ids, file, number));
    campaigns.addAll(ids);
  }

  boolean isEmpty() {
    return archives.isEmpty();
  }

  /** Whether a campaign's records went into one of them. */
  boolean has(String campaignId) {
    return campaigns.contains(campaignId);
  }

  boolean tellsOf(String archive) {
    return archives.containsKey(archive);
  }

  Iterable<Told> all() {
    return archives.values();
  }
}
