package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** The pages that {@code help} and {@code --help} print. Stateless. */
final class HelpText {
  private static final String FOOTER =
      "\nUse \"kubectl options\" for a list of global command-line options (applies to all"
          + " commands).\n";

  private HelpText() {}

  static String overview() {
    StringBuilder out = new StringBuilder();
    out.append("kubectl controls the Kubernetes cluster manager.\n");
    for (String[] row : Verbs.INDEX) {
      if (row.length == 1) {
        out.append('\n').append(row[0]).append('\n');
      } else {
        out.append("  ").append(row[0]).repeat(' ', 16 - row[0].length()).append(row[1]);
        out.append('\n');
      }
    }
    out.append("\nUsage:\n  kubectl [flags] [options]\n\n");
    out.append("Use \"kubectl <command> --help\" for more information about a given command.");
    return out.append(FOOTER).toString();
  }

  static String group(String verb) {
    StringBuilder out = new StringBuilder();
    for (String[] row : Verbs.INDEX) {
      if (row[0].equals(verb)) {
        out.append(row[1]).append(".\n");
      }
    }
    out.append("\nAvailable Commands:\n");
    for (String child : Verbs.children(verb)) {
      if (child.length() > 2 && !child.equals("deploy")) {
        out.append("  ").append(child).append('\n');
      }
    }
    out.append("\nUsage:\n  kubectl ").append(verb).append(" [flags] [options]\n\n");
    out.append("Use \"kubectl ").append(verb).append(" <command> --help\" for more information");
    return out.append(" about a given command.").append(FOOTER).toString();
  }

  static String of(Verb verb, Flags flags, String path) {
    StringBuilder out = new StringBuilder();
    out.append(verb.help().text()).append('\n');
    if (!verb.help().examples().isEmpty()) {
      out.append("\nExamples:\n");
      for (String line : verb.help().examples().split("\n", -1)) {
        out.append("  ").append(line).append('\n');
      }
    }
    Flags globals = new Flags();
    Globals.declare(globals);
    List<OptionSpec> own = new ArrayList<>();
    for (OptionSpec option : flags.spec().options()) {
      if (globals.spec().findOption(option.longestName()) == null) {
        own.add(option);
      }
    }
    if (!own.isEmpty()) {
      out.append("\nOptions:\n").append(options(own));
    }
    out.append("\nUsage:\n  kubectl ").append(verb.help().usage()).append(" [options]\n");
    return out.append(FOOTER).toString();
  }

  static String options(List<OptionSpec> options) {
    options.sort(Comparator.comparing(OptionSpec::longestName));
    StringBuilder out = new StringBuilder();
    for (OptionSpec option : options) {
      String shortName = option.shortestName();
      out.append("    ");
      out.append(shortName.startsWith("--") ? "    " : shortName + ", ");
      out.append(option.longestName()).append('=').append(preset(option)).append(":\n\t");
      out.append(String.join(" ", option.description())).append("\n\n");
    }
    return out.toString();
  }

  private static String preset(OptionSpec option) {
    if (option.isMultiValue()) {
      return "[]";
    }
    String value = option.defaultValue();
    return value == null ? "''" : option.type() == String.class ? "'" + value + "'" : value;
  }

  /** A guess at what was meant, for a verb that does not exist. */
  static String suggestion(String word) {
    java.util.TreeSet<String> out = new java.util.TreeSet<>();
    for (String[] row : Verbs.INDEX) {
      if (row.length == 2 && (row[0].startsWith(word) || distance(row[0], word) <= 2)) {
        out.add("\t" + row[0] + "\n");
      }
    }
    return out.isEmpty() ? "" : "\n\nDid you mean this?\n" + String.join("", out);
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
