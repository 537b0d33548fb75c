package minik8s.kubectl.manifest;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import minik8s.kubectl.client.KubectlException;

/**
 * Patterns of paths, read like those of {@code .gitignore}: one without a slash fits a name at any
 * depth, one with a slash the whole path, and <code>**</code> any number of folders, also none.
 * Immutable.
 */
final class Patterns {
  private final List<PathMatcher> names = new ArrayList<>();
  private final List<PathMatcher> paths = new ArrayList<>();

  Patterns(List<String> patterns) {
    for (String pattern : patterns) {
      if (!pattern.contains("/")) {
        names.add(matcher(pattern, pattern));
      } else {
        paths.add(matcher(pattern, pattern));
        // Java's ** wants at least one folder before the slash that follows it.
        if (pattern.contains("**/")) {
          paths.add(matcher(pattern.replace("**/", ""), pattern));
        }
      }
    }
  }

  private static PathMatcher matcher(String glob, String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw KubectlException.error(
          "\"" + pattern + "\" is no pattern of files: " + e.getDescription());
    }
  }

  /** Whether one of them fits a relative path. */
  boolean match(Path relative) {
    Path name = relative.getFileName();
    return names.stream().anyMatch(one -> one.matches(name))
        || paths.stream().anyMatch(one -> one.matches(relative));
  }
}
