package minik8s.kubelet.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.EventRecorder;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.ContainerStreams;
import minik8s.kubelet.runtime.FakeRuntime;
import minik8s.kubelet.runtime.FakeStreams;
import minik8s.kubelet.runtime.RuntimePicture;
import minik8s.kubelet.sandbox.NodeSettings;
import minik8s.kubelet.source.ApiReferences;
import minik8s.kubelet.status.StatusWriter;
import minik8s.kubelet.volume.Mounts;
import minik8s.kubelet.volume.PodVolumes;
import minik8s.testing.FakeApi;
import minik8s.testing.ManualTimers;

/**
 * One pod on a node of fakes, stepped by the test: time stands still, the worker runs when told.
 */
final class Bench {
  static final ObjectKey KEY = new ObjectKey("default", "web");

  final ManualTimers timers = new ManualTimers();
  final FakeApi api = new FakeApi();
  final FakeRuntime runtime = new FakeRuntime(timers.clock(), "pause", "app:1");
  final RuntimePicture picture = new RuntimePicture(runtime);
  final ContainerStreams streams = new FakeStreams();
  final FakeProber prober = new FakeProber();
  final AutoCloseable following;
  private final Workshop shop;
  private final AtomicBoolean poked = new AtomicBoolean();
  private PodSyncer syncer;

  Bench(Path root, String spec) {
    Informer<Service> services = new Informer<>(Resources.SERVICES, ListOptions.ALL, List.of());
    ApiReferences references = new ApiReferences(api, services.lister());
    this.following =
        runtime.follow(hint -> {
          if (hint instanceof ContainerRuntime.Hint.Container container) {
            picture.refresh(container.id());
          }
        });
    this.shop =
        new Workshop(
            api,
            runtime,
            streams,
            prober,
            picture,
            () -> "",
            new ImageStore(runtime),
            new PodVolumes(root, references, new Mounts(), timers.clock()),
            references,
            new StatusWriter(api, timers),
            new EventRecorder(api, "kubelet", "n1", timers),
            timers,
            new StartSlots(4),
            "192.0.2.1",
            Map.of(),
            "pause",
            NodeSettings.plain(root));
    api.create(
        Resources.PODS,
        "default",
        Json.parse("{\"metadata\":{\"name\":\"web\"},\"spec\":" + spec + "}"));
    this.syncer = new PodSyncer(shop, pod(), () -> poked.set(true));
  }

  Pod pod() {
    return api.get(Resources.PODS, KEY);
  }

  boolean gone() {
    return api.find(Resources.PODS, KEY).isEmpty();
  }

  /** Whether the worker was asked to look since this was last asked. */
  boolean poked() {
    return poked.getAndSet(false);
  }

  /** Stops asking probes. */
  void close() {
    syncer.close();
  }

  /** Something that the pod's volumes hold has changed. */
  void changed() {
    syncer.volumesChanged();
  }

  /** The pod has to make room. */
  void evict(Verdict verdict) {
    syncer.evict(verdict);
  }

  /** The kubelet is started anew: what it remembered is lost. */
  void restart() {
    syncer.close();
    syncer = new PodSyncer(shop, pod(), () -> poked.set(true));
  }

  /** One look of the worker at the pod as it is now. */
  PodSyncer.Next sync() throws InterruptedException {
    return syncer.sync(pod(), false);
  }

  /** One look at a pod as it was. */
  PodSyncer.Next sync(Pod seen, boolean absent) throws InterruptedException {
    return syncer.sync(seen, absent);
  }

  /** Looks until what other threads do, a pull for example, shows in the status. */
  Pod settledAfterSync(Predicate<Pod> wanted) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      syncer.sync(pod(), false);
      Pod now = pod();
      if (wanted.test(now)) {
        return now;
      }
      LockSupport.parkNanos(10_000_000);
    }
    throw new AssertionError("never came: last " + Json.string(pod().status()));
  }

  /** Waits for what the worker left to other threads: status writes and pulls. */
  Pod settled(Predicate<Pod> wanted) {
    timers.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 500; i++) {
      Pod now = pod();
      if (wanted.test(now)) {
        return now;
      }
      LockSupport.parkNanos(10_000_000);
    }
    throw new AssertionError("never came: last " + Json.string(pod().status()));
  }
}
