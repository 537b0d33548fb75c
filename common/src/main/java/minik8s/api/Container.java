package minik8s.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One container of a pod. Immutable.
 *
 * @param imagePullPolicy {@code Always}, {@code IfNotPresent} or {@code Never}
 * @param restartPolicy {@code Always} makes an init container a sidecar; empty means the pod's
 * @param targetContainerName of an ephemeral container: the one whose processes it shares
 */
public record Container(
    String name,
    String image,
    String imagePullPolicy,
    List<String> command,
    List<String> args,
    String workingDir,
    List<EnvVar> env,
    List<EnvFrom> envFrom,
    List<Port> ports,
    Resources resources,
    List<VolumeMount> volumeMounts,
    boolean stdin,
    boolean stdinOnce,
    boolean tty,
    String terminationMessagePath,
    String terminationMessagePolicy,
    String restartPolicy,
    @Nullable Probe livenessProbe,
    @Nullable Probe readinessProbe,
    @Nullable Probe startupProbe,
    @Nullable Lifecycle lifecycle,
    @Nullable SecurityContext securityContext,
    List<VolumeDevice> volumeDevices,
    String targetContainerName) {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public Container {
    name = Lists.of(name);
    image = Lists.of(image);
    imagePullPolicy = Lists.of(imagePullPolicy);
    command = Lists.of(command);
    args = Lists.of(args);
    workingDir = Lists.of(workingDir);
    env = Lists.of(env);
    envFrom = Lists.of(envFrom);
    ports = Lists.of(ports);
    resources = resources == null ? Resources.NONE : resources;
    volumeMounts = Lists.of(volumeMounts);
    terminationMessagePath = Lists.of(terminationMessagePath);
    terminationMessagePolicy = Lists.of(terminationMessagePolicy);
    restartPolicy = Lists.of(restartPolicy);
    volumeDevices = Lists.of(volumeDevices);
    targetContainerName = Lists.of(targetContainerName);
  }

  /** Whether this init container goes on running beside the others. */
  public boolean sidecar() {
    return restartPolicy.equals("Always");
  }

  /** Amounts by resource name: what is guaranteed and what is the ceiling. */
  public record Resources(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    static final Resources NONE = new Resources(Map.of(), Map.of());

    public Resources {
      requests = Lists.of(requests);
      limits = Lists.of(limits);
    }
  }

  /** A port that the container listens on; {@code hostPort} 0 means none. */
  public record Port(String name, int containerPort, int hostPort, String hostIP, String protocol) {
    public Port {
      name = Lists.of(name);
      hostIP = Lists.of(hostIP);
      protocol = protocol == null || protocol.isEmpty() ? "TCP" : protocol;
    }
  }

  /** An environment variable with a literal value or a source. */
  public record EnvVar(String name, String value, @Nullable EnvVarSource valueFrom) {
    public EnvVar {
      name = Lists.of(name);
      value = Lists.of(value);
    }
  }

  /** Where a variable's value comes from; exactly one is set. */
  public record EnvVarSource(
      @Nullable FieldRef fieldRef,
      @Nullable ResourceFieldRef resourceFieldRef,
      @Nullable KeyRef configMapKeyRef,
      @Nullable KeyRef secretKeyRef) {}

  /** A field of the pod itself, such as {@code status.podIP}. */
  public record FieldRef(String fieldPath) {
    public FieldRef {
      fieldPath = Lists.of(fieldPath);
    }
  }

  /** A resource amount of a container, divided by {@code divisor}. */
  public record ResourceFieldRef(
      String containerName, String resource, @Nullable Quantity divisor) {
    public ResourceFieldRef {
      containerName = Lists.of(containerName);
      resource = Lists.of(resource);
    }
  }

  /** One key of a ConfigMap or Secret in the pod's namespace. */
  public record KeyRef(String name, String key, boolean optional) {
    public KeyRef {
      name = Lists.of(name);
      key = Lists.of(key);
    }
  }

  /** All keys of a ConfigMap or Secret as variables. */
  public record EnvFrom(
      String prefix, @Nullable ObjectRef configMapRef, @Nullable ObjectRef secretRef) {
    public EnvFrom {
      prefix = Lists.of(prefix);
    }
  }

  /** A ConfigMap or Secret by name. */
  public record ObjectRef(String name, boolean optional) {
    public ObjectRef {
      name = Lists.of(name);
    }
  }

  /**
   * Where a volume appears inside the container.
   *
   * @param mountPropagation {@code None}, {@code HostToContainer} or {@code Bidirectional}
   * @param recursiveReadOnly {@code Disabled}, {@code IfPossible} or {@code Enabled}
   */
  public record VolumeMount(
      String name,
      String mountPath,
      String subPath,
      String subPathExpr,
      boolean readOnly,
      String mountPropagation,
      String recursiveReadOnly) {
    public VolumeMount {
      name = Lists.of(name);
      mountPath = Lists.of(mountPath);
      subPath = Lists.of(subPath);
      subPathExpr = Lists.of(subPathExpr);
      mountPropagation = Lists.of(mountPropagation);
      recursiveReadOnly = Lists.of(recursiveReadOnly);
    }
  }

  /** A raw block device inside the container. */
  public record VolumeDevice(String name, String devicePath) {
    public VolumeDevice {
      name = Lists.of(name);
      devicePath = Lists.of(devicePath);
    }
  }

  /** What is done right after the container starts and right before it is stopped. */
  public record Lifecycle(@Nullable Probe postStart, @Nullable Probe preStop, String stopSignal) {
    public Lifecycle {
      stopSignal = Lists.of(stopSignal);
    }
  }
}
