package minik8s.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A machine that runs pods. Immutable. */
public record Node(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Node {
    spec = spec == null ? new Spec(false, List.of(), "", "") : spec;
    status =
        status == null
            ? new Status(Map.of(), Map.of(), List.of(), List.of(), null, null, List.of(), "")
            : status;
  }

  /** Whether the Ready condition is True. */
  public boolean ready() {
    return Condition.isTrue(status.conditions(), "Ready");
  }

  /** What administrators and controllers decided for the node. */
  public record Spec(boolean unschedulable, List<Taint> taints, String podCIDR, String providerID) {
    public Spec {
      taints = Lists.of(taints);
      podCIDR = Lists.of(podCIDR);
      providerID = Lists.of(providerID);
    }
  }

  /**
   * A mark that keeps pods away.
   *
   * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}
   */
  public record Taint(String key, String value, String effect, @Nullable Instant timeAdded) {
    public Taint {
      key = Lists.of(key);
      value = Lists.of(value);
      effect = Lists.of(effect);
    }

    /** Same key and effect: what the API calls the same taint. */
    public boolean sameAs(Taint other) {
      return key.equals(other.key) && effect.equals(other.effect);
    }
  }

  /** What the kubelet reports. */
  public record Status(
      Map<String, Quantity> capacity,
      Map<String, Quantity> allocatable,
      List<Condition> conditions,
      List<Address> addresses,
      @Nullable DaemonEndpoints daemonEndpoints,
      @Nullable SystemInfo nodeInfo,
      List<Image> images,
      String phase) {
    public Status {
      capacity = Lists.of(capacity);
      allocatable = Lists.of(allocatable);
      conditions = Lists.of(conditions);
      addresses = Lists.of(addresses);
      images = Lists.of(images);
      phase = Lists.of(phase);
    }
  }

  /** An address of type {@code InternalIP} or {@code Hostname}. */
  public record Address(String type, String address) {}

  /** Where the node's kubelet listens. */
  public record DaemonEndpoints(Endpoint kubeletEndpoint) {}

  /** A port; capitalised on the wire. */
  public record Endpoint(@com.fasterxml.jackson.annotation.JsonProperty("Port") int port) {}

  /** An image that is present, with its size in bytes. */
  public record Image(List<String> names, long sizeBytes) {
    public Image {
      names = Lists.of(names);
    }
  }

  /** Facts about the machine. */
  public record SystemInfo(
      String machineID,
      String systemUUID,
      String bootID,
      String kernelVersion,
      String osImage,
      String containerRuntimeVersion,
      String kubeletVersion,
      String kubeProxyVersion,
      String operatingSystem,
      String architecture) {
    public SystemInfo {
      machineID = Lists.of(machineID);
      systemUUID = Lists.of(systemUUID);
      bootID = Lists.of(bootID);
      kernelVersion = Lists.of(kernelVersion);
      osImage = Lists.of(osImage);
      containerRuntimeVersion = Lists.of(containerRuntimeVersion);
      kubeletVersion = Lists.of(kubeletVersion);
      kubeProxyVersion = Lists.of(kubeProxyVersion);
      operatingSystem = Lists.of(operatingSystem);
      architecture = Lists.of(architecture);
    }
  }
}
