package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Finds the verb in a command line and parses the rest with a picocli model of that verb alone, in
 * the dialect of Go's flags. Confined to one thread.
 */
public final class CommandLineReader {
  private final List<String> words = new ArrayList<>();
  private @Nullable List<String> afterDash;
  private String verb = "";
  private String child = "";

  /** Reads the raw words. */
  public CommandLineReader(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--")) {
        afterDash = List.of(args).subList(i + 1, args.length);
        break;
      }
      words.add(args[i]);
    }
    verb = take(List.of());
    List<String> children = Verbs.children(verb);
    if (!children.isEmpty()) {
      child = take(children);
    }
  }

  /** The first word that is neither a flag nor a flag's value; with a choice only one of it. */
  private String take(List<String> choice) {
    boolean any = choice.isEmpty();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (Globals.takesValue(word) || (!any && (word.equals("-f") || word.equals("-o")))) {
        i++;
      } else if (!word.startsWith("-")) {
        return any || choice.contains(word) ? words.remove(i) : "";
      }
    }
    return "";
  }

  /** The verb; empty when there is none. */
  public String verb() {
    return verb;
  }

  /** The second word, as in {@code rollout status}; empty when there is none. */
  public String child() {
    return child;
  }

  /** The verb with its second word. */
  public String path() {
    return child.isEmpty() ? verb : verb + " " + child;
  }

  /** Whether help was asked for. */
  public boolean wantsHelp() {
    return words.contains("--help") || words.contains("-h");
  }

  /** The words left that are neither flags nor values of global flags. */
  List<String> words() {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (Globals.takesValue(words.get(i))) {
        i++;
      } else if (!words.get(i).startsWith("-")) {
        out.add(words.get(i));
      }
    }
    return out;
  }

  /** The words left, without verb and flags of help. */
  List<String> rest() {
    return words;
  }

  /** Parses what follows the verb. */
  public Arguments parse(Flags flags) {
    CommandLine line = new CommandLine(flags.spec());
    String[] rest = complete(flags.optionals());
    try {
      return new Arguments(line.parseArgs(rest), afterDash);
    } catch (UnmatchedArgumentException e) {
      throw usage(unknown(e.getUnmatched().get(0)));
    } catch (MissingParameterException e) {
      throw usage("flag needs an argument: " + missing(e.getMissing()));
    } catch (ParameterException e) {
      throw KubectlException.error(bad(e));
    }
  }

  private String[] complete(Map<String, String> optional) {
    String[] out = words.toArray(new String[0]);
    for (int i = 0; i < out.length; i++) {
      String alone = optional.get(out[i]);
      if (alone != null) {
        out[i] = out[i] + "=" + alone;
      }
    }
    return out;
  }

  private static String unknown(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    return word.startsWith("--")
        ? "unknown flag: " + name
        : "unknown shorthand flag: '"
            + word.charAt(Math.min(1, word.length() - 1))
            + "' in "
            + word;
  }

  private static String missing(List<ArgSpec> missing) {
    if (missing.get(0) instanceof OptionSpec option) {
      return option.longestName();
    }
    return missing.get(0).paramLabel();
  }

  private static String bad(ParameterException e) {
    String value = String.valueOf(e.getValue());
    String name = e.getArgSpec() instanceof OptionSpec option ? names(option) : "";
    return "invalid argument \""
        + value
        + "\" for \""
        + name
        + "\" flag: strconv.ParseBool: parsing \""
        + value
        + "\": invalid syntax";
  }

  private static String names(OptionSpec option) {
    return String.join(", ", option.names());
  }

  private KubectlException usage(String message) {
    return new KubectlException(
        "error: " + message + "\nSee 'kubectl " + path() + " --help' for usage.");
  }
}
