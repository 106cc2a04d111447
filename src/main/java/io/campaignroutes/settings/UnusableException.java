package io.campaignroutes.settings;

/** A value cannot be used; says how a sentence goes on that begins with the setting's name. */
public final class UnusableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String remedy;

  UnusableException(String problem, String remedy) {
    super(problem + " " + remedy);
    this.problem = problem;
    this.remedy = remedy;
  }

  SettingFault of(String property, String name) {
    return new SettingFault(property, name, problem, remedy);
  }
}
