package minik8s.gpu;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import minik8s.api.Condition;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import org.jspecify.annotations.Nullable;

/** A Slurm cluster behind SSH: how to reach it and what jobs may ask of it. Immutable. */
public record SlurmCluster(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  /** The one condition: whether the login host lets us in and Slurm answers. */
  public static final String REACHABLE = "Reachable";

  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public SlurmCluster {
    status = status == null ? Status.NONE : status;
  }

  /**
   * The wish.
   *
   * @param hostKeys trusted keys, each {@code "[host] algorithm base64 [comment]"}
   * @param authentication {@code Auto}, {@code PrivateKey}, {@code Certificate}, {@code Password}
   *     or {@code KeyboardInteractive}
   * @param baseDirectory absolute, or relative to the user's home
   * @param environment the administrator's own shell lines; run before modules are loaded
   */
  public record Spec(
      String host,
      @Nullable Integer port,
      String dataHost,
      @Nullable Integer dataPort,
      List<String> hostKeys,
      CredentialsRef credentialsSecretRef,
      String authentication,
      String baseDirectory,
      List<String> environment,
      List<String> modules,
      String defaultPartition,
      List<String> allowedPartitions,
      List<String> accounts,
      List<String> qos,
      List<PartitionLimits> limits,
      String pollInterval,
      String markInterval,
      String connectionSpacing,
      String compileTimeout) {
    @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
    public Spec {
      host = Absent.text(host);
      dataHost = Absent.text(dataHost);
      hostKeys = Absent.list(hostKeys);
      credentialsSecretRef =
          credentialsSecretRef == null ? new CredentialsRef("", "") : credentialsSecretRef;
      authentication = Absent.or(authentication, "Auto");
      baseDirectory = Absent.or(baseDirectory, "minik8s");
      environment = Absent.list(environment);
      modules = Absent.list(modules);
      defaultPartition = Absent.text(defaultPartition);
      allowedPartitions = Absent.list(allowedPartitions);
      accounts = Absent.list(accounts);
      qos = Absent.list(qos);
      limits = Absent.list(limits);
      pollInterval = Absent.text(pollInterval);
      markInterval = Absent.text(markInterval);
      connectionSpacing = Absent.text(connectionSpacing);
      compileTimeout = Absent.text(compileTimeout);
    }

    /** The SSH port of the login host. */
    public int sshPort() {
      return port == null ? 22 : port;
    }

    /** The SSH port of the data host. */
    public int sshDataPort() {
      return dataPort == null ? 22 : dataPort;
    }

    /** How often {@code sacct} is asked. */
    public Duration poll() {
      return GoDurations.parse(pollInterval, Duration.ofMinutes(5));
    }

    /** How often SFTP looks for the marks of scripts. */
    public Duration marks() {
      return GoDurations.parse(markInterval, Duration.ofSeconds(5));
    }

    /** The least time between two attempts to connect. */
    public Duration spacing() {
      return GoDurations.parse(connectionSpacing, Duration.ofSeconds(5));
    }

    /** The longest compilation on the login host. */
    public Duration compileLimit() {
      return GoDurations.parse(compileTimeout, Duration.ofMinutes(10));
    }

    /** What jobs of this partition must keep to. */
    public Optional<PartitionLimits> limitsOf(String partition) {
      return limits.stream().filter(limit -> limit.partition().equals(partition)).findFirst();
    }
  }

  /** The Secret that holds what is needed to log in. */
  public record CredentialsRef(String name, String namespace) {
    public CredentialsRef {
      name = Absent.text(name);
      namespace = Absent.text(namespace);
    }

    public ObjectKey key() {
      return new ObjectKey(namespace, name);
    }
  }

  /** A centre's rules for one partition; null where there is no rule. */
  public record PartitionLimits(
      String partition,
      @Nullable Integer cpusPerGpu,
      @Nullable Integer maxGpus,
      @Nullable Integer maxNodes,
      String maxTime,
      String qos) {
    public PartitionLimits {
      partition = Absent.text(partition);
      maxTime = Absent.text(maxTime);
      qos = Absent.text(qos);
    }
  }

  /**
   * What was seen.
   *
   * @param refusedCredentials uid and revision of the Secret that the host refused; empty when none
   *     was
   */
  public record Status(
      long observedGeneration,
      boolean reachable,
      String version,
      String home,
      List<Partition> partitions,
      List<String> hostKeyFingerprints,
      String lastError,
      String refusedCredentials,
      List<Condition> conditions) {
    /** Nothing seen yet. */
    public static final Status NONE =
        new Status(0, false, "", "", List.of(), List.of(), "", "", List.of());

    public Status {
      version = Absent.text(version);
      home = Absent.text(home);
      partitions = Absent.list(partitions);
      hostKeyFingerprints = Absent.list(hostKeyFingerprints);
      lastError = Absent.text(lastError);
      refusedCredentials = Absent.text(refusedCredentials);
      conditions = Absent.list(conditions);
    }
  }

  /** A partition as {@code sinfo} shows it. */
  public record Partition(String name, String state, String timeLimit, int nodes, String gres) {
    public Partition {
      name = Absent.text(name);
      state = Absent.text(state);
      timeLimit = Absent.text(timeLimit);
      gres = Absent.text(gres);
    }
  }
}
