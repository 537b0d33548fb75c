package minik8s.controller;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import minik8s.client.HttpApi;
import minik8s.client.KubeConfig;
import minik8s.control.LeaderElection;
import minik8s.control.Timers;
import minik8s.daemon.Daemon;
import minik8s.daemon.DaemonFlags;
import minik8s.daemon.HealthServer;
import minik8s.daemon.Leader;
import minik8s.daemon.Metrics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The controller-manager's main: which controllers there are and in which order all starts. */
@Command(
    name = "controller-manager",
    mixinStandardHelpOptions = true,
    description = "Moves the cluster's objects towards what their specs ask for.")
public final class ControllerManager implements Callable<Integer> {
  private static final int PORT = 10257;
  private static final String NAME = "kube-controller-manager";

  @Mixin private final DaemonFlags flags = new DaemonFlags();
  @Mixin private final ControllerFlags own = new ControllerFlags();

  public static void main(String... args) {
    Daemon.main(new ControllerManager(), args);
  }

  @Override
  public Integer call() throws InterruptedException {
    KubeConfig config = flags.kubeConfig();
    Metrics metrics = new Metrics();
    Timers timers = Timers.system();
    HttpApi api = new HttpApi(config, NAME, metrics::clientRequest);
    Caches caches = new Caches(api);
    Controllers make = new Controllers(api, caches, timers, own);

    Fleet fleet = new Fleet(new Selection(own.controllers), timers, metrics);
    enlist(fleet, make, own);
    fleet.refuseUnknownNames();

    HealthServer health = flags.healthServer(PORT, metrics);
    health.readyWhen("caches", caches::synced);
    caches.show(health);
    Leader leader = new Leader(new LeaderElection(api, NAME, identity(), timers), timers);
    metrics.leads(NAME, leader::leading);
    caches.start();
    Thread.ofVirtual().name("begin").start(() -> begin(caches, leader, fleet));
    Daemon.awaitStop(fleet, make, caches, leader, health, timers);
    return 0;
  }

  /** Every controller there is, by the name that {@code --controllers} knows it by. */
  static void enlist(Fleet fleet, Controllers make, ControllerFlags own) {
    fleet.add("deployment", own.deploymentSyncs, make::deployment);
    fleet.add("replicaset", own.replicaSetSyncs, make::replicaSet);
    fleet.add("daemonset", own.daemonSetSyncs, make::daemonSet);
    fleet.add("statefulset", own.statefulSetSyncs, make::statefulSet);
    fleet.add("job", own.jobSyncs, make::job);
    fleet.add("cronjob", own.cronJobSyncs, make::cronJob);
    fleet.add("ttl-after-finished", own.ttlSyncs, make::ttlAfterFinished);
    fleet.add("replicationcontroller", own.controllerSyncs, make::replicationController);
    fleet.add("endpoint", own.endpointSyncs, make::endpoints);
    fleet.add("ephemeral-volume", 1, make::ephemeralVolume);
    fleet.add("garbagecollector", own.garbageSyncs, make::garbage);
    fleet.add("namespace", own.namespaceSyncs, make::namespace);
    fleet.add("serviceaccount", 1, make::serviceAccount);
    fleet.add("root-ca-certificate-publisher", 1, make::rootCa);
    fleet.add("nodelifecycle", 4, make::nodeLifecycle);
    fleet.add("taint-eviction", 4, make::taintEviction);
    fleet.add("podgc", 2, make::podGc);
    fleet.add("disruption", 2, make::disruption);
    fleet.add("resourcequota", 2, make::resourceQuota);
    fleet.add("horizontalpodautoscaling", 5, make::autoscaler);
    fleet.add("persistentvolume-binder", 4, make::volumes);
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
