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
    List<Container> all = new ArrayList<>(pod.spec().containers());
    all.addAll(pod.spec().initContainers());
    boolean any = false;
    boolean guaranteed = true;
    for (Container container : all) {
      for (String resource : COUNTED) {
        Quantity request = container.resources().requests().get(resource);
        Quantity limit = container.resources().limits().get(resource);
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
