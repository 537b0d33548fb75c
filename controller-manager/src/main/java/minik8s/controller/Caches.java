package minik8s.controller;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.Deployment;
import minik8s.api.KubeObject;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.ReplicaSet;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.controller.owner.Owned;

/**
 * The informers that several controllers share, with their indexes. Wire all handlers, then {@link
 * #start}; the caches themselves are thread-safe.
 */
final class Caches implements AutoCloseable {
  final Index<Deployment> deploymentsByNamespace = Index.byNamespace();
  final Index<ReplicaSet> setsByNamespace = Index.byNamespace();
  final Index<ReplicaSet> setsByOwner = Owned.index();
  final Index<Pod> podsByOwner = Owned.index();
  final Index<Pod> podsByNode = new Index<>("node", pod -> List.of(pod.spec().nodeName()));

  private final Api api;
  private final List<Informer<?>> informers = new ArrayList<>();
  private final List<Reflector<?>> reflectors = new ArrayList<>();

  final Informer<Deployment> deployments;
  final Informer<ReplicaSet> sets;
  final Informer<Pod> pods;
  final Informer<Node> nodes;

  Caches(Api api) {
    this.api = api;
    deployments = add(Resources.DEPLOYMENTS, ListOptions.ALL, List.of(deploymentsByNamespace));
    sets = add(Resources.REPLICA_SETS, ListOptions.ALL, List.of(setsByNamespace, setsByOwner));
    pods = add(Resources.PODS, ListOptions.ALL, List.of(podsByOwner, podsByNode));
    nodes = add(Resources.NODES, ListOptions.ALL, List.of());
  }

  /** A further informer that starts and stops with the others. */
  <T extends KubeObject> Informer<T> add(
      Resource<T> resource, ListOptions options, List<Index<T>> indexes) {
    Informer<T> informer = new Informer<>(resource, options, indexes);
    informers.add(informer);
    return informer;
  }

  /** All shared informers. */
  List<Informer<?>> all() {
    return List.copyOf(informers);
  }

  void start() {
    informers.forEach(informer -> reflectors.add(new Reflector<>(api, informer).start()));
  }

  /** Whether every first list has arrived. */
  boolean synced() {
    return informers.stream().allMatch(Informer::synced);
  }

  /** Waits for every first list. */
  void awaitSync() throws InterruptedException {
    for (Informer<?> informer : informers) {
      informer.awaitSync();
    }
  }

  @Override
  public void close() {
    reflectors.forEach(Reflector::close);
  }
}
