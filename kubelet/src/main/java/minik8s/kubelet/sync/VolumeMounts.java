package minik8s.kubelet.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import minik8s.api.Container;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ContainerConfig.NodeDevice;
import minik8s.kubelet.runtime.ContainerConfig.Propagation;
import minik8s.kubelet.source.Expansion;
import minik8s.kubelet.source.SourceFailure;
import minik8s.kubelet.volume.PreparedVolume;

/** The volumes of a container as mounts. Stateless; looks at the disk and makes sub-paths. */
final class VolumeMounts {
  private VolumeMounts() {}

  /**
   * Where each volume appears.
   *
   * @param volumes of the pod by name
   * @param env what {@code subPathExpr} may use
   * @param recursive whether the engine makes all below a read-only mount read-only
   * @throws SourceFailure when a mount names no volume, leaves it, or can't be had
   */
  static List<Mount> of(
      Container container,
      Map<String, PreparedVolume> volumes,
      Map<String, String> env,
      BooleanSupplier recursive) {
    List<Mount> mounts = new ArrayList<>();
    for (Container.VolumeMount mount : container.volumeMounts()) {
      PreparedVolume volume = volumes.get(mount.name());
      if (volume == null) {
        throw new SourceFailure("volume \"" + mount.name() + "\" not found");
      }
      if (volume.block()) {
        throw new SourceFailure(
            "volume \"" + mount.name() + "\" has volumeMode Block, but is used in volumeMounts");
      }
      checkRecursive(mount, recursive);
      Path source = source(mount, volume.path().normalize(), env);
      mounts.add(
          new Mount(
              source.toString(),
              mount.mountPath(),
              mount.readOnly() || volume.readOnly(),
              propagation(mount)));
    }
    return mounts;
  }

  /** Volumes without a file system as devices. */
  static List<NodeDevice> devices(Container container, Map<String, PreparedVolume> volumes) {
    List<NodeDevice> devices = new ArrayList<>();
    for (Container.VolumeDevice device : container.volumeDevices()) {
      PreparedVolume volume = volumes.get(device.name());
      if (volume == null || !volume.block()) {
        throw new SourceFailure(
            "volume \"" + device.name() + "\" is not there, or not of volumeMode Block");
      }
      devices.add(new NodeDevice(volume.path().toString(), device.devicePath(), volume.readOnly()));
    }
    return devices;
  }

  /** Source: Kubernetes' {@code resolveRecursiveReadOnly}. */
  private static void checkRecursive(Container.VolumeMount mount, BooleanSupplier supported) {
    String mode = mount.recursiveReadOnly();
    if (mode.isEmpty() || mode.equals("Disabled")) {
      return;
    }
    String wish =
        "volume \"" + mount.name() + "\" requested recursive read-only mode, but it is not ";
    if (!mount.readOnly()) {
      throw new SourceFailure(wish + "read-only");
    }
    if (!mount.mountPropagation().isEmpty() && !mount.mountPropagation().equals("None")) {
      throw new SourceFailure(
          wish + "compatible with propagation \"" + mount.mountPropagation() + "\"");
    }
    if (mode.equals("Enabled") && !supported.getAsBoolean()) {
      throw new SourceFailure(wish + "supported by the runtime");
    }
  }

  private static Propagation propagation(Container.VolumeMount mount) {
    return switch (mount.mountPropagation()) {
      case "HostToContainer" -> Propagation.TO_CONTAINER;
      case "Bidirectional" -> Propagation.BOTH_WAYS;
      default -> Propagation.NONE;
    };
  }

  private static Path source(Container.VolumeMount mount, Path volume, Map<String, String> env) {
    String sub =
        mount.subPathExpr().isEmpty()
            ? mount.subPath()
            : Expansion.expand(mount.subPathExpr(), env);
    if (sub.isEmpty()) {
      return volume;
    }
    if (sub.contains("$(")) {
      throw new SourceFailure("missing value for \"" + sub + "\"");
    }
    try {
      return inside(volume, sub, mount.name());
    } catch (IOException e) {
      throw new SourceFailure(
          "failed to prepare subPath for volumeMount \"" + mount.name() + "\": " + e.getMessage());
    }
  }

  /**
   * The sub-path, made where it is missing. A link that a container put into the volume must not
   * lead to the node's own files.
   */
  private static Path inside(Path volume, String sub, String name) throws IOException {
    Path wanted = volume.resolve(sub).normalize();
    Path root = volume.toRealPath();
    if (!wanted.startsWith(volume) || !existing(wanted).toRealPath().startsWith(root)) {
      throw new SourceFailure("subPath \"" + sub + "\" leaves volume \"" + name + "\"");
    }
    if (!Files.exists(wanted)) {
      Files.createDirectories(wanted);
    }
    Path real = wanted.toRealPath();
    if (!real.startsWith(root)) {
      throw new SourceFailure("subPath \"" + sub + "\" leaves volume \"" + name + "\"");
    }
    // Links of the kubelet's own lead to folders that the next update removes: mount by the link.
    return Files.isSymbolicLink(wanted) && Files.exists(volume.resolve("..data")) ? wanted : real;
  }

  /** The deepest part of the path that exists. */
  private static Path existing(Path path) throws IOException {
    Path place = path;
    while (!Files.exists(place)) {
      Path parent = place.getParent();
      if (parent == null) {
        throw new NoSuchFileException(path.toString());
      }
      place = parent;
    }
    return place;
  }
}
