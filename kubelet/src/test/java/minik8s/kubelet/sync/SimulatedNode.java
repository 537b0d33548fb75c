package minik8s.kubelet.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import minik8s.api.ObjectMeta;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.Service;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.EventRecorder;
import minik8s.control.Timers;
import minik8s.kubelet.node.NodeLease;
import minik8s.kubelet.runtime.ContainerRuntime;
import minik8s.kubelet.runtime.FakeStreams;
import minik8s.kubelet.runtime.PodRef;
import minik8s.kubelet.runtime.RuntimePicture;
import minik8s.kubelet.sandbox.NodeSettings;
import minik8s.kubelet.source.ApiReferences;
import minik8s.kubelet.status.StatusWriter;
import minik8s.kubelet.volume.Mounts;
import minik8s.kubelet.volume.PodVolumes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kubelet of the real pod syncers over a runtime in memory, without threads of its own: whoever
 * owns it feeds the informer and steps the pods. Confined to one thread.
 */
public final class SimulatedNode implements AutoCloseable {
  private final Informer<Pod> pods;
  private final RuntimePicture picture;
  private final Workshop shop;
  private final NodeLease lease;
  private final EventRecorder events;
  private final AutoCloseable following;
  private final Map<String, Work> work = new LinkedHashMap<>();
  private final Set<String> pending = new TreeSet<>();
  private final Timers timers;
  private boolean adopted;

  private static final class Work {
    Pod pod;
    boolean absent;
    final PodSyncer syncer;
    Timers.@Nullable Alarm alarm;

    Work(Pod pod, PodSyncer syncer) {
      this.pod = pod;
      this.syncer = syncer;
    }
  }

  /**
   * A kubelet that has just started.
   *
   * @param looks whether it looks at what the runtime has, as a kubelet must
   */
  public SimulatedNode(
      Api api, Timers timers, ContainerRuntime runtime, String node, Path root, boolean looks) {
    this.timers = timers;
    pods =
        new Informer<>(
            Resources.PODS, ListOptions.ALL.withFields("spec.nodeName=" + node), List.of());
    pods.onChange(this::changed);
    picture = new RuntimePicture(runtime);
    following =
        runtime.follow(hint -> {
          if (hint instanceof ContainerRuntime.Hint.Container container) {
            picture.refresh(container.id());
          }
        });
    if (looks) {
      runtime.list().keySet().forEach(picture::refresh);
    }
    picture.onChange(ref -> poke(ref.uid()));
    events = new EventRecorder(api, "kubelet", node, timers);
    lease = new NodeLease(api, node, timers);
    Informer<Service> services = new Informer<>(Resources.SERVICES, ListOptions.ALL, List.of());
    ApiReferences references = new ApiReferences(api, services.lister());
    shop =
        new Workshop(
            api,
            runtime,
            new FakeStreams(),
            new FakeProber(),
            picture,
            () -> "",
            new ImageStore(runtime),
            new PodVolumes(root, references, new Mounts(), timers.clock()),
            references,
            new StatusWriter(api, timers, Runnable::run),
            events,
            timers,
            new StartSlots(64),
            "192.0.2.1",
            Map.of(),
            "pause",
            NodeSettings.plain(root));
  }

  public List<Informer<?>> informers() {
    return List.of(pods);
  }

  /** Renews the node's lease. */
  public void beat() {
    lease.step();
  }

  private void changed(@Nullable Pod old, @Nullable Pod now) {
    if (old != null && (now == null || !now.uid().equals(old.uid()))) {
      post(old, true);
    }
    if (now != null) {
      post(now, false);
    }
  }

  private void post(Pod pod, boolean absent) {
    Work known =
        work.computeIfAbsent(
            pod.uid(), uid -> new Work(pod, new PodSyncer(shop, pod, () -> poke(uid))));
    known.pod = pod;
    known.absent |= absent;
    poke(pod.uid());
  }

  private synchronized void poke(String uid) {
    pending.add(uid);
  }

  /** Which pods want to be looked at. */
  public synchronized List<String> pending() {
    adopt();
    return new ArrayList<>(pending);
  }

  /** Containers of pods that the API server has no more are ended, once the first list is in. */
  private void adopt() {
    if (adopted || !pods.synced()) {
      return;
    }
    adopted = true;
    Set<String> known = new LinkedHashSet<>();
    pods.lister().all().forEach(pod -> known.add(pod.uid()));
    picture.pods().stream()
        .filter(ref -> !known.contains(ref.uid()))
        .sorted(java.util.Comparator.comparing(PodRef::uid))
        .forEach(ref -> post(stranger(ref), true));
  }

  private static Pod stranger(PodRef ref) {
    ObjectNode pod = Json.object();
    pod.set("metadata", Json.tree(ObjectMeta.of(ref.namespace(), ref.name(), Map.of())));
    pod.withObject("metadata").put("uid", ref.uid());
    pod.putObject("spec").put("terminationGracePeriodSeconds", 1);
    return Json.read(pod, Pod.class);
  }

  /** Looks at one pod. */
  public void sync(String uid) throws InterruptedException {
    synchronized (this) {
      pending.remove(uid);
    }
    Work one = work.get(uid);
    if (one == null) {
      return;
    }
    if (one.alarm != null) {
      one.alarm.cancel();
    }
    switch (one.syncer.sync(one.pod, one.absent)) {
      case PodSyncer.Next.Rest _ -> {}
      case PodSyncer.Next.At at -> one.alarm = timers.after(until(at), () -> poke(uid));
      case PodSyncer.Next.Done _ -> {
        work.remove(uid);
        shop.statuses().forget(uid);
      }
    }
  }

  private Duration until(PodSyncer.Next.At at) {
    Duration left = Duration.between(timers.clock().instant(), at.time());
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public void close() {
    try {
      following.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    work.values().forEach(one -> one.syncer.close());
    events.close();
  }
}
