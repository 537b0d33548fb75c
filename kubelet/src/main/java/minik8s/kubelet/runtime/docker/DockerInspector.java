package minik8s.kubelet.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.Map;
import java.util.Optional;
import minik8s.kubelet.runtime.ContainerInspector;
import org.jspecify.annotations.Nullable;

/** Inspects containers of a Docker Engine for those who measure them. Thread-safe. */
final class DockerInspector implements ContainerInspector {
  private final DockerClient docker;

  DockerInspector(DockerClient docker) {
    this.docker = docker;
  }

  @Override
  public Optional<Inspection> look(String id) {
    return DockerRuntime.call(() -> {
      try {
        return of(docker.inspectContainerCmd(id).exec());
      } catch (NotFoundException e) {
        return Optional.<Inspection>empty();
      }
    });
  }

  private static Optional<Inspection> of(InspectContainerResponse seen) {
    Long pid = seen.getState().getPidLong();
    if (!Boolean.TRUE.equals(seen.getState().getRunning()) || pid == null || pid == 0) {
      return Optional.empty();
    }
    String log = text(seen.getLogPath());
    return Optional.of(
        new Inspection(
            pid,
            text(seen.getConfig().getImage()),
            text(seen.getName()).replaceFirst("^/", ""),
            "host".equals(seen.getHostConfig().getNetworkMode()),
            layer(seen),
            log.substring(0, Math.max(0, log.lastIndexOf('/')))));
  }

  /** The overlay's upper folder, which docker-java has no accessor for. */
  private static String layer(InspectContainerResponse seen) {
    Object driver = seen.getRawValues().get("GraphDriver");
    Object data = driver instanceof Map<?, ?> fields ? fields.get("Data") : null;
    return data instanceof Map<?, ?> fields && fields.get("UpperDir") instanceof String folder
        ? folder
        : "";
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
