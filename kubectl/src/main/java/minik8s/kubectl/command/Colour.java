package minik8s.kubectl.command;

import java.util.Map;

/** The few terminal colours in use, and when they are wanted. Stateless. */
public final class Colour {
  static final String RESET = "\u001b[0m";
  static final String RED = "\u001b[31m";
  static final String GREEN = "\u001b[32m";
  static final String YELLOW = "\u001b[33m";
  static final String FAINT = "\u001b[2m";

  private Colour() {}

  static boolean wanted(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }
}
