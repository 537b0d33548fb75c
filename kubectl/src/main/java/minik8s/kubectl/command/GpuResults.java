package minik8s.kubectl.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.WebFile;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.TabWriter;

/** {@code kubectl gpu results}: where the results of a job are, what there is, and copies of it. */
final class GpuResults implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("--url", "Print the address alone, for a browser or a script.")
        .text("-d --download", "", "Folder to copy the results into.");
  }

  @Override
  public Help help() {
    return new Help(
        "Show where the results of a GPU job are and which files there are; or download them.",
        "# Open them in a browser\nxdg-open $(kubectl gpu results matrix-add --url)\n\n"
            + "# Copy them here\nkubectl gpu results matrix-add -d ./results",
        "gpu results NAME [--url | -d FOLDER]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = GpuJobs.name(arguments, "results");
    Map<String, Object> job = session.server().get(GpuJobs.TYPE.path(session.namespace(), name));
    String url = Tree.text(job, "status", "resultsURL");
    if (url.isEmpty()) {
      String phase = Tree.text(job, "status", "phase");
      throw KubectlException.error(
          "gpujob \""
              + name
              + "\" has no results yet"
              + (phase.isEmpty() ? "" : "; it is " + phase));
    }
    if (arguments.bool("--url")) {
      session.print(url);
      return 0;
    }
    String folder = arguments.text("--download");
    if (!folder.isEmpty()) {
      download(session, job, url, Path.of(folder).toAbsolutePath().normalize());
      return 0;
    }
    session.print(url);
    TabWriter table = new TabWriter();
    table.line("FILE", "SIZE");
    for (Object result : Tree.list(job, "status", "results")) {
      table.line(Tree.text(result, "path"), size(Tree.number(result, 0, "size")));
    }
    session.streams().out().append(table.flush());
    return 0;
  }

  private static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    return bytes < 1024 * 1024
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }

  private static void download(Session session, Map<String, Object> job, String url, Path folder) {
    for (Object result : Tree.list(job, "status", "results")) {
      String path = Tree.text(result, "path");
      Path target = folder.resolve(path).normalize();
      // The names came over the network.
      if (path.isEmpty() || !target.startsWith(folder) || target.equals(folder)) {
        throw KubectlException.error("the result \"" + path + "\" would leave " + folder);
      }
      try {
        Files.createDirectories(target.resolve("..").normalize());
        try (OutputStream out = Files.newOutputStream(target)) {
          WebFile.below(url, path).copy(0, out);
        }
      } catch (IOException e) {
        throw KubectlException.error("downloading " + path + ": " + e.getMessage());
      }
      session.print(folder.relativize(target).toString());
    }
  }
}
