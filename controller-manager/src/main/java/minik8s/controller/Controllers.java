package minik8s.controller;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.ConfigMap;
import minik8s.api.ObjectKey;
import minik8s.api.ReplicationController;
import minik8s.api.Resources;
import minik8s.api.ServiceAccount;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.control.Timers;
import minik8s.control.WorkQueue;
import minik8s.controller.autoscaler.AutoscalerReconciler;
import minik8s.controller.cronjob.CronJobReconciler;
import minik8s.controller.daemonset.DaemonSetReconciler;
import minik8s.controller.daemonset.DaemonSetTriggers;
import minik8s.controller.deployment.DeploymentReconciler;
import minik8s.controller.deployment.DeploymentTriggers;
import minik8s.controller.discovery.Discovery;
import minik8s.controller.disruption.DisruptionReconciler;
import minik8s.controller.endpoints.EndpointsReconciler;
import minik8s.controller.endpoints.EndpointsTriggers;
import minik8s.controller.ephemeral.EphemeralReconciler;
import minik8s.controller.garbage.GarbageReconciler;
import minik8s.controller.garbage.GarbageTriggers;
import minik8s.controller.garbage.Sources;
import minik8s.controller.job.JobReconciler;
import minik8s.controller.job.JobTriggers;
import minik8s.controller.namespace.NamespaceReconciler;
import minik8s.controller.namespace.NamespaceTriggers;
import minik8s.controller.nodelifecycle.NodeReconciler;
import minik8s.controller.nodelifecycle.NodeTriggers;
import minik8s.controller.podgc.PodGcReconciler;
import minik8s.controller.replicaset.ReplicaSetReconciler;
import minik8s.controller.replicaset.ReplicaSetTriggers;
import minik8s.controller.replicaset.SetSource;
import minik8s.controller.resourcequota.QuotaReconciler;
import minik8s.controller.rootca.RootCaReconciler;
import minik8s.controller.scale.Scales;
import minik8s.controller.serviceaccount.ServiceAccountReconciler;
import minik8s.controller.statefulset.StatefulSetReconciler;
import minik8s.controller.statefulset.StatefulSetTriggers;
import minik8s.controller.tainteviction.EvictionReconciler;
import minik8s.controller.ttlafterfinished.TtlReconciler;
import minik8s.controller.volume.MachineFolders;
import minik8s.controller.volume.VolumeReconciler;
import minik8s.controller.volume.VolumeTriggers;

/**
 * Makes each controller out of the shared caches and registers what wakes it. Confined to main;
 * what it makes is closed with it.
 */
final class Controllers implements AutoCloseable {
  private static final String NODE_LEASES = "kube-node-lease";

  private final Api api;
  private final Caches caches;
  private final Timers timers;
  private final ControllerFlags flags;
  private final Discovery discovery;
  private final Scales scales;
  private final List<Runnable> closers = new ArrayList<>();

  Controllers(Api api, Caches caches, Timers timers, ControllerFlags flags) {
    this.api = api;
    this.caches = caches;
    this.timers = timers;
    this.flags = flags;
    this.discovery = new Discovery(api::raw);
    this.scales = new Scales(api);
  }

  private EventRecorder events(String component) {
    EventRecorder events = new EventRecorder(api, component, "", timers);
    closers.add(events::close);
    return events;
  }

  Reconciler deployment(WorkQueue<ObjectKey> queue) {
    DeploymentReconciler reconciler =
        new DeploymentReconciler(
            api,
            caches.deployments.lister(),
            caches.sets.lister(),
            caches.setsByOwner,
            caches.pods.lister(),
            caches.podsByOwner,
            events("deployment-controller"),
            timers);
    DeploymentTriggers.wire(
        queue,
        reconciler,
        caches.deployments,
        caches.deploymentsByNamespace,
        caches.sets,
        caches.pods);
    return reconciler;
  }

  Reconciler replicaSet(WorkQueue<ObjectKey> queue) {
    ReplicaSetReconciler reconciler =
        new ReplicaSetReconciler(
            api,
            caches.sets.lister(),
            caches.setsByOwner,
            caches.pods.lister(),
            caches.podsByOwner,
            events("replicaset-controller"),
            timers);
    ReplicaSetTriggers.wire(queue, reconciler, caches.sets, caches.setsByNamespace, caches.pods);
    return reconciler;
  }

  Reconciler daemonSet(WorkQueue<ObjectKey> queue) {
    DaemonSetReconciler reconciler =
        new DaemonSetReconciler(
            api,
            caches.daemonSets.lister(),
            caches.nodes.lister(),
            caches.pods.lister(),
            caches.podsByOwner,
            caches.revisions.lister(),
            caches.revisionsByOwner,
            events("daemonset-controller"),
            timers);
    DaemonSetTriggers.wire(
        queue,
        reconciler,
        caches.daemonSets,
        caches.daemonSetsByNamespace,
        caches.pods,
        caches.nodes);
    return reconciler;
  }

  Reconciler statefulSet(WorkQueue<ObjectKey> queue) {
    StatefulSetTriggers.wire(
        queue, caches.statefulSets, caches.statefulSetsByNamespace, caches.pods, caches.claims);
    return new StatefulSetReconciler(
        api,
        caches.statefulSets.lister(),
        caches.pods.lister(),
        caches.podsByOwner,
        caches.claims.lister(),
        caches.revisions.lister(),
        caches.revisionsByOwner,
        events("statefulset-controller"),
        timers);
  }

  Reconciler job(WorkQueue<ObjectKey> queue) {
    JobReconciler reconciler =
        new JobReconciler(
            api,
            caches.jobs.lister(),
            caches.pods.lister(),
            caches.podsByOwner,
            caches.podsByJob,
            events("job-controller"),
            timers);
    JobTriggers.wire(queue, reconciler, caches.jobs, caches.jobsByNamespace, caches.pods);
    return reconciler;
  }

  Reconciler cronJob(WorkQueue<ObjectKey> queue) {
    CronJobReconciler.wire(queue, caches.cronJobs, caches.jobs);
    return new CronJobReconciler(
        api,
        caches.cronJobs.lister(),
        caches.jobs.lister(),
        caches.jobsByOwner,
        events("cronjob-controller"),
        timers);
  }

  Reconciler ttlAfterFinished(WorkQueue<ObjectKey> queue) {
    TtlReconciler.wire(queue, caches.jobs);
    return new TtlReconciler(api, caches.jobs.lister(), timers);
  }

  Reconciler replicationController(WorkQueue<ObjectKey> queue) {
    ReplicaSetReconciler reconciler =
        new ReplicaSetReconciler(
            api,
            SetSource.controllers(caches.controllers.lister()),
            caches.pods.lister(),
            caches.podsByOwner,
            events("replication-controller"),
            timers);
    ReplicaSetTriggers.wire(
        queue,
        reconciler,
        caches.controllers,
        caches.controllersByNamespace,
        ReplicationController::asReplicaSet,
        caches.pods);
    return reconciler;
  }

  Reconciler endpoints(WorkQueue<ObjectKey> queue) {
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
  }

  Reconciler garbage(WorkQueue<ObjectKey> queue) {
    Sources sources = new Sources(api, discovery, queue, timers);
    closers.add(sources::close);
    caches.all().forEach(sources::share);
    GarbageTriggers.wire(queue, caches.definitions);
    return new GarbageReconciler(api, sources);
  }

  Reconciler namespace(WorkQueue<ObjectKey> queue) {
    NamespaceTriggers.wire(queue, caches.namespaces);
    return new NamespaceReconciler(api, discovery, caches.namespaces.lister(), timers);
  }

  Reconciler serviceAccount(WorkQueue<ObjectKey> queue) {
    Informer<ServiceAccount> accounts =
        caches.only(Resources.SERVICE_ACCOUNTS, ServiceAccountReconciler.DEFAULT);
    ServiceAccountReconciler.wire(queue, caches.namespaces, accounts);
    return new ServiceAccountReconciler(api, caches.namespaces.lister(), accounts.lister());
  }

  /** Publishes the root CA; without one it has nothing to publish. */
  Reconciler rootCa(WorkQueue<ObjectKey> queue) {
    String bundle = flags.rootCaBundle();
    if (bundle.isEmpty()) {
      return _ -> Reconciler.Result.DONE;
    }
    Informer<ConfigMap> maps = caches.only(Resources.CONFIG_MAPS, RootCaReconciler.NAME);
    RootCaReconciler.wire(queue, caches.namespaces, maps);
    return new RootCaReconciler(api, caches.namespaces.lister(), maps.lister(), bundle);
  }

  Reconciler nodeLifecycle(WorkQueue<ObjectKey> queue) {
    NodeReconciler reconciler =
        new NodeReconciler(
            api,
            caches.nodes.lister(),
            caches.pods.lister(),
            caches.podsByNode,
            events("node-controller"),
            timers,
            flags.nodeMonitorGracePeriod,
            flags.nodeEvictionRate);
    NodeTriggers.wire(
        queue, reconciler, caches.nodes, caches.in(Resources.LEASES, NODE_LEASES), caches.pods);
    return reconciler;
  }

  Reconciler taintEviction(WorkQueue<ObjectKey> queue) {
    EvictionReconciler.wire(queue, caches.pods, caches.podsByNode, caches.nodes);
    return new EvictionReconciler(
        api,
        caches.pods.lister(),
        caches.nodes.lister(),
        events("taint-eviction-controller"),
        timers);
  }

  Reconciler ephemeralVolume(WorkQueue<ObjectKey> queue) {
    EphemeralReconciler.wire(queue, caches.pods);
    return new EphemeralReconciler(api, caches.pods.lister());
  }

  Reconciler podGc(WorkQueue<ObjectKey> queue) {
    PodGcReconciler.wire(queue, caches.pods, caches.nodes);
    return new PodGcReconciler(
        api,
        caches.pods.lister(),
        caches.podsByNode,
        caches.nodes.lister(),
        flags.terminatedPodThreshold,
        timers);
  }

  Reconciler disruption(WorkQueue<ObjectKey> queue) {
    DisruptionReconciler.wire(queue, caches.budgets, caches.budgetsByNamespace, caches.pods);
    return new DisruptionReconciler(
        api,
        caches.budgets.lister(),
        caches.pods.lister(),
        caches.podsByNamespace,
        caches.sets.lister(),
        caches.deployments.lister(),
        scales,
        events("controllermanager"),
        timers);
  }

  Reconciler resourceQuota(WorkQueue<ObjectKey> queue) {
    QuotaReconciler.wire(queue, caches.quotas);
    return new QuotaReconciler(api, caches.quotas.lister(), discovery, timers);
  }

  Reconciler autoscaler(WorkQueue<ObjectKey> queue) {
    AutoscalerReconciler reconciler =
        new AutoscalerReconciler(
            api,
            caches.scalers.lister(),
            caches.pods.lister(),
            caches.podsByNamespace,
            scales,
            events("horizontal-pod-autoscaler"),
            timers,
            flags.autoscalerPeriod);
    AutoscalerReconciler.wire(queue, reconciler, caches.scalers);
    return reconciler;
  }

  Reconciler volumes(WorkQueue<ObjectKey> queue) {
    VolumeTriggers.wire(queue, caches.claims, caches.volumes, caches.classes, caches.pods);
    return new VolumeReconciler(
        api,
        caches.claims.lister(),
        caches.volumes.lister(),
        caches.classes.lister(),
        caches.nodes.lister(),
        caches.pods.lister(),
        caches.podsByClaim,
        events("persistentvolume-controller"),
        new MachineFolders(),
        flags.localPathDir);
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
  }
}
