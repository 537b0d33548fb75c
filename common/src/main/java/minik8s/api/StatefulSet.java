package minik8s.api;

import java.util.List;
import minik8s.api.codec.Raw;
import org.jspecify.annotations.Nullable;

/** Numbered pods with names and claims of their own. Immutable; the template stays raw JSON. */
public record StatefulSet(ObjectMeta metadata, Spec spec, Status status) implements KubeObject {
  @SuppressWarnings("NullAway") // absent parts arrive as null from the codec
  public StatefulSet {
    status = status == null ? new Status(0, 0, 0, 0, 0, 0, "", "", null, List.of()) : status;
  }

  /**
   * What is wanted.
   *
   * @param serviceName the headless service that gives the pods their names in DNS
   * @param podManagementPolicy {@code OrderedReady} or {@code Parallel}
   * @param volumeClaimTemplates claims as the user wrote them, one of each per pod
   * @param revisionHistoryLimit old revisions kept; null means 10
   * @param ordinals where numbering starts; null means 0
   */
  public record Spec(
      @Nullable Integer replicas,
      LabelSelector selector,
      Raw template,
      List<Raw> volumeClaimTemplates,
      String serviceName,
      String podManagementPolicy,
      @Nullable UpdateStrategy updateStrategy,
      @Nullable Integer revisionHistoryLimit,
      int minReadySeconds,
      @Nullable Retention persistentVolumeClaimRetentionPolicy,
      @Nullable Ordinals ordinals) {
    public Spec {
      volumeClaimTemplates = Lists.of(volumeClaimTemplates);
      serviceName = Lists.of(serviceName);
      podManagementPolicy =
          podManagementPolicy == null || podManagementPolicy.isEmpty()
              ? "OrderedReady"
              : podManagementPolicy;
    }

    /** The wanted number of pods; 1 when absent. */
    public int wanted() {
      return replicas == null ? 1 : replicas;
    }

    /** The number of the first pod. */
    public int first() {
      return ordinals == null ? 0 : ordinals.start();
    }
  }

  /** {@code RollingUpdate} or {@code OnDelete}. */
  public record UpdateStrategy(String type, @Nullable RollingUpdate rollingUpdate) {
    public UpdateStrategy {
      type = type == null || type.isEmpty() ? "RollingUpdate" : type;
    }
  }

  /**
   * How a new template is rolled out.
   *
   * @param partition how many pods, from the first on, keep the old one; null means none
   * @param maxUnavailable how many pods may miss at once; null means 1
   */
  public record RollingUpdate(@Nullable Integer partition, @Nullable IntOrString maxUnavailable) {}

  /** What becomes of claims, {@code Retain} or {@code Delete}, when set or pod goes for good. */
  public record Retention(String whenDeleted, String whenScaled) {
    public Retention {
      whenDeleted = Lists.of(whenDeleted);
      whenScaled = Lists.of(whenScaled);
    }
  }

  /** The number of the first pod. */
  public record Ordinals(int start) {}

  /**
   * What the controller saw.
   *
   * @param currentRevision name of the revision that the pods come from
   * @param updateRevision name of the revision that they go to
   * @param collisionCount how often a revision's name turned out to be taken; null for never
   */
  public record Status(
      long observedGeneration,
      int replicas,
      int readyReplicas,
      int currentReplicas,
      int updatedReplicas,
      int availableReplicas,
      String currentRevision,
      String updateRevision,
      @Nullable Integer collisionCount,
      List<Condition> conditions) {
    public Status {
      currentRevision = Lists.of(currentRevision);
      updateRevision = Lists.of(updateRevision);
      conditions = Lists.of(conditions);
    }
  }
}
