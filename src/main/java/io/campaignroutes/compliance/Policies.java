package io.campaignroutes.compliance;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All compliance profiles of a folder, each resolved with what it extends. Nothing changes after
 * loading, so one object serves all threads.
 *
 * <p>A file has {@code schema: 1}, {@code policy_version}, {@code profiles} and may say {@code
 * merge: most_restrictive}, which is how rules are always merged. Unknown keys, a profile without
 * source or checked date, a name that appears twice, an unknown or circular {@code extends} and a
 * profile that loosens what it inherits are errors.
 */
public final class Policies {
  private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

  private final Map<String, Profile> profiles;
  private final Map<Path, byte[]> files;
  private final Map<String, Policy> resolved = new TreeMap<>();

  private Policies(Map<String, Profile> profiles, Map<Path, byte[]> files) {
    this.profiles = profiles;
    this.files = files;
    for (String name : profiles.keySet()) {
      List<Profile> chain = chain(name);
      resolved.put(name, Inheritance.resolve(ref(name, List.of(chain)), chain));
    }
  }

  /**
   * Reads all {@code *.yaml} and {@code *.yml} files of a folder.
   *
   * @param today the day against which the age of {@code checked} dates is measured
   * @param staleAfter age from which a {@code checked} date is warned about in the log
   * @throws PolicyException naming the file, when one cannot be used or there is none
   */
  public static Policies load(Path folder, LocalDate today, Duration staleAfter) {
    return load(yamlFiles(folder), today, staleAfter);
  }

  /**
   * Reads these files.
   *
   * @throws PolicyException naming the file, when one cannot be used
   * @see #load(Path, LocalDate, Duration)
   */
  public static Policies load(List<Path> policyFiles, LocalDate today, Duration staleAfter) {
    Map<String, Profile> profiles = new TreeMap<>();
    Map<Path, byte[]> files = new LinkedHashMap<>();
    for (Path file : policyFiles) {
      byte[] bytes = ConfigNode.bytes(file);
      files.put(file, bytes);
      for (Profile profile : profiles(ConfigNode.parse(file, bytes))) {
        Profile other = profiles.put(profile.name(), profile);
        if (other != null) {
          throw new PolicyException(
              file,
              "The profile " + profile.name() + " stands in " + other.place().file() + " too.",
              "Rename or remove one of them.");
        }
      }
    }
    Policies policies = new Policies(profiles, files);
    policies.stale(today.minusDays(staleAfter.toDays())).forEach(LOG::warn);
    return policies;
  }

  /** The names of all profiles, sorted. */
  public Set<String> names() {
    return Collections.unmodifiableSet(resolved.keySet());
  }

  /** One profile with all that it extends; empty when there is none of that name. */
  public Optional<Policy> policy(String name) {
    return Optional.ofNullable(resolved.get(name));
  }

  /**
   * One profile and those that apply besides it. The most restrictive rule wins.
   *
   * @param besides names of further profiles, in any order; {@code name} itself among them counts
   *     once
   * @return empty when there is no profile of one of the names
   */
  public Optional<Policy> policy(String name, Collection<String> besides) {
    Set<String> names = new LinkedHashSet<>(List.of(name));
    names.addAll(new TreeSet<>(besides));
    if (!resolved.keySet().containsAll(names)) {
      return Optional.empty();
    }
    if (names.size() == 1) {
      return policy(name);
    }
    PolicyRef ref = ref(String.join("+", names), names.stream().map(this::chain).toList());
    return Optional.of(Policy.all(ref, names.stream().map(resolved::get).toList()));
  }

  /** A warning for each profile whose {@code checked} date is too old. */
  private List<String> stale(LocalDate oldestChecked) {
    List<String> warnings = new ArrayList<>();
    for (Profile profile : profiles.values()) {
      profile.sources().stream()
          .map(Profile.Source::checked)
          .filter(checked -> checked.isBefore(oldestChecked))
          .min(LocalDate::compareTo)
          .ifPresent(
              checked ->
                  warnings.add(
                      ("Compliance profile %s was last checked on %s. Check %s against its"
                              + " sources and set a new date.")
                          .formatted(profile.name(), checked, profile.place().file())));
    }
    return List.copyOf(warnings);
  }

  /** The profile and all that it extends, the root first. */
  private List<Profile> chain(String name) {
    List<Profile> chain = new ArrayList<>();
    Profile profile = profiles.get(name);
    while (profile != null) {
      if (chain.contains(profile)) {
        throw new PolicyException(
            profile.place().file(),
            "The profile " + profile.name() + " extends itself in a circle.",
            "Remove one extends of the circle.");
      }
      chain.add(0, profile);
      profile = parent(profile);
    }
    return chain;
  }

  private Profile parent(Profile profile) {
    if (profile.parent() == null) {
      return null;
    }
    Profile parent = profiles.get(profile.parent());
    if (parent == null) {
      throw new PolicyException(
          profile.place().file(),
          "The profile "
              + profile.name()
              + " extends "
              + Plain.escaped(profile.parent())
              + ", which is unknown.",
          "Known: " + String.join(", ", profiles.keySet()) + ".");
    }
    return parent;
  }

  private PolicyRef ref(String name, List<List<Profile>> chains) {
    Set<Path> hashed = new LinkedHashSet<>();
    chains.forEach(chain -> chain.forEach(profile -> hashed.add(profile.place().file())));
    String version =
        chains.stream()
            .map(chain -> chain.get(chain.size() - 1).version())
            .collect(Collectors.joining("+"));
    return new PolicyRef(name, version, sha256(hashed));
  }

  private String sha256(Set<Path> hashed) {
    MessageDigest digest = Hashes.sha256();
    hashed.forEach(file -> digest.update(files.get(file)));
    return Hashes.hex(digest);
  }

  private static List<Profile> profiles(ConfigNode config) {
    config.only("schema", "policy_version", "profiles", "merge");
    ConfigNode schema = config.need("schema");
    if (schema.count() != 1) {
      throw schema.wrong("has to be 1, the only form of these files");
    }
    config
        .get("merge")
        .filter(merge -> !merge.text().equals("most_restrictive"))
        .ifPresent(
            merge -> {
              throw merge.wrong("has to be most_restrictive, the only way of merging");
            });
    String version = config.need("policy_version").text();
    ConfigNode profiles = config.need("profiles").object();
    return profiles.keys().stream()
        .map(name -> Profile.parse(name, version, profiles.need(name)))
        .toList();
  }

  private static List<Path> yamlFiles(Path folder) {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml"))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw noPolicies(folder, "This folder cannot be read.");
    }
    if (files.isEmpty()) {
      throw noPolicies(folder, "There is no policy file (*.yaml) in this folder.");
    }
    return files;
  }

  private static PolicyException noPolicies(Path folder, String problem) {
    return new PolicyException(
        folder.toAbsolutePath(),
        problem,
        "Put the policies there, or set campaign-routes.config-dir to the folder that holds them.");
  }
}
