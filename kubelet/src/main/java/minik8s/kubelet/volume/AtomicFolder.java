package minik8s.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import minik8s.files.FolderTree;
import org.jspecify.annotations.Nullable;

/**
 * A folder whose whole content changes at one instant. Confined to one thread at a time.
 *
 * <p>Files live in a folder with a fresh name; {@code ..data} is a link to it that is renamed into
 * place, and what users see are links through {@code ..data}. Source: Kubernetes' {@code
 * AtomicWriter}.
 */
public final class AtomicFolder {
  private static final String DATA = "..data";
  private static final String NEXT = "..data_tmp";

  private final Path folder;
  private final @Nullable Long group;

  public AtomicFolder(Path folder) {
    this(folder, null);
  }

  /**
   * A folder whose files belong to a group.
   *
   * @param group null for the kubelet's own
   */
  AtomicFolder(Path folder, @Nullable Long group) {
    this.folder = folder;
    this.group = group;
  }

  /**
   * Makes the content so.
   *
   * @param files by relative path
   * @return whether anything changed
   */
  public boolean write(Map<String, Payload> files) throws IOException {
    Files.createDirectories(folder);
    Path old = current();
    if (old != null && read(old).equals(files)) {
      return false;
    }
    Path fresh = Files.createTempDirectory(folder, "..");
    permit(fresh, 0755);
    for (Map.Entry<String, Payload> file : new TreeMap<>(files).entrySet()) {
      Path path = fresh.resolve(file.getKey()).normalize();
      if (!path.startsWith(fresh)) {
        throw new IOException("path " + file.getKey() + " leaves the volume");
      }
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue().bytes());
      permit(path, file.getValue().mode());
      if (group != null) {
        Ownership.chgrp(path, group);
      }
    }
    Path link = folder.resolve(NEXT);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, fresh.getFileName());
    Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
    relink(files.keySet());
    if (old != null) {
      FolderTree.delete(old);
    }
    return true;
  }

  private @Nullable Path current() throws IOException {
    try {
      return folder.resolve(Files.readSymbolicLink(folder.resolve(DATA)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static Map<String, Payload> read(Path root) throws IOException {
    Map<String, Payload> files = new HashMap<>();
    if (!Files.isDirectory(root)) {
      return files;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        int mode = (int) Files.getAttribute(path, "unix:mode") & 07777;
        files.put(root.relativize(path).toString(), new Payload(Files.readAllBytes(path), mode));
      }
    }
    return files;
  }

  /** One link per first path segment; links of vanished ones go. */
  private void relink(Set<String> files) throws IOException {
    Set<String> wanted = new HashSet<>();
    files.forEach(file -> wanted.add(Path.of(file).getName(0).toString()));
    for (String name : wanted) {
      Path link = folder.resolve(name);
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = String.valueOf(entry.getFileName());
        if (!name.startsWith("..") && !wanted.contains(name)) {
          Files.delete(entry);
        }
      }
    }
  }

  /** Sets the permission bits, whatever the umask. */
  static void permit(Path path, int mode) throws IOException {
    Ownership.chmod(path, mode);
  }
}
