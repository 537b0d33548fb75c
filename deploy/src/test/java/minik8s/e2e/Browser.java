package minik8s.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A headless Chromium, installed from its Debian package when it is missing. Thread-safe. */
final class Browser {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  private Browser() {}

  /** The page as it stands once it is loaded, as HTML. */
  static String page(String url) {
    return run(List.of("--dump-dom", url)).ok().out();
  }

  /** A picture of the page. */
  static void picture(String url, Path file, int width, int height) {
    run(List.of("--screenshot=" + file, "--window-size=" + width + "," + height, url)).ok();
  }

  private static Ran run(List<String> args) {
    install();
    Path profile;
    try {
      profile = Files.createTempDirectory("minik8s-browser");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  PROGRAM.toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--disable-dev-shm-usage",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--hide-scrollbars",
                  "--user-data-dir=" + profile));
      command.addAll(args);
      return Programs.run(command, Map.of(), "");
    } finally {
      remove(profile);
    }
  }

  private static synchronized void install() {
    if (!Files.isExecutable(PROGRAM)) {
      String script =
          "apt-get -q -y --no-install-recommends install chromium"
              + " || { apt-get -q update && apt-get -q -y --no-install-recommends install chromium; }";
      Programs.run(List.of("sh", "-c", script), Map.of("DEBIAN_FRONTEND", "noninteractive"), "")
          .ok();
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // A last process of the browser may still write there; the system empties its temporary
      // folder.
    }
  }
}
