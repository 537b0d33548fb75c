package minik8s.kubelet.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.PropagationMode;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minik8s.kubelet.runtime.ContainerConfig;
import minik8s.kubelet.runtime.ContainerConfig.Isolation;
import minik8s.kubelet.runtime.ContainerConfig.Limits;
import minik8s.kubelet.runtime.ContainerConfig.Network;
import minik8s.kubelet.runtime.ContainerConfig.PortMapping;
import minik8s.kubelet.runtime.ContainerConfig.Processes;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.kubelet.runtime.ObservedContainer.State;
import org.jspecify.annotations.Nullable;

/** Our records to and from docker-java's shapes. Stateless. */
final class DockerShapes {
  private static final long CPU_PERIOD_MICROS = 100_000;
  private static final Map<String, String> LOG_LIMITS = Map.of("max-size", "10m", "max-file", "3");

  private DockerShapes() {}

  static HostConfig hostConfig(ContainerConfig config) {
    HostConfig host = Privileges.settings(config.security());
    host.withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG_LIMITS));
    host.withBinds(config.mounts().stream().map(DockerShapes::bind).toList());
    limits(host, config.limits());
    Privileges.apply(host, config.security());
    isolation(host, config.isolation());
    boolean hostIpc = config.isolation().hostIpc();
    switch (config.network()) {
      case Network.Own own -> {
        host.withIpcMode(hostIpc ? "host" : "shareable");
        host.withPortBindings(own.ports().stream().map(DockerShapes::binding).toList());
      }
      case Network.Host _ ->
          host.withNetworkMode("host").withIpcMode(hostIpc ? "host" : "shareable");
      case Network.Joined joined ->
          host.withNetworkMode("container:" + joined.sandboxId())
              .withIpcMode(hostIpc ? "host" : "container:" + joined.sandboxId());
    }
    return host;
  }

  private static void isolation(HostConfig host, Isolation isolation) {
    switch (isolation.processes()) {
      case Processes.Own _ -> {}
      case Processes.Host _ -> host.withPidMode("host");
      case Processes.Of other -> host.withPidMode("container:" + other.containerId());
    }
    if (!isolation.sysctls().isEmpty()) {
      host.withSysctls(isolation.sysctls());
    }
    if (!isolation.devices().isEmpty()) {
      List<Device> devices = new ArrayList<>();
      if (host.getDevices() != null) {
        devices.addAll(List.of(host.getDevices()));
      }
      isolation
          .devices()
          .forEach(d ->
              devices.add(new Device(d.readOnly() ? "r" : "rwm", d.containerPath(), d.hostPath())));
      host.withDevices(devices);
    }
    if (!isolation.runtime().isEmpty()) {
      host.withRuntime(isolation.runtime());
    }
    if (!isolation.cgroupParent().isEmpty()) {
      host.withCgroupParent(isolation.cgroupParent());
    }
  }

  private static void limits(HostConfig host, Limits limits) {
    if (limits.cpuShares() > 0) {
      host.withCpuShares(limits.cpuShares());
    }
    if (limits.cpuQuotaMicros() > 0) {
      host.withCpuPeriod(CPU_PERIOD_MICROS).withCpuQuota(limits.cpuQuotaMicros());
    }
    if (limits.memoryBytes() > 0) {
      host.withMemory(limits.memoryBytes()).withMemorySwap(limits.memoryBytes());
    }
    if (limits.oomScoreAdj() > 0 || Privileges.lowersOomScores()) {
      host.withOomScoreAdj(limits.oomScoreAdj());
    }
    if (!limits.devices().isEmpty()) {
      host.withDeviceRequests(
          limits.devices().entrySet().stream()
              .map(entry ->
                  new DeviceRequest()
                      .withDriver(entry.getKey())
                      .withDeviceIds(entry.getValue())
                      .withCapabilities(List.of(List.of("gpu"))))
              .toList());
    }
  }

  private static Bind bind(ContainerConfig.Mount mount) {
    return new Bind(
        mount.hostPath(),
        new Volume(mount.containerPath()),
        mount.readOnly() ? AccessMode.ro : AccessMode.rw,
        SELContext.none,
        null,
        switch (mount.propagation()) {
          case NONE -> PropagationMode.DEFAULT_MODE;
          case TO_CONTAINER -> PropagationMode.RSLAVE;
          case BOTH_WAYS -> PropagationMode.RSHARED;
        });
  }

  private static PortBinding binding(PortMapping port) {
    return new PortBinding(
        new Ports.Binding(
            port.hostIp().isEmpty() ? null : port.hostIp(), Integer.toString(port.hostPort())),
        exposed(port));
  }

  static List<ExposedPort> exposed(ContainerConfig config) {
    List<ExposedPort> ports = new ArrayList<>();
    if (config.network() instanceof Network.Own own) {
      own.ports().forEach(port -> ports.add(exposed(port)));
    }
    return ports;
  }

  private static ExposedPort exposed(PortMapping port) {
    return new ExposedPort(
        port.containerPort(), InternetProtocol.parse(port.protocol().toLowerCase(Locale.ROOT)));
  }

  static ObservedContainer observed(InspectContainerResponse seen, Map<String, String> labels) {
    return new ObservedContainer(
        seen.getId(),
        Labels.pod(labels),
        labels.getOrDefault(Labels.CONTAINER, ""),
        (int) Labels.number(labels, Labels.ATTEMPT, 0),
        labels.getOrDefault(Labels.HASH, ""),
        labels.getOrDefault(Labels.SANDBOX_ID, ""),
        state(seen),
        seen.getImageId() == null ? "" : seen.getImageId(),
        time(seen.getCreated(), Instant.EPOCH),
        ip(seen),
        stopSignal(seen),
        Labels.number(labels, Labels.GRACE, 30));
  }

  private static State state(InspectContainerResponse seen) {
    InspectContainerResponse.ContainerState state = seen.getState();
    Instant created = time(seen.getCreated(), Instant.EPOCH);
    Instant started = time(state.getStartedAt(), created);
    if (Boolean.TRUE.equals(state.getRunning())) {
      return new State.Running(started);
    }
    long code = state.getExitCodeLong() == null ? 0 : state.getExitCodeLong();
    String error = state.getError() == null ? "" : state.getError();
    boolean neverRan = "created".equals(state.getStatus());
    if (neverRan && code == 0 && error.isEmpty()) {
      return new State.Created();
    }
    // A container that could not start stays "created"; its end is the moment it was tried.
    return new State.Exited(
        neverRan ? 128 : (int) code,
        Boolean.TRUE.equals(state.getOOMKilled()),
        neverRan ? error : "",
        started,
        time(state.getFinishedAt(), started));
  }

  private static String stopSignal(InspectContainerResponse seen) {
    Object signal = seen.getConfig().getRawValues().get("StopSignal");
    return signal instanceof String text && !text.isEmpty() ? text : "SIGTERM";
  }

  private static String ip(InspectContainerResponse seen) {
    if (seen.getNetworkSettings() == null) {
      return "";
    }
    for (ContainerNetwork network : seen.getNetworkSettings().getNetworks().values()) {
      String ip = network.getIpAddress();
      if (ip != null && !ip.isEmpty()) {
        return ip;
      }
    }
    return "";
  }

  /** Docker's time; the year 1 stands for never. */
  private static Instant time(@Nullable String text, Instant otherwise) {
    if (text == null || text.isEmpty() || text.startsWith("0001-")) {
      return otherwise;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return otherwise;
    }
  }
}
