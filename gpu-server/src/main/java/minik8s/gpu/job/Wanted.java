package minik8s.gpu.job;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import minik8s.gpu.JobSettings;
import minik8s.gpu.slurm.RemoteFile;

/**
 * Which files of a working directory are results: the output, the error output, and what {@code
 * collect} names. Pure. Slurm's placeholders in names match anything.
 */
final class Wanted {
  private final List<PathMatcher> output;
  private final List<PathMatcher> all;

  Wanted(JobSettings settings) {
    output = List.of(glob(placeholders(settings.output())), glob(placeholders(settings.error())));
    all = new ArrayList<>(output);
    for (String pattern : settings.collect()) {
      all.add(glob(pattern));
      // In a shell with globstar, ** also stands for no directory at all.
      if (pattern.startsWith("**/")) {
        all.add(glob(pattern.substring(3)));
      }
    }
  }

  private static String placeholders(String name) {
    return name.replaceAll("%[0-9]*[A-Za-z]", "*").replace("%%", "%");
  }

  private static PathMatcher glob(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (java.util.regex.PatternSyntaxException e) {
      return _ -> false;
    }
  }

  /** Output and error output. */
  List<RemoteFile> output(List<RemoteFile> files) {
    return files.stream().filter(file -> matches(output, file)).toList();
  }

  /** Everything to bring back. */
  List<RemoteFile> all(List<RemoteFile> files) {
    return files.stream().filter(file -> matches(all, file)).toList();
  }

  private static boolean matches(List<PathMatcher> matchers, RemoteFile file) {
    Path path = Path.of(file.path());
    return matchers.stream().anyMatch(matcher -> matcher.matches(path));
  }

  /** A name without placeholders is known without looking. */
  static boolean plain(String name) {
    return name.indexOf('%') < 0;
  }
}
