package minik8s.controller;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.ControllerRevision;
import minik8s.api.CronJob;
import minik8s.api.DaemonSet;
import minik8s.api.Deployment;
import minik8s.api.HorizontalPodAutoscaler;
import minik8s.api.Job;
import minik8s.api.KubeObject;
import minik8s.api.Namespace;
import minik8s.api.Node;
import minik8s.api.PartialObject;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.PodDisruptionBudget;
import minik8s.api.ReplicaSet;
import minik8s.api.ReplicationController;
import minik8s.api.Resource;
import minik8s.api.ResourceQuota;
import minik8s.api.Resources;
import minik8s.api.Service;
import minik8s.api.StatefulSet;
import minik8s.api.StorageClass;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Reflector;
import minik8s.controller.endpoints.EndpointSlice;
import minik8s.controller.endpoints.EndpointsObject;
import minik8s.controller.endpoints.EndpointsTriggers;
import minik8s.controller.job.JobTriggers;
import minik8s.controller.owner.Owned;
import minik8s.controller.state.ClusterState;
import minik8s.controller.state.ScrapeTargets;
import minik8s.controller.volume.ClaimUse;
import minik8s.daemon.Exposition;
import minik8s.daemon.HealthServer;

/**
 * The informers that several controllers share, with their indexes. Wire all handlers, then {@link
 * #start}; the caches themselves are thread-safe.
 */
final class Caches implements AutoCloseable {
  private static final Resource<PartialObject> DEFINITIONS =
      new Resource<>(
          "apiextensions.k8s.io",
          "v1",
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false,
          PartialObject.class);

  final Index<StatefulSet> statefulSetsByNamespace = Index.byNamespace();
  final Index<Job> jobsByNamespace = Index.byNamespace();
  final Index<Job> jobsByOwner = Owned.index();
  final Index<ReplicationController> controllersByNamespace = Index.byNamespace();
  final Index<Pod> podsByJob = JobTriggers.trackedByJob();
  final Index<DaemonSet> daemonSetsByNamespace = Index.byNamespace();
  final Index<ControllerRevision> revisionsByOwner = Owned.index();
  final Index<Deployment> deploymentsByNamespace = Index.byNamespace();
  final Index<ReplicaSet> setsByNamespace = Index.byNamespace();
  final Index<ReplicaSet> setsByOwner = Owned.index();
  final Index<Pod> podsByNamespace = Index.byNamespace();
  final Index<Service> servicesByNamespace = Index.byNamespace();
  final Index<EndpointSlice> slicesByService = EndpointsTriggers.byService();
  final Index<Pod> podsByOwner = Owned.index();
  final Index<Pod> podsByClaim = ClaimUse.byClaim();
  final Index<PodDisruptionBudget> budgetsByNamespace = Index.byNamespace();
  final Index<Pod> podsByNode = new Index<>("node", pod -> List.of(pod.spec().nodeName()));

  private final Api api;
  private final List<Informer<?>> informers = new ArrayList<>();
  private final List<Reflector<?>> reflectors = new ArrayList<>();

  final Informer<StatefulSet> statefulSets;
  final Informer<Job> jobs;
  final Informer<CronJob> cronJobs;
  final Informer<ReplicationController> controllers;
  final Informer<PersistentVolumeClaim> claims;
  final Informer<DaemonSet> daemonSets;
  final Informer<ControllerRevision> revisions;
  final Informer<Deployment> deployments;
  final Informer<ReplicaSet> sets;
  final Informer<Pod> pods;
  final Informer<Node> nodes;
  final Informer<Namespace> namespaces;
  final Informer<PartialObject> definitions;
  final Informer<Service> services;
  final Informer<EndpointsObject> endpoints;
  final Informer<EndpointSlice> slices;
  final Informer<PodDisruptionBudget> budgets;
  final Informer<ResourceQuota> quotas;
  final Informer<HorizontalPodAutoscaler> scalers;
  final Informer<PersistentVolume> volumes;
  final Informer<StorageClass> classes;

  Caches(Api api) {
    this.api = api;
    deployments = add(Resources.DEPLOYMENTS, ListOptions.ALL, List.of(deploymentsByNamespace));
    sets = add(Resources.REPLICA_SETS, ListOptions.ALL, List.of(setsByNamespace, setsByOwner));
    statefulSets = add(Resources.STATEFUL_SETS, ListOptions.ALL, List.of(statefulSetsByNamespace));
    jobs = add(Resources.JOBS, ListOptions.ALL, List.of(jobsByNamespace, jobsByOwner));
    cronJobs = add(Resources.CRON_JOBS, ListOptions.ALL, List.of());
    controllers =
        add(Resources.REPLICATION_CONTROLLERS, ListOptions.ALL, List.of(controllersByNamespace));
    claims = add(Resources.PERSISTENT_VOLUME_CLAIMS, ListOptions.ALL, List.of());
    daemonSets = add(Resources.DAEMON_SETS, ListOptions.ALL, List.of(daemonSetsByNamespace));
    revisions = add(Resources.CONTROLLER_REVISIONS, ListOptions.ALL, List.of(revisionsByOwner));
    pods =
        add(
            Resources.PODS,
            ListOptions.ALL,
            List.of(podsByOwner, podsByJob, podsByNode, podsByNamespace, podsByClaim));
    services = add(Resources.SERVICES, ListOptions.ALL, List.of(servicesByNamespace));
    endpoints = add(EndpointsObject.RESOURCE, ListOptions.ALL, List.of());
    slices = add(EndpointSlice.RESOURCE, ListOptions.ALL, List.of(slicesByService));
    nodes = add(Resources.NODES, ListOptions.ALL, List.of());
    namespaces = add(Resources.NAMESPACES, ListOptions.ALL, List.of());
    definitions = add(DEFINITIONS, ListOptions.ALL, List.of());
    budgets = add(Resources.POD_DISRUPTION_BUDGETS, ListOptions.ALL, List.of(budgetsByNamespace));
    quotas = add(ResourceQuota.RESOURCE, ListOptions.ALL, List.of());
    scalers = add(HorizontalPodAutoscaler.RESOURCE, ListOptions.ALL, List.of());
    volumes = add(Resources.PERSISTENT_VOLUMES, ListOptions.ALL, List.of());
    classes = add(Resources.STORAGE_CLASSES, ListOptions.ALL, List.of());
  }

  /** A further informer, of the objects with one name in every namespace. */
  <T extends KubeObject> Informer<T> only(Resource<T> resource, String name) {
    return add(resource, ListOptions.ALL.withFields("metadata.name=" + name), List.of());
  }

  /** A further informer, of one namespace. */
  <T extends KubeObject> Informer<T> in(Resource<T> resource, String namespace) {
    return add(resource, ListOptions.in(namespace), List.of());
  }

  private <T extends KubeObject> Informer<T> add(
      Resource<T> resource, ListOptions options, List<Index<T>> indexes) {
    Informer<T> informer = new Informer<>(resource, options, indexes);
    informers.add(informer);
    return informer;
  }

  /** The informers that show every object of their kind. */
  List<Informer<? extends KubeObject>> all() {
    return List.of(
        statefulSets,
        jobs,
        cronJobs,
        controllers,
        claims,
        deployments,
        sets,
        daemonSets,
        revisions,
        pods,
        nodes,
        namespaces,
        definitions,
        services,
        endpoints,
        slices,
        budgets,
        quotas,
        scalers,
        volumes,
        classes);
  }

  /** Every informer that has been asked for, in that order. */
  List<Informer<?>> wired() {
    return List.copyOf(informers);
  }

  /** Shows the cluster's objects as series, and where there are more of them to scrape. */
  void show(HealthServer server) {
    server.page("/metrics/state", Exposition.CONTENT_TYPE, this::state);
    server.page(
        "/discovery/node", "application/json", () -> ScrapeTargets.nodes(nodes.lister().all()));
    server.page(
        "/discovery/pod", "application/json", () -> ScrapeTargets.pods(pods.lister().all()));
    server.page(
        "/discovery/service",
        "application/json",
        () -> ScrapeTargets.services(services.lister().all()));
    server.page("/discovery/endpoints", "application/json", this::backends);
  }

  private String state() {
    return ClusterState.render(
        nodes.lister().all(), pods.lister().all(), deployments.lister().all());
  }

  private String backends() {
    return ScrapeTargets.endpoints(
        endpoints.lister().all().stream()
            .map(e ->
                new ScrapeTargets.Backends(
                    e.metadata(),
                    e.subsets() == null ? Json.object().arrayNode() : e.subsets().node()))
            .toList(),
        services.lister().all(),
        pods.lister().all());
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
