package minik8s.controller;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import minik8s.api.ConfigMap;
import minik8s.api.Resources;
import minik8s.api.ServiceAccount;
import minik8s.client.HttpApi;
import minik8s.client.KubeConfig;
import minik8s.client.informer.Informer;
import minik8s.control.EventRecorder;
import minik8s.control.LeaderElection;
import minik8s.control.Timers;
import minik8s.controller.deployment.DeploymentReconciler;
import minik8s.controller.deployment.DeploymentTriggers;
import minik8s.controller.discovery.Discovery;
import minik8s.controller.endpoints.EndpointsReconciler;
import minik8s.controller.endpoints.EndpointsTriggers;
import minik8s.controller.garbage.GarbageReconciler;
import minik8s.controller.garbage.GarbageTriggers;
import minik8s.controller.garbage.Sources;
import minik8s.controller.namespace.NamespaceReconciler;
import minik8s.controller.namespace.NamespaceTriggers;
import minik8s.controller.nodelifecycle.NodeReconciler;
import minik8s.controller.nodelifecycle.NodeTriggers;
import minik8s.controller.podgc.PodGcReconciler;
import minik8s.controller.replicaset.ReplicaSetReconciler;
import minik8s.controller.replicaset.ReplicaSetTriggers;
import minik8s.controller.rootca.RootCaReconciler;
import minik8s.controller.serviceaccount.ServiceAccountReconciler;
import minik8s.controller.tainteviction.EvictionReconciler;
import minik8s.daemon.Daemon;
import minik8s.daemon.DaemonFlags;
import minik8s.daemon.HealthServer;
import minik8s.daemon.Leader;
import minik8s.daemon.Metrics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The controller-manager's main: which controllers there are and what wakes each of them. */
@Command(
    name = "controller-manager",
    mixinStandardHelpOptions = true,
    description = "Moves the cluster's objects towards what their specs ask for.")
public final class ControllerManager implements Callable<Integer> {
  private static final int PORT = 10257;
  private static final String NAME = "kube-controller-manager";

  private static final String NODE_LEASES = "kube-node-lease";

  @Mixin private final DaemonFlags flags = new DaemonFlags();
  @Mixin private final ControllerFlags own = new ControllerFlags();

  public static void main(String... args) {
    Daemon.main(new ControllerManager(), args);
  }

  @Override
  public Integer call() throws InterruptedException {
    KubeConfig config = flags.kubeConfig();
    Metrics metrics = new Metrics();
    HealthServer health = flags.healthServer(PORT, metrics);
    Timers timers = Timers.system();
    HttpApi api = new HttpApi(config, NAME, metrics::clientRequest);
    EventRecorder deploymentEvents = new EventRecorder(api, "deployment-controller", "", timers);
    EventRecorder nodeEvents = new EventRecorder(api, "node-controller", "", timers);
    EventRecorder evictionEvents = new EventRecorder(api, "taint-eviction-controller", "", timers);
    EventRecorder setEvents = new EventRecorder(api, "replicaset-controller", "", timers);

    Caches caches = new Caches(api);
    Fleet fleet = new Fleet(new Selection(own.controllers), timers, metrics);
    fleet.add(
        "deployment",
        own.deploymentSyncs,
        queue -> {
          DeploymentReconciler reconciler =
              new DeploymentReconciler(
                  api,
                  caches.deployments.lister(),
                  caches.sets.lister(),
                  caches.setsByOwner,
                  caches.pods.lister(),
                  caches.podsByOwner,
                  deploymentEvents,
                  timers);
          DeploymentTriggers.wire(
              queue,
              reconciler,
              caches.deployments,
              caches.deploymentsByNamespace,
              caches.sets,
              caches.pods);
          return reconciler;
        });
    fleet.add(
        "replicaset",
        own.replicaSetSyncs,
        queue -> {
          ReplicaSetReconciler reconciler =
              new ReplicaSetReconciler(
                  api,
                  caches.sets.lister(),
                  caches.setsByOwner,
                  caches.pods.lister(),
                  caches.podsByOwner,
                  setEvents,
                  timers);
          ReplicaSetTriggers.wire(
              queue, reconciler, caches.sets, caches.setsByNamespace, caches.pods);
          return reconciler;
        });

    Discovery discovery = new Discovery(api::raw);
    List<AutoCloseable> sources = new ArrayList<>();
    fleet.add(
        "garbagecollector",
        own.garbageSyncs,
        queue -> {
          Sources graph = new Sources(api, discovery, queue, timers);
          caches.all().forEach(graph::share);
          GarbageTriggers.wire(queue, caches.definitions);
          sources.add(graph);
          return new GarbageReconciler(api, graph);
        });
    fleet.add(
        "namespace",
        own.namespaceSyncs,
        queue -> {
          NamespaceTriggers.wire(queue, caches.namespaces);
          return new NamespaceReconciler(api, discovery, caches.namespaces.lister(), timers);
        });
    fleet.add(
        "serviceaccount",
        1,
        queue -> {
          Informer<ServiceAccount> accounts =
              caches.only(Resources.SERVICE_ACCOUNTS, ServiceAccountReconciler.DEFAULT);
          ServiceAccountReconciler.wire(queue, caches.namespaces, accounts);
          return new ServiceAccountReconciler(api, caches.namespaces.lister(), accounts.lister());
        });
    own.rootCaBundle()
        .ifPresent(bundle ->
            fleet.add(
                "root-ca-certificate-publisher",
                1,
                queue -> {
                  Informer<ConfigMap> maps =
                      caches.only(Resources.CONFIG_MAPS, RootCaReconciler.NAME);
                  RootCaReconciler.wire(queue, caches.namespaces, maps);
                  return new RootCaReconciler(
                      api, caches.namespaces.lister(), maps.lister(), bundle);
                }));

    fleet.add(
        "nodelifecycle",
        4,
        queue -> {
          NodeReconciler reconciler =
              new NodeReconciler(
                  api,
                  caches.nodes.lister(),
                  caches.pods.lister(),
                  caches.podsByNode,
                  nodeEvents,
                  timers,
                  own.nodeMonitorGracePeriod,
                  own.nodeEvictionRate);
          NodeTriggers.wire(
              queue,
              reconciler,
              caches.nodes,
              caches.in(Resources.LEASES, NODE_LEASES),
              caches.pods);
          return reconciler;
        });
    fleet.add(
        "taint-eviction",
        4,
        queue -> {
          EvictionReconciler.wire(queue, caches.pods, caches.podsByNode, caches.nodes);
          return new EvictionReconciler(
              api, caches.pods.lister(), caches.nodes.lister(), evictionEvents, timers);
        });
    fleet.add(
        "podgc",
        2,
        queue -> {
          PodGcReconciler.wire(queue, caches.pods, caches.nodes);
          return new PodGcReconciler(
              api,
              caches.pods.lister(),
              caches.podsByNode,
              caches.nodes.lister(),
              own.terminatedPodThreshold,
              timers);
        });

    fleet.add(
        "endpoint",
        own.endpointSyncs,
        queue -> {
          EndpointsTriggers.wire(
              queue,
              caches.services,
              caches.servicesByNamespace,
              caches.pods,
              caches.endpoints,
              caches.slices);
          return new EndpointsReconciler(
              api,
              caches.services.lister(),
              caches.pods.lister(),
              caches.podsByNamespace,
              caches.endpoints.lister(),
              caches.slices.lister(),
              caches.slicesByService);
        });

    Leader leader = new Leader(new LeaderElection(api, NAME, identity(), timers), timers);
    caches.start();
    health.readyWhen("caches", caches::synced);
    Thread.ofVirtual().name("begin").start(() -> begin(caches, leader, fleet));
    Daemon.awaitStop(
        fleet,
        () -> closeAll(sources),
        caches,
        leader,
        deploymentEvents,
        setEvents,
        health,
        timers);
    return 0;
  }

  /** Acts only once the caches are full and the lease is held. */
  private void begin(Caches caches, Leader leader, Fleet fleet) {
    try {
      caches.awaitSync();
      if (flags.leaderElect()) {
        leader.start().await();
      }
      fleet.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeAll(List<AutoCloseable> parts) throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }

  /**
   * Host and port: no two live processes share them, because this process holds the port. Started
   * again after a crash it is the same candidate and need not wait for its own lease to end.
   */
  private String identity() {
    try {
      return InetAddress.getLocalHost().getHostName() + "_" + flags.securePort(PORT);
    } catch (UnknownHostException e) {
      return "localhost_" + flags.securePort(PORT);
    }
  }
}
