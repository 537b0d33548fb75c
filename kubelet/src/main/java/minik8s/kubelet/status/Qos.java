package minik8s.kubelet.status;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import org.jspecify.annotations.Nullable;

/** The quality-of-service class of a pod. Pure. Source: Kubernetes' {@code ComputePodQOS}. */
public final class Qos {
  private static final List<String> COUNTED = List.of("cpu", "memory");

  private Qos() {}

  /** {@code Guaranteed}, {@code Burstable} or {@code BestEffort}; one that was set stays. */
  public static String of(Pod pod) {
    if (!pod.status().qosClass().isEmpty()) {
      return pod.status().qosClass();
    }
    List<Container.Resources> all = new ArrayList<>();
    if (pod.spec().resources() != null) {
      // Amounts of the pod as a whole decide alone.
      all.add(pod.spec().resources());
    } else {
      pod.spec().containers().forEach(c -> all.add(c.resources()));
      pod.spec().initContainers().forEach(c -> all.add(c.resources()));
    }
    boolean any = false;
    boolean guaranteed = true;
    for (Container.Resources resources : all) {
      for (String resource : COUNTED) {
        Quantity request = resources.requests().get(resource);
        Quantity limit = resources.limits().get(resource);
        any |= positive(request) || positive(limit);
        guaranteed &=
            positive(limit)
                && (request == null || (limit != null && request.compareAmount(limit) == 0));
      }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }

  private static boolean positive(@Nullable Quantity quantity) {
    return quantity != null && quantity.amount().signum() > 0;
  }
}
