package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.core.env.ConfigurableEnvironment;

/** Which of the settings in force are insecure, and whether somebody has said that they may be. */
public final class InsecureSettings {
  private static final List<String> CXONE =
      List.of(
          "cxone.base-url",
          "cxone.token-url",
          "cxone.access-key-url",
          "cxone.discovery-url",
          "cxone.endpoint",
          "personal-connection.token-url",
          "personal-connection.endpoint");

  private static final String ISSUER = "oidc.issuer";
  private static final String PLACE = "cxone.token-credentials";

  /** By its name alone: what a name server says may be another thing tomorrow. */
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?i)(?:[a-z0-9_-]+\\.)*localhost\\.?|127(?:\\.\\d{1,3}){3}|\\[(?:::1|0:0:0:0:0:0:0:1)]");

  private final ConfigurableEnvironment environment;
  private final SettingNames names;
  private final List<Need> needs = new ArrayList<>();

  /**
   * A setting that is insecure.
   *
   * @param said how the sentence goes on that begins with its name
   */
  private record Need(Insecure what, String property, String name, String said, String remedy) {}

  public InsecureSettings(ConfigurableEnvironment environment) {
    this.environment = environment;
    this.names = new SettingNames(environment);
    for (String property : CXONE) {
      plain(
          Insecure.HTTP_CXONE,
          property,
          "credentials, tokens and campaigns go there for everybody on the way to read and change");
    }
    plain(
        Insecure.HTTP_ISSUER,
        ISSUER,
        "whoever is on the way can put keys of his own in place of the issuer's and let himself in");
    query();
    SecretFiles.of(environment)
        .readable()
        .forEach(
            file ->
                needs.add(
                    new Need(
                        Insecure.READABLE_SECRETS,
                        file.name(),
                        file.name(),
                        "is read from %s, which every user of this machine may read."
                            .formatted(Plain.quoted(file.path().toString())),
                        "Take that right away (chmod o-r)")));
    if (value(Insecure.DESTINATIONS).strip().equalsIgnoreCase("true")) {
      needs.add(
          new Need(
              Insecure.PRIVATE_DESTINATIONS,
              Insecure.DESTINATIONS,
              Insecure.PRIVATE_DESTINATIONS.isAllowed(environment)
                  ? "ALLOW_INSECURE"
                  : names.of(Insecure.DESTINATIONS),
              "lets events go to addresses that are not public: whoever launches a campaign can"
                  + " have this machine call others that he cannot reach.",
              ""));
    }
  }

  /**
   * A fault for each that nobody has allowed.
   *
   * @param told settings at fault already, of which nothing more is told
   */
  List<SettingFault> faults(Set<String> told) {
    List<SettingFault> faults = new ArrayList<>();
    UnusableException unknown = Insecure.unknown(environment);
    if (unknown != null) {
      faults.add(unknown.of(Insecure.SETTING, names.of(Insecure.SETTING)));
    }
    Set<String> at = new HashSet<>(told);
    for (Need need : needs) {
      boolean made = names.madeOf(need.property()).stream().anyMatch(at::contains);
      if (!isAllowed(need) && !at.contains(need.property()) && !made) {
        faults.add(
            new SettingFault(
                need.property(),
                need.name(),
                Variables.hidden(environment, need.said()),
                need.remedy()
                    + ", or name "
                    + need.what().word()
                    + " in ALLOW_INSECURE if it has to be so."));
        at.add(need.property());
      }
    }
    return faults;
  }

  /** A line for each that is insecure and may be so, and for each name that nothing needs. */
  public List<String> allowed() {
    List<String> lines = new ArrayList<>();
    for (Need need : needs) {
      if (isAllowed(need) && names.madeOf(need.property()).stream().noneMatch(this::isTold)) {
        lines.add(
            "Insecure and allowed (%s): %s %s"
                .formatted(
                    need.what().word(), need.name(), Variables.hidden(environment, need.said())));
      }
    }
    for (Insecure one : Insecure.values()) {
      if (one.isAllowed(environment) && needs.stream().noneMatch(need -> need.what() == one)) {
        lines.add(
            "ALLOW_INSECURE names %s, which nothing here needs. Take it out."
                .formatted(one.word()));
      }
    }
    return lines;
  }

  private boolean isTold(String property) {
    return needs.stream().anyMatch(need -> need.property().equals(property));
  }

  /** Private destinations have a setting of their own, which says as much. */
  private boolean isAllowed(Need need) {
    return need.what() == Insecure.PRIVATE_DESTINATIONS || need.what().isAllowed(environment);
  }

  private void plain(Insecure what, String property, String why) {
    String given = value(property).strip();
    String name = names.of(property);
    boolean told = needs.stream().anyMatch(need -> need.name().equals(name));
    if (!told && given.toLowerCase(Locale.ROOT).startsWith("http://") && !isLoopback(given)) {
      String is = "is " + Plain.quoted(given) + ", without TLS and not on this machine: " + why;
      needs.add(new Need(what, property, name, is + ".", "Use https"));
    }
  }

  private void query() {
    if (value(PLACE).strip().equalsIgnoreCase("query") && !isLoopback(value("cxone.token-url"))) {
      needs.add(
          new Need(
              Insecure.QUERY_CREDENTIALS,
              PLACE,
              names.of(PLACE),
              "is query: the client's secret stands in the address of the token call, which proxies"
                  + " and servers on the way write into their logs.",
              "Use body or basic"));
    }
  }

  private static boolean isLoopback(String address) {
    try {
      String host = URI.create(address.strip()).getHost();
      return host == null || LOOPBACK.matcher(host).matches(); // without a host it is no address
    } catch (IllegalArgumentException e) {
      return true; // which is told
    }
  }

  private String value(String name) {
    try {
      return environment.getProperty(name, "");
    } catch (IllegalArgumentException e) {
      return ""; // refers to something that is not set, which is told
    }
  }
}
