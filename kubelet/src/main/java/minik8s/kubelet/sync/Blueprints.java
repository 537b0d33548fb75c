package minik8s.kubelet.sync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Mount;
import minik8s.kubelet.runtime.ContainerConfig.Security;
import minik8s.kubelet.runtime.ContainerRuntime.Image;
import minik8s.kubelet.sandbox.OomScores;
import minik8s.kubelet.sandbox.PodFiles;
import minik8s.kubelet.sandbox.PodSecurity;
import minik8s.kubelet.source.Environment;
import minik8s.kubelet.source.PodFields;
import minik8s.kubelet.source.SourceFailure;
import minik8s.kubelet.status.Qos;
import minik8s.kubelet.volume.PreparedVolume;

/**
 * Puts together all that the runtime must know of a pod's sandbox and containers: the spec, what it
 * names, and the files around it. Thread-safe as long as each pod has one caller at a time. Every
 * method throws {@link SourceFailure} when something is missing or must not be.
 */
final class Blueprints {
  /** The first engine that makes all below a read-only mount read-only. */
  private static final int RECURSIVE_SINCE = 25;

  private final Workshop shop;
  private final PodFiles files;

  Blueprints(Workshop shop) {
    this.shop = shop;
    this.files = new PodFiles(shop.settings());
  }

  ContainerConfig sandbox(Pod pod, int attempt) {
    return Configs.sandbox(
        pod, attempt, shop.sandboxImage(), shop.settings().cluster().domain(), runtime(pod));
  }

  /** The engine's name of the runtime that the pod asks for. */
  private String runtime(Pod pod) {
    String name = pod.spec().runtimeClassName();
    return name.isEmpty()
        ? ""
        : shop.references()
            .runtimeClass(name)
            .orElseThrow(() -> new SourceFailure("RuntimeClass \"" + name + "\" not found"))
            .handler();
  }

  /**
   * A container to be.
   *
   * @param message where it can leave a word at its end
   */
  ContainerConfig container(
      PodFields fields,
      PodAction.StartContainer action,
      Map<String, PreparedVolume> volumes,
      Mount message) {
    Pod pod = fields.pod();
    Container container = action.container();
    Map<String, String> env = Environment.of(container, fields, shop.references());
    String imageUser = shop.images().find(container.image()).map(Image::user).orElse("");
    Security security = PodSecurity.of(pod, container, imageUser, files::seccompProfile);
    List<Mount> mounts = new ArrayList<>(VolumeMounts.of(container, volumes, env, this::recursive));
    try {
      mounts.addAll(files.mounts(pod, container, shop.volumes().folder(pod.uid()), fields.podIp()));
    } catch (IOException e) {
      throw new SourceFailure("no hosts file or resolv.conf: " + e.getMessage());
    }
    mounts.add(message);
    return Configs.container(
        pod,
        container,
        action.attempt(),
        action.sandbox().id(),
        env,
        mounts,
        security,
        limits(pod, container),
        Configs.isolation(
            pod, action.sandbox().id(), runtime(pod), VolumeMounts.devices(container, volumes)));
  }

  private Limits limits(Pod pod, Container container) {
    Quantity memory = shop.allocatable().getOrDefault("memory", Quantity.ZERO);
    int score = OomScores.of(pod, container, Qos.of(pod), memory.value());
    return Configs.limits(pod, container, score, devices(pod, container));
  }

  /** The devices that the container gets, by the engine's driver. */
  private Map<String, List<String>> devices(Pod pod, Container container) {
    Map<String, List<String>> devices = new HashMap<>();
    shop.settings()
        .drivers()
        .forEach((resource, driver) -> {
          Quantity wanted = container.resources().limits().get(resource);
          if (wanted != null && wanted.value() > 0) {
            devices
                .computeIfAbsent(driver, _ -> new ArrayList<>())
                .addAll(
                    shop.settings()
                        .devices()
                        .take(pod.uid(), container.name(), resource, (int) wanted.value()));
          }
        });
    return devices;
  }

  private boolean recursive() {
    String major = shop.runtime().version().split("\\.", 2)[0];
    return major.matches("\\d+") && Integer.parseInt(major) >= RECURSIVE_SINCE;
  }
}
