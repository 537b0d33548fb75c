package minik8s.apiserver.authz;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cluster roles and bindings that every cluster starts with. Stateless.
 *
 * <p>Source: Kubernetes' {@code bootstrappolicy}. {@code admin}, {@code edit} and {@code view}
 * gather further cluster roles by label, as there.
 */
public final class BootstrapPolicy {
  private static final String READ = "get,list,watch";
  private static final String WRITE = "create,delete,deletecollection,patch,update";
  private static final String ALL = READ + "," + WRITE;
  private static final String WORKLOADS =
      "daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,"
          + "replicasets/scale,statefulsets,statefulsets/scale";
  private static final String WORKLOADS_VIEW =
      WORKLOADS
          + ",controllerrevisions,daemonsets/status,deployments/status,replicasets/status,"
          + "statefulsets/status";
  private static final String CORE_VIEW =
      "configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,"
          + "replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,"
          + "services/status,bindings,events,limitranges,namespaces/status,pods/log,pods/status,"
          + "replicationcontrollers/status,resourcequotas,resourcequotas/status,namespaces";
  private static final String CORE_EDIT =
      "pods,pods/attach,pods/exec,pods/portforward,pods/proxy,configmaps,events,"
          + "persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,"
          + "serviceaccounts,services,services/proxy";

  private final List<ObjectNode> documents = new ArrayList<>();

  private BootstrapPolicy() {}

  /** Full documents, to be created at start when absent. */
  public static List<ObjectNode> documents() {
    BootstrapPolicy policy = new BootstrapPolicy();
    policy.people();
    policy.everybody();
    policy.daemons();
    policy.nodes();
    return policy.documents;
  }

  private void people() {
    role("cluster-admin").rule("*", "*", "*").paths("*", "*");
    bind("cluster-admin", "Group", "system:masters");
    aggregated("admin", "rbac.authorization.k8s.io/aggregate-to-admin");
    aggregated("edit", "rbac.authorization.k8s.io/aggregate-to-edit")
        .label("rbac.authorization.k8s.io/aggregate-to-admin");
    aggregated("view", "rbac.authorization.k8s.io/aggregate-to-view")
        .label("rbac.authorization.k8s.io/aggregate-to-edit");
    role("system:aggregate-to-admin")
        .label("rbac.authorization.k8s.io/aggregate-to-admin")
        .rule("authorization.k8s.io", "localsubjectaccessreviews", "create")
        .rule("rbac.authorization.k8s.io", "roles,rolebindings", ALL);
    role("system:aggregate-to-edit")
        .label("rbac.authorization.k8s.io/aggregate-to-edit")
        .rule("", "pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy", READ)
        .rule("", "serviceaccounts", "impersonate")
        .rule("", CORE_EDIT, WRITE)
        .rule("", "pods/eviction,serviceaccounts/token", "create")
        .rule("apps", WORKLOADS, WRITE)
        .rule("autoscaling", "horizontalpodautoscalers", WRITE)
        .rule("batch", "cronjobs,jobs", WRITE)
        .rule("policy", "poddisruptionbudgets", WRITE)
        .rule("networking.k8s.io", "ingresses,networkpolicies", WRITE)
        .rule("coordination.k8s.io", "leases", ALL);
    role("system:aggregated-metrics-reader")
        .label("rbac.authorization.k8s.io/aggregate-to-view")
        .rule("metrics.k8s.io", "pods,nodes", READ);
    role("system:aggregate-to-view")
        .label("rbac.authorization.k8s.io/aggregate-to-view")
        .rule("", CORE_VIEW, READ)
        .rule("discovery.k8s.io", "endpointslices", READ)
        .rule("events.k8s.io", "events", READ)
        .rule("apps", WORKLOADS_VIEW, READ)
        .rule("autoscaling", "horizontalpodautoscalers,horizontalpodautoscalers/status", READ)
        .rule("batch", "cronjobs,cronjobs/status,jobs,jobs/status", READ)
        .rule("policy", "poddisruptionbudgets,poddisruptionbudgets/status", READ)
        .rule("networking.k8s.io", "ingresses,ingresses/status,networkpolicies", READ);
  }

  private void everybody() {
    role("system:basic-user")
        .rule("authorization.k8s.io", "selfsubjectaccessreviews,selfsubjectrulesreviews", "create")
        .rule("authentication.k8s.io", "selfsubjectreviews", "create");
    bind("system:basic-user", "Group", "system:authenticated");
    role("system:discovery")
        .paths(
            "/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,"
                + "/version/",
            "get");
    bind("system:discovery", "Group", "system:authenticated");
    role("system:public-info-viewer")
        .paths("/healthz,/healthz/*,/livez,/livez/*,/readyz,/readyz/*,/version,/version/", "get");
    bind("system:public-info-viewer", "Group", "system:authenticated");
    bind("system:public-info-viewer", "Group", "system:unauthenticated");
    role("system:monitoring")
        .paths("/metrics,/metrics/*,/healthz,/healthz/*,/livez,/livez/*,/readyz,/readyz/*", "get");
    bind("system:monitoring", "Group", "system:monitoring");
    role("system:auth-delegator")
        .rule("authentication.k8s.io", "tokenreviews", "create")
        .rule("authorization.k8s.io", "subjectaccessreviews", "create");
    role("system:service-account-issuer-discovery")
        .paths("/.well-known/openid-configuration,/openid/v1/jwks", "get");
    bind("system:service-account-issuer-discovery", "Group", "system:serviceaccounts");
  }

  private void daemons() {
    role("system:kube-scheduler")
        .rule("", "events", "create,patch,update")
        .rule("events.k8s.io", "events", "create,patch,update")
        .rule("coordination.k8s.io", "leases", "create,get,list,patch,update,watch")
        .rule(
            "",
            "nodes,namespaces,services,replicationcontrollers,persistentvolumeclaims,persistentvolumes",
            READ)
        .rule("", "pods", "delete,get,list,watch")
        .rule("", "bindings,pods/binding", "create")
        .rule("", "pods/status", "patch,update")
        .rule("", "persistentvolumeclaims,persistentvolumes", "patch,update")
        .rule("apps", "replicasets,statefulsets", READ)
        .rule("policy", "poddisruptionbudgets", READ)
        .rule("scheduling.k8s.io", "priorityclasses", READ)
        .rule("storage.k8s.io", "csidrivers,csinodes,csistoragecapacities,storageclasses", READ)
        .rule("authentication.k8s.io", "tokenreviews", "create")
        .rule("authorization.k8s.io", "subjectaccessreviews", "create");
    bind("system:kube-scheduler", "User", "system:kube-scheduler");
    // One process holds every controller here, so this role is the sum of Kubernetes' roles
    // system:controller:*.
    role("system:kube-controller-manager")
        .rule("", "*", "*")
        .rule("apps,batch,autoscaling,policy,discovery.k8s.io", "*", "*")
        .rule("coordination.k8s.io,events.k8s.io,networking.k8s.io,storage.k8s.io", "*", "*")
        .rule("scheduling.k8s.io,apiextensions.k8s.io", "*", READ)
        .rule("apiextensions.k8s.io", "*", "patch,update,delete")
        .rule("*", "*", "delete,deletecollection,get,list,patch,update,watch")
        .rule("authentication.k8s.io", "tokenreviews", "create")
        .rule("authorization.k8s.io", "subjectaccessreviews", "create")
        .paths("*", "get");
    bind("system:kube-controller-manager", "User", "system:kube-controller-manager");
  }

  private void nodes() {
    role("system:node")
        .rule("", "nodes", "create,get,list,watch")
        .rule("", "nodes/status", "patch,update")
        .rule("", "events", "create,patch,update")
        .rule("", "pods,services,namespaces", READ);
    // No binding: nodes are judged by the node rule, which knows their names.
    role("system:node-proxier")
        .rule("", "services,endpoints,nodes", READ)
        .rule("discovery.k8s.io", "endpointslices", READ)
        .rule("", "events", "create,patch,update")
        .rule("events.k8s.io", "events", "create,patch,update");
    bind("system:node-proxier", "User", "system:kube-proxy");
    role("system:kubelet-api-admin")
        .rule("", "nodes", "get,list,watch,proxy")
        .rule("", "nodes/log,nodes/metrics,nodes/proxy,nodes/stats,nodes/configz", "*");
  }

  private Role role(String name) {
    ObjectNode document = document("ClusterRole", name);
    document.putArray("rules");
    documents.add(document);
    return new Role(document);
  }

  private Role aggregated(String name, String label) {
    Role role = role(name);
    role.document
        .putObject("aggregationRule")
        .putArray("clusterRoleSelectors")
        .addObject()
        .putObject("matchLabels")
        .put(label, "true");
    return role;
  }

  private void bind(String role, String kind, String subject) {
    for (ObjectNode known : documents) {
      if (known.path("kind").asString("").equals("ClusterRoleBinding")
          && known.path("metadata").path("name").asString("").equals(role)) {
        subject(known, kind, subject);
        return;
      }
    }
    ObjectNode binding = document("ClusterRoleBinding", role);
    ObjectNode reference = binding.putObject("roleRef");
    reference.put("apiGroup", "rbac.authorization.k8s.io").put("kind", "ClusterRole");
    reference.put("name", role);
    subject(binding, kind, subject);
    documents.add(binding);
  }

  private static void subject(ObjectNode binding, String kind, String name) {
    ObjectNode subject = binding.withArrayProperty("subjects").addObject();
    subject.put("apiGroup", "rbac.authorization.k8s.io").put("kind", kind).put("name", name);
  }

  private static ObjectNode document(String kind, String name) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("apiVersion", "rbac.authorization.k8s.io/v1").put("kind", kind);
    ObjectNode metadata = node.putObject("metadata").put("name", name);
    metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    metadata.putObject("annotations").put("rbac.authorization.kubernetes.io/autoupdate", "true");
    return node;
  }

  /** A cluster role in the making. */
  private record Role(ObjectNode document) {
    Role rule(String groups, String resources, String verbs) {
      ObjectNode rule = document.withArrayProperty("rules").addObject();
      list(rule, "verbs", verbs);
      list(rule, "apiGroups", groups);
      list(rule, "resources", resources);
      return this;
    }

    Role paths(String paths, String verbs) {
      ObjectNode rule = document.withArrayProperty("rules").addObject();
      list(rule, "verbs", verbs);
      list(rule, "nonResourceURLs", paths);
      return this;
    }

    Role label(String label) {
      document.withObjectProperty("metadata").withObjectProperty("labels").put(label, "true");
      return this;
    }

    private static void list(ObjectNode rule, String field, String values) {
      var array = rule.putArray(field);
      for (String value : values.split(",", -1)) {
        array.add(value);
      }
    }
  }
}
