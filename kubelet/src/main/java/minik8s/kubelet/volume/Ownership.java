package minik8s.kubelet.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The group that a pod's {@code fsGroup} makes the owner of its volumes. Stateless. Source:
 * Kubernetes' {@code volume_linux.go}.
 */
final class Ownership {
  /** What the group may do with what it can write to. */
  private static final int READ_WRITE = 0660;

  /** What the group may do with files that the kubelet writes. */
  static final int READ_ONLY = 0440;

  private static final int SET_GID = 02000;
  private static final int ENTER = 0110;

  private Ownership() {}

  /**
   * Gives everything below the folder to the group.
   *
   * @param onMismatch whether a folder whose root is right already is left alone
   */
  static void give(Path root, long group, boolean onMismatch) throws IOException {
    if (onMismatch && right(root, group)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            give(file, group, attributes);
            return FileVisitResult.CONTINUE;
          }

          // The folder after what is in it, so that a walk cut short is done again.
          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            give(folder, group, Files.readAttributes(folder, BasicFileAttributes.class));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void give(Path path, long group, BasicFileAttributes attributes)
      throws IOException {
    chgrp(path, group);
    if (!attributes.isSymbolicLink()) {
      int mode = mode(path) | READ_WRITE;
      chmod(path, attributes.isDirectory() ? mode | SET_GID | ENTER : mode);
    }
  }

  private static boolean right(Path root, long group) throws IOException {
    int wanted = READ_WRITE | SET_GID | ENTER;
    return ((Number) Files.getAttribute(root, "unix:gid")).longValue() == group
        && (mode(root) & wanted) == wanted;
  }

  /** Lets the group own one file or link. */
  static void chgrp(Path path, long group) throws IOException {
    Files.setAttribute(path, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
  }

  static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode") & 07777;
  }

  /** Sets all permission bits, whatever the umask. */
  static void chmod(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }
}
