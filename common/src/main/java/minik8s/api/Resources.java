package minik8s.api;

/** The kinds that our own processes watch or write. The API server serves many more. */
public final class Resources {
  private Resources() {}

  public static final Resource<Pod> PODS = core("pods", "Pod", true, Pod.class);
  public static final Resource<Node> NODES = core("nodes", "Node", false, Node.class);
  public static final Resource<Namespace> NAMESPACES =
      core("namespaces", "Namespace", false, Namespace.class);
  public static final Resource<ConfigMap> CONFIG_MAPS =
      core("configmaps", "ConfigMap", true, ConfigMap.class);
  public static final Resource<Secret> SECRETS = core("secrets", "Secret", true, Secret.class);
  public static final Resource<ServiceAccount> SERVICE_ACCOUNTS =
      core("serviceaccounts", "ServiceAccount", true, ServiceAccount.class);
  public static final Resource<Service> SERVICES = core("services", "Service", true, Service.class);
  public static final Resource<Event> EVENTS = core("events", "Event", true, Event.class);
  public static final Resource<Deployment> DEPLOYMENTS =
      new Resource<>("apps", "v1", "deployments", "Deployment", true, Deployment.class);
  public static final Resource<ReplicaSet> REPLICA_SETS =
      new Resource<>("apps", "v1", "replicasets", "ReplicaSet", true, ReplicaSet.class);
  public static final Resource<DaemonSet> DAEMON_SETS =
      new Resource<>("apps", "v1", "daemonsets", "DaemonSet", true, DaemonSet.class);
  public static final Resource<StatefulSet> STATEFUL_SETS =
      new Resource<>("apps", "v1", "statefulsets", "StatefulSet", true, StatefulSet.class);
  public static final Resource<Job> JOBS =
      new Resource<>("batch", "v1", "jobs", "Job", true, Job.class);
  public static final Resource<CronJob> CRON_JOBS =
      new Resource<>("batch", "v1", "cronjobs", "CronJob", true, CronJob.class);
  public static final Resource<ReplicationController> REPLICATION_CONTROLLERS =
      core("replicationcontrollers", "ReplicationController", true, ReplicationController.class);
  public static final Resource<ControllerRevision> CONTROLLER_REVISIONS =
      new Resource<>(
          "apps",
          "v1",
          "controllerrevisions",
          "ControllerRevision",
          true,
          ControllerRevision.class);
  public static final Resource<Lease> LEASES =
      new Resource<>("coordination.k8s.io", "v1", "leases", "Lease", true, Lease.class);

  public static final Resource<PersistentVolume> PERSISTENT_VOLUMES =
      core("persistentvolumes", "PersistentVolume", false, PersistentVolume.class);
  public static final Resource<PersistentVolumeClaim> PERSISTENT_VOLUME_CLAIMS =
      core("persistentvolumeclaims", "PersistentVolumeClaim", true, PersistentVolumeClaim.class);
  public static final Resource<StorageClass> STORAGE_CLASSES =
      new Resource<>(
          "storage.k8s.io", "v1", "storageclasses", "StorageClass", false, StorageClass.class);
  public static final Resource<PodDisruptionBudget> POD_DISRUPTION_BUDGETS =
      new Resource<>(
          "policy",
          "v1",
          "poddisruptionbudgets",
          "PodDisruptionBudget",
          true,
          PodDisruptionBudget.class);

  public static final Resource<RuntimeClass> RUNTIME_CLASSES =
      new Resource<>(
          "node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false, RuntimeClass.class);

  private static <T> Resource<T> core(
      String plural, String kind, boolean namespaced, Class<T> type) {
    return new Resource<>("", "v1", plural, kind, namespaced, type);
  }
}
