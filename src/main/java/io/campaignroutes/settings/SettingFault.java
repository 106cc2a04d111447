package io.campaignroutes.settings;

/**
 * A setting that cannot be used.
 *
 * @param property the setting by its name in {@code application.yaml}, such as {@code
 *     pacing.period}
 * @param name what the person wrote: a variable, an argument, or the key and where it stands
 * @param problem how the sentence goes on that begins with the name
 * @param remedy what to do about it, a sentence
 */
public record SettingFault(String property, String name, String problem, String remedy) {

  /** The one line that a person reads. */
  public String line() {
    return (name + " " + problem + " " + remedy).strip();
  }
}
