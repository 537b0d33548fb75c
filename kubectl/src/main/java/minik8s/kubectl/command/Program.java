package minik8s.kubectl.command;

import java.time.InstantSource;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;

/** One run from raw words to an exit code. Confined to one thread. */
public final class Program {
  private final Streams streams;
  private final Map<String, String> environment;
  private final InstantSource clock;

  /** A run with its surroundings. */
  public Program(Streams streams, Map<String, String> environment, InstantSource clock) {
    this.streams = streams;
    this.environment = environment;
    this.clock = clock;
  }

  /** Runs; throws {@link KubectlException} for whatever the user should read. */
  public int run(String[] args) {
    CommandLineReader line = new CommandLineReader(args);
    if (line.verb().equals("help")) {
      line = new CommandLineReader(withHelp(line));
    }
    if (line.verb().isEmpty()) {
      if (line.rest().isEmpty() || line.wantsHelp()) {
        streams.out().append(HelpText.overview());
        return 0;
      }
      throw KubectlException.error("unknown flag: " + line.rest().get(0));
    }
    Verb verb = Verbs.find(line.verb(), line.child());
    if (verb == null) {
      return group(line);
    }
    Flags flags = new Flags();
    verb.flags(flags);
    Globals.declare(flags);
    if (line.wantsHelp()) {
      streams.out().append(HelpText.of(verb, flags, line.path()));
      return 0;
    }
    try (Session session = new Session(streams, environment, clock, line.parse(flags))) {
      int code = verb.run(session, session.arguments());
      session.settleWarnings();
      return code;
    }
  }

  private static String[] withHelp(CommandLineReader line) {
    String[] out = new String[line.rest().size() + 1];
    for (int i = 0; i < line.rest().size(); i++) {
      out[i] = line.rest().get(i);
    }
    out[out.length - 1] = "--help";
    return out;
  }

  /** A verb that needs a second word, or no verb at all. */
  private int group(CommandLineReader line) {
    if (Verbs.children(line.verb()).isEmpty()) {
      throw new KubectlException(
          "error: unknown command \""
              + line.verb()
              + "\" for \"kubectl\""
              + HelpText.suggestion(line.verb()));
    }
    for (String word : line.words()) {
      if (!word.isEmpty()) {
        throw new KubectlException(
            "error: unknown command \""
                + word
                + "\"\nSee 'kubectl "
                + line.verb()
                + " -h' for help and examples");
      }
    }
    streams.out().append(HelpText.group(line.verb()));
    return 0;
  }
}
