package minik8s.kubectl.manifest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/**
 * Packs the folder that a GpuJob's {@code spec.workDirectory.path} names into the job, so that the
 * object carries its sources wherever it goes. Stateless.
 */
public final class GpuJobFiles {
  private GpuJobFiles() {}

  /** Whether a document is a GpuJob with a local folder that has not been packed yet. */
  public static boolean wanting(Map<String, Object> document) {
    return job(document)
        && !Tree.text(document, "spec", "workDirectory", "path").isEmpty()
        && Tree.map(document, "spec", "workDirectory", "source").isEmpty();
  }

  /** Whether a document is a GpuJob whose files came from a folder. */
  public static boolean packed(Map<String, Object> document) {
    return job(document)
        && !Tree.text(document, "spec", "workDirectory", "path").isEmpty()
        && !Tree.list(document, "spec", "workDirectory", "source", "files").isEmpty();
  }

  private static boolean job(Map<String, Object> document) {
    return Tree.text(document, "kind").equals("GpuJob")
        && Tree.text(document, "apiVersion").startsWith("gpu.minik8s.io/");
  }

  /**
   * Puts the files into the document.
   *
   * @param source the file that the document came from, or {@code STDIN}
   */
  public static void pack(Map<String, Object> document, String source) {
    Map<String, Object> work = Tree.child(Tree.child(document, "spec"), "workDirectory");
    String path = Tree.text(work, "path");
    Path folder = WorkFolder.below(home(source, path), path);
    List<Object> files =
        new WorkFolder(folder, texts(work, "include"), texts(work, "exclude")).pack();
    Tree.put(work, files, "source", "files");
  }

  /** The folder of the manifest; that of the shell for standard input and flags. */
  private static Path home(String source, String path) {
    if (source.startsWith("http://") || source.startsWith("https://")) {
      throw KubectlException.error(
          "spec.workDirectory.path \""
              + path
              + "\" is a folder of this machine, which a manifest of "
              + source
              + " may not name");
    }
    if (source.equals("STDIN") || source.isEmpty()) {
      return Path.of("").toAbsolutePath();
    }
    Path parent = Path.of(source).toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static List<String> texts(Map<String, Object> work, String field) {
    List<String> out = new ArrayList<>();
    for (Object one : Tree.list(work, field)) {
      out.add(Tree.scalar(one));
    }
    return out;
  }

  /**
   * A copy without the contents of packed files. It stands for the whole in apply's annotation,
   * which has a quarter of the room that the files may take.
   */
  public static Map<String, Object> withoutContents(Map<String, Object> document) {
    Map<String, Object> copy = Tree.copyMap(document);
    List<Object> names = new ArrayList<>();
    for (Object file : Tree.list(copy, "spec", "workDirectory", "source", "files")) {
      names.add(Tree.of("path", Tree.text(file, "path")));
    }
    Tree.put(copy, names, "spec", "workDirectory", "source", "files");
    return copy;
  }
}
