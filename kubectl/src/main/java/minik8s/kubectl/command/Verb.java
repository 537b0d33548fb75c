package minik8s.kubectl.command;

/** One verb of the command line, such as {@code get}. Confined to one thread. */
public interface Verb {
  /** Adds this verb's own flags to the model. */
  void flags(Flags flags);

  /** Does the work; returns the process's exit code. */
  int run(Session session, Arguments arguments);

  /** The help: a sentence, then optional lines with examples, then the usage after the word. */
  Help help();

  /**
   * What {@code --help} prints.
   *
   * @param text what the verb does
   * @param examples indented example lines, or empty
   * @param usage the form of the command after {@code kubectl}
   */
  record Help(String text, String examples, String usage) {}
}
