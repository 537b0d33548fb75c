package minik8s.gpu.slurm;

import java.util.regex.Pattern;

/**
 * A line for the login shell of the cluster's user: {@code bash 'SCRIPT' 'VERB' 'ARGUMENT'…}. The
 * only maker of such lines; every word is checked against a list of characters and put between
 * single quotes, so that any shell reads back just these words. Immutable.
 */
public final class CommandLine {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_./,:+%=-]{0,131072}");

  private final String text;
  private final String verb;

  private CommandLine(String text, String verb) {
    this.text = text;
    this.verb = verb;
  }

  /**
   * @throws IllegalArgumentException when a word has characters that are not allowed
   */
  public static CommandLine of(String script, String verb, String... arguments) {
    StringBuilder text = new StringBuilder("bash ").append(quoted(script));
    text.append(' ').append(quoted(verb));
    for (String argument : arguments) {
      text.append(' ').append(quoted(argument));
    }
    return new CommandLine(text.toString(), verb);
  }

  private static String quoted(String word) {
    if (!WORD.matcher(word).matches()) {
      throw new IllegalArgumentException("a word of a command has characters that are not allowed");
    }
    return "'" + word + "'";
  }

  /** What is asked for, for metrics and logs. */
  public String verb() {
    return verb;
  }

  @Override
  public String toString() {
    return text;
  }
}
