package minik8s.kubelet.manifest;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import minik8s.api.ApiException;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.informer.Lister;
import minik8s.control.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one mirror at the API server for each static pod: what people see of it. Level-triggered;
 * {@link #step} may be called from any thread, one runs at a time. A mirror that somebody deletes
 * comes back: only the file can end its pod.
 */
public final class MirrorPods {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorPods.class);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Api api;
  private final String node;
  private final Lister<Pod> pods;
  private final Timers timers;
  private volatile List<StaticPod> wanted = List.of();

  /**
   * @param pods those of this node, as the API server has them
   */
  public MirrorPods(Api api, String node, Lister<Pod> pods, Timers timers) {
    this.api = api;
    this.node = node;
    this.pods = pods;
    this.timers = timers;
  }

  /** These shall have mirrors, and no others. */
  public void want(Collection<StaticPod> statics) {
    wanted = List.copyOf(statics);
  }

  /** Brings the mirrors to where they belong; what fails is tried again by itself. */
  public synchronized void step() {
    try {
      Set<String> mirrored = new HashSet<>();
      for (Pod mirror : pods.all()) {
        if (!mirror.mirror()) {
          continue;
        }
        boolean right = wanted.stream().anyMatch(s -> s.pod().uid().equals(mirror.nodeUid()));
        if (right && !mirror.metadata().deleting()) {
          mirrored.add(mirror.nodeUid());
        } else {
          remove(mirror);
        }
      }
      for (StaticPod pod : wanted) {
        if (!mirrored.contains(pod.pod().uid())) {
          create(pod);
        }
      }
    } catch (ApiException e) {
      LOG.debug("mirrors of static pods will be tried again: {}", e.getMessage());
      retry();
    }
  }

  private void retry() {
    var _ = timers.after(RETRY, () -> Thread.ofVirtual().name("mirrors").start(this::step));
  }

  private void remove(Pod mirror) {
    try {
      api.delete(Resources.PODS, mirror.key(), DeleteOptions.now(mirror.uid()));
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private void create(StaticPod pod) {
    Optional<Node> owner = api.find(Resources.NODES, ObjectKey.cluster(node));
    if (owner.isEmpty()) {
      retry();
      return;
    }
    try {
      api.create(Resources.PODS, pod.pod().metadata().namespace(), pod.mirror(owner.get()));
    } catch (ApiException e) {
      // Either ours already, or one that is on its way out: the watch will tell.
      if (!e.alreadyExists()) {
        LOG.warn("no mirror of static pod {}: {}", pod.pod().key(), e.getMessage());
        retry();
      }
    }
  }
}
