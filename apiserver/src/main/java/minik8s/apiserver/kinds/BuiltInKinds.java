package minik8s.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;

/** The table of built-in kinds; adding a kind is adding a line. Stateless. */
final class BuiltInKinds {
  private static final String V1 = "v1";
  private static final String POLICY = "policy";
  private static final String AUTHORIZATION = "authorization.k8s.io";
  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String[] CONNECT = {"create", "get"};
  private static final String[] PROXY = {"create", "delete", "get", "patch", "update"};

  private BuiltInKinds() {}

  /** Every built-in kind, in the order of discovery. */
  static List<Kind> all() {
    List<Kind.Builder> kinds = new ArrayList<>();
    core(kinds);
    apps(kinds);
    events(kinds);
    reviews(kinds);
    autoscalingAndBatch(kinds);
    networkingAndPolicy(kinds);
    rbacAndStorage(kinds);
    rest(kinds);
    return kinds.stream().map(Kind.Builder::build).toList();
  }

  private static Kind.Builder v1(String kind, String plural) {
    return Kind.describe("", V1, kind, plural);
  }

  private static void core(List<Kind.Builder> kinds) {
    kinds.add(v1("Binding", "bindings").verbs("create"));
    kinds.add(v1("ConfigMap", "configmaps").shortNames("cm"));
    kinds.add(v1("Endpoints", "endpoints").shortNames("ep"));
    kinds.add(
        v1("Event", "events")
            .shortNames("ev")
            .fields(
                "involvedObject.kind",
                "involvedObject.namespace",
                "involvedObject.name",
                "involvedObject.uid",
                "involvedObject.apiVersion",
                "involvedObject.resourceVersion",
                "involvedObject.fieldPath",
                "reason",
                "reportingComponent",
                "source",
                "type"));
    kinds.add(v1("LimitRange", "limitranges").shortNames("limits"));
    kinds.add(
        v1("Namespace", "namespaces")
            .cluster()
            .shortNames("ns")
            .verbs("create", "delete", "get", "list", "patch", "update", "watch")
            .sub("finalize", "update")
            .status()
            .fields("status.phase", "name"));
    kinds.add(
        v1("Node", "nodes")
            .cluster()
            .shortNames("no")
            .foreign("proxy", "", V1, "NodeProxyOptions", PROXY)
            .status()
            .fields("spec.unschedulable"));
    kinds.add(v1("PersistentVolumeClaim", "persistentvolumeclaims").shortNames("pvc").status());
    kinds.add(v1("PersistentVolume", "persistentvolumes").cluster().shortNames("pv").status());
    kinds.add(pods());
    kinds.add(v1("PodTemplate", "podtemplates").generation());
    kinds.add(
        v1("ReplicationController", "replicationcontrollers")
            .shortNames("rc")
            .categories("all")
            .generation()
            .scale(ScalePaths.WORKLOAD)
            .status()
            .fields("status.replicas"));
    kinds.add(v1("ResourceQuota", "resourcequotas").shortNames("quota").status());
    kinds.add(v1("Secret", "secrets").fields("type"));
    kinds.add(
        v1("ServiceAccount", "serviceaccounts")
            .shortNames("sa")
            .foreign("token", AUTHENTICATION, V1, "TokenRequest", "create"));
    kinds.add(
        v1("Service", "services")
            .shortNames("svc")
            .categories("all")
            .foreign("proxy", "", V1, "ServiceProxyOptions", PROXY)
            .status()
            .fields("spec.clusterIP", "spec.type"));
  }

  private static Kind.Builder pods() {
    return v1("Pod", "pods")
        .shortNames("po")
        .categories("all")
        .generation()
        .foreign("attach", "", V1, "PodAttachOptions", CONNECT)
        .foreign("binding", "", V1, "Binding", "create")
        .sub("ephemeralcontainers", "get", "patch", "update")
        .foreign("eviction", POLICY, V1, "Eviction", "create")
        .foreign("exec", "", V1, "PodExecOptions", CONNECT)
        .sub("log", "get")
        .foreign("portforward", "", V1, "PodPortForwardOptions", CONNECT)
        .foreign("proxy", "", V1, "PodProxyOptions", PROXY)
        .status()
        .fields(
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName");
  }

  private static void apps(List<Kind.Builder> kinds) {
    kinds.add(Kind.describe("apps", V1, "ControllerRevision", "controllerrevisions"));
    kinds.add(workload("DaemonSet", "daemonsets", "ds"));
    kinds.add(workload("Deployment", "deployments", "deploy").scale(ScalePaths.WORKLOAD));
    kinds.add(
        workload("ReplicaSet", "replicasets", "rs")
            .scale(ScalePaths.WORKLOAD)
            .fields("status.replicas"));
    kinds.add(workload("StatefulSet", "statefulsets", "sts").scale(ScalePaths.WORKLOAD));
  }

  private static Kind.Builder workload(String kind, String plural, String shortName) {
    return Kind.describe("apps", V1, kind, plural)
        .shortNames(shortName)
        .categories("all")
        .generation()
        .status();
  }

  private static void events(List<Kind.Builder> kinds) {
    kinds.add(
        Kind.describe("events.k8s.io", V1, "Event", "events")
            .shortNames("ev")
            .storedAs(V1, "events")
            .fields(
                "regarding.kind",
                "regarding.namespace",
                "regarding.name",
                "regarding.uid",
                "regarding.apiVersion",
                "regarding.resourceVersion",
                "regarding.fieldPath",
                "reason",
                "reportingController",
                "type"));
  }

  private static void reviews(List<Kind.Builder> kinds) {
    kinds.add(review(AUTHENTICATION, "SelfSubjectReview", "selfsubjectreviews").cluster());
    kinds.add(review(AUTHENTICATION, "TokenReview", "tokenreviews").cluster());
    kinds.add(review(AUTHORIZATION, "LocalSubjectAccessReview", "localsubjectaccessreviews"));
    kinds.add(
        review(AUTHORIZATION, "SelfSubjectAccessReview", "selfsubjectaccessreviews").cluster());
    kinds.add(review(AUTHORIZATION, "SelfSubjectRulesReview", "selfsubjectrulesreviews").cluster());
    kinds.add(review(AUTHORIZATION, "SubjectAccessReview", "subjectaccessreviews").cluster());
  }

  private static Kind.Builder review(String group, String kind, String plural) {
    return Kind.describe(group, V1, kind, plural).verbs("create");
  }

  private static void autoscalingAndBatch(List<Kind.Builder> kinds) {
    for (String version : List.of("v2", "v1")) {
      kinds.add(
          Kind.describe(
                  "autoscaling", version, "HorizontalPodAutoscaler", "horizontalpodautoscalers")
              .shortNames("hpa")
              .categories("all")
              .storedAs("autoscaling/v2", "horizontalpodautoscalers")
              .status());
    }
    kinds.add(
        Kind.describe("batch", V1, "CronJob", "cronjobs")
            .shortNames("cj")
            .categories("all")
            .generation()
            .status());
    kinds.add(
        Kind.describe("batch", V1, "Job", "jobs")
            .categories("all")
            .generation()
            .status()
            .fields("status.successful"));
  }

  private static void networkingAndPolicy(List<Kind.Builder> kinds) {
    String networking = "networking.k8s.io";
    kinds.add(
        Kind.describe(networking, V1, "IngressClass", "ingressclasses").cluster().generation());
    kinds.add(
        Kind.describe(networking, V1, "Ingress", "ingresses")
            .shortNames("ing")
            .generation()
            .status());
    kinds.add(
        Kind.describe(networking, V1, "NetworkPolicy", "networkpolicies")
            .shortNames("netpol")
            .generation());
    kinds.add(
        Kind.describe(POLICY, V1, "PodDisruptionBudget", "poddisruptionbudgets")
            .shortNames("pdb")
            .generation()
            .status());
  }

  private static void rbacAndStorage(List<Kind.Builder> kinds) {
    String rbac = "rbac.authorization.k8s.io";
    kinds.add(Kind.describe(rbac, V1, "ClusterRoleBinding", "clusterrolebindings").cluster());
    kinds.add(Kind.describe(rbac, V1, "ClusterRole", "clusterroles").cluster());
    kinds.add(Kind.describe(rbac, V1, "RoleBinding", "rolebindings"));
    kinds.add(Kind.describe(rbac, V1, "Role", "roles"));
    String storage = "storage.k8s.io";
    kinds.add(Kind.describe(storage, V1, "CSIDriver", "csidrivers").cluster());
    kinds.add(Kind.describe(storage, V1, "CSINode", "csinodes").cluster());
    kinds.add(Kind.describe(storage, V1, "CSIStorageCapacity", "csistoragecapacities"));
    kinds.add(
        Kind.describe(storage, V1, "StorageClass", "storageclasses").cluster().shortNames("sc"));
    kinds.add(
        Kind.describe(storage, V1, "VolumeAttachment", "volumeattachments").cluster().status());
  }

  private static void rest(List<Kind.Builder> kinds) {
    kinds.add(
        Kind.describe(
                "apiextensions.k8s.io", V1, "CustomResourceDefinition", "customresourcedefinitions")
            .cluster()
            .shortNames("crd", "crds")
            .categories("api-extensions")
            .generation()
            .status());
    kinds.add(
        Kind.describe("scheduling.k8s.io", V1, "PriorityClass", "priorityclasses")
            .cluster()
            .shortNames("pc")
            .generation());
    kinds.add(Kind.describe("coordination.k8s.io", V1, "Lease", "leases"));
    // Computed, never stored.
    kinds.add(
        Kind.describe("metrics.k8s.io", "v1beta1", "NodeMetrics", "nodes")
            .cluster()
            .singular("")
            .verbs("get", "list"));
    kinds.add(
        Kind.describe("metrics.k8s.io", "v1beta1", "PodMetrics", "pods")
            .singular("")
            .verbs("get", "list"));
    kinds.add(
        Kind.describe("discovery.k8s.io", V1, "EndpointSlice", "endpointslices").generation());
  }
}
