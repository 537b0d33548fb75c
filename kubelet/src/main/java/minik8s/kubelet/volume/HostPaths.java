package minik8s.kubelet.volume;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import minik8s.api.Volume;
import minik8s.kubelet.source.SourceFailure;

/** Checks what a hostPath volume promises of the node's path. Stateless. */
final class HostPaths {
  private static final int TYPE_MASK = 0170000;
  private static final int SOCKET = 0140000;
  private static final int BLOCK = 0060000;
  private static final int CHARACTER = 0020000;

  private HostPaths() {}

  static Path check(Volume.HostPath source) throws IOException {
    Path path = Path.of(source.path());
    switch (source.type()) {
      case "" -> {
        // Docker's bind would create a missing folder, too; here it is certain.
        if (!Files.exists(path)) {
          Files.createDirectories(path);
        }
      }
      case "DirectoryOrCreate" -> {
        if (!Files.exists(path)) {
          Files.createDirectories(path);
        }
        require(Files.isDirectory(path), path, "a directory");
      }
      case "Directory" -> require(Files.isDirectory(path), path, "a directory");
      case "FileOrCreate" -> {
        if (!Files.exists(path)) {
          Files.createFile(path);
        }
        require(Files.isRegularFile(path), path, "a file");
      }
      case "File" -> require(Files.isRegularFile(path), path, "a file");
      case "Socket" -> require(type(path) == SOCKET, path, "a socket file");
      case "BlockDevice" -> require(type(path) == BLOCK, path, "a block device");
      case "CharDevice" -> require(type(path) == CHARACTER, path, "a character device");
      default -> throw new SourceFailure("unknown hostPath type \"" + source.type() + "\"");
    }
    return path;
  }

  private static int type(Path path) throws IOException {
    try {
      return (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
    } catch (FileSystemException e) {
      return 0;
    }
  }

  private static void require(boolean ok, Path path, String what) {
    if (!ok) {
      throw new SourceFailure("hostPath type check failed: " + path + " is not " + what);
    }
  }
}
