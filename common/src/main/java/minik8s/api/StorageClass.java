package minik8s.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sort of storage and who makes it. Immutable.
 *
 * @param provisioner who makes volumes; {@code kubernetes.io/no-provisioner} for nobody
 * @param reclaimPolicy of volumes made: {@code Delete} (the default) or {@code Retain}
 * @param volumeBindingMode {@code Immediate} (the default) or {@code WaitForFirstConsumer}
 * @param allowedTopologies where volumes can be made; empty for everywhere
 */
public record StorageClass(
    ObjectMeta metadata,
    String provisioner,
    Map<String, String> parameters,
    String reclaimPolicy,
    String volumeBindingMode,
    @Nullable Boolean allowVolumeExpansion,
    List<String> mountOptions,
    List<TopologyTerm> allowedTopologies)
    implements KubeObject {
  public StorageClass {
    provisioner = Lists.of(provisioner);
    parameters = Lists.of(parameters);
    reclaimPolicy = reclaimPolicy == null || reclaimPolicy.isEmpty() ? "Delete" : reclaimPolicy;
    volumeBindingMode =
        volumeBindingMode == null || volumeBindingMode.isEmpty() ? "Immediate" : volumeBindingMode;
    mountOptions = Lists.of(mountOptions);
    allowedTopologies = Lists.of(allowedTopologies);
  }

  /** Whether a claim is bound only once a pod that uses it has a node. */
  public boolean waitsForConsumer() {
    return volumeBindingMode.equals("WaitForFirstConsumer");
  }

  /** Whether new claims without a class get this one. */
  public boolean isDefault() {
    return "true".equals(metadata.annotations().get("storageclass.kubernetes.io/is-default-class"));
  }

  /** Label requirements that must all hold. */
  public record TopologyTerm(List<TopologyRequirement> matchLabelExpressions) {
    public TopologyTerm {
      matchLabelExpressions = Lists.of(matchLabelExpressions);
    }
  }

  /** A node label and the values allowed for it. */
  public record TopologyRequirement(String key, List<String> values) {
    public TopologyRequirement {
      key = Lists.of(key);
      values = Lists.of(values);
    }
  }
}
