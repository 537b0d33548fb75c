package minik8s.kubelet.volume;

import java.nio.file.Path;

/**
 * A volume that can be mounted into containers. Immutable.
 *
 * @param path its folder, or a file or device of the node
 * @param readOnly whether no container may write to it, whatever its mount says
 * @param block whether it is a device without a file system
 */
public record PreparedVolume(Path path, boolean readOnly, boolean block) {
  PreparedVolume(Path path, boolean readOnly) {
    this(path, readOnly, false);
  }

  static PreparedVolume writable(Path path) {
    return new PreparedVolume(path, false);
  }
}
