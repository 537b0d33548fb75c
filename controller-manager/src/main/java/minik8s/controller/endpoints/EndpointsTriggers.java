package minik8s.controller.endpoints;

import java.time.Duration;
import java.util.List;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Service;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.control.WorkQueue;
import org.jspecify.annotations.Nullable;

/** Which changes wake which service. Handlers only take notes. */
public final class EndpointsTriggers {
  /** Collects the pods of a rollout, which come in crowds, into fewer writes. */
  private static final Duration BATCH = Duration.ofMillis(50);

  private EndpointsTriggers() {}

  /** Files slices under {@code namespace/service}. */
  public static Index<EndpointSlice> byService() {
    return new Index<>("service", slice -> List.of(service(slice).toString()));
  }

  private static ObjectKey service(EndpointSlice slice) {
    return new ObjectKey(
        slice.metadata().namespace(),
        slice.metadata().labels().getOrDefault(EndpointSlice.SERVICE, ""));
  }

  /** Registers with the informers; do so before they are fed. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      Informer<Service> services,
      Index<Service> servicesByNamespace,
      Informer<Pod> pods,
      Informer<EndpointsObject> endpoints,
      Informer<EndpointSlice> slices) {
    services.onChange((old, now) -> wake(queue, now == null ? old : now));
    pods.onChange((old, now) -> {
      if (old == null || now == null || matters(old, now)) {
        wakeServices(queue, services, servicesByNamespace, old);
        wakeServices(queue, services, servicesByNamespace, now);
      }
    });
    endpoints.onChange((old, now) -> wake(queue, now == null ? old : now));
    slices.onChange((old, now) -> {
      EndpointSlice slice = now == null ? old : now;
      if (slice != null && slice.ours()) {
        queue.add(service(slice));
      }
    });
  }

  private static void wake(WorkQueue<ObjectKey> queue, @Nullable KubeObject object) {
    if (object != null) {
      queue.add(object.key());
    }
  }

  private static boolean matters(Pod old, Pod now) {
    return old.ready() != now.ready()
        || old.finished() != now.finished()
        || old.metadata().deleting() != now.metadata().deleting()
        || !old.status().podIP().equals(now.status().podIP())
        || !old.metadata().labels().equals(now.metadata().labels())
        || !old.uid().equals(now.uid());
  }

  private static void wakeServices(
      WorkQueue<ObjectKey> queue,
      Informer<Service> services,
      Index<Service> byNamespace,
      @Nullable Pod pod) {
    if (pod == null || pod.status().podIP().isEmpty()) {
      return;
    }
    services.lister().by(byNamespace, pod.metadata().namespace()).stream()
        .filter(EndpointsPlan::concerns)
        .filter(s -> pod.metadata().labels().entrySet().containsAll(s.spec().selector().entrySet()))
        .forEach(s -> queue.addAfter(s.key(), BATCH));
  }
}
