package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.document.Tree;

/** What the words of {@code kubectl gpu} share: the type, a job's name, its outputs. Stateless. */
final class GpuJobs {
  static final ResourceType TYPE =
      new ResourceType(
          "gpu.minik8s.io",
          "v1",
          "gpujobs",
          "gpujob",
          "GpuJob",
          true,
          List.of("gj"),
          List.of(),
          List.of(),
          true);

  private GpuJobs() {}

  /** The one job that the words name, as {@code NAME} or {@code gpujob/NAME}. */
  static String name(Arguments arguments, String verb) {
    if (arguments.words().size() != 1) {
      throw new KubectlException(
          "error: exactly one NAME is required, got "
              + arguments.words().size()
              + "\nSee 'kubectl gpu "
              + verb
              + " -h' for help and examples");
    }
    String word = arguments.words().get(0);
    int slash = word.indexOf('/');
    boolean typed =
        slash > 0
            && List.of("gpujob", "gpujobs", "gj", "gpujob.gpu.minik8s.io", "gpujobs.gpu.minik8s.io")
                .contains(word.substring(0, slash));
    if (slash >= 0 && !typed) {
      throw KubectlException.error("\"" + word + "\" is no GpuJob: give a NAME or gpujob/NAME");
    }
    return word.substring(slash + 1);
  }

  /** Whether nothing more will come of a job. */
  static boolean ended(Map<String, Object> job) {
    return switch (Tree.text(job, "status", "phase")) {
      case "Succeeded", "Failed", "Cancelled" -> true;
      default -> false;
    };
  }

  /**
   * The path of a job's output among its results.
   *
   * @param error whether the error output is meant
   * @param task the task of an array; empty for its first
   */
  static String output(Map<String, Object> job, boolean error, String task) {
    boolean array = !Tree.text(job, "spec", "slurm", "array").isEmpty();
    String given = Tree.text(job, "spec", error ? "errorFile" : "outputFile");
    String suffix = error ? ".err" : ".out";
    String name = Tree.text(job, "metadata", "name");
    String pattern = !given.isEmpty() ? given : array ? name + "-%a" + suffix : name + suffix;
    if (!task.isEmpty()) {
      pattern = pattern.replaceAll("%\\d*a", task);
    }
    if (pattern.indexOf('%') < 0) {
      return pattern;
    }
    Pattern fits = regex(pattern);
    List<String> found = new ArrayList<>();
    for (Object result : Tree.list(job, "status", "results")) {
      String path = Tree.text(result, "path");
      if (fits.matcher(path).matches()) {
        found.add(path);
      }
    }
    return found.isEmpty() ? "" : found.get(0);
  }

  /** Slurm's %j, %5a and the like stand for something without a slash. */
  private static Pattern regex(String pattern) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < pattern.length()) {
      char c = pattern.charAt(i++);
      if (c != '%') {
        out.append(Pattern.quote(String.valueOf(c)));
        continue;
      }
      while (i < pattern.length() && Character.isDigit(pattern.charAt(i))) {
        i++;
      }
      out.append(i < pattern.length() && pattern.charAt(i) == '%' ? "%" : "[^/]*");
      i++;
    }
    return Pattern.compile(out.toString());
  }
}
