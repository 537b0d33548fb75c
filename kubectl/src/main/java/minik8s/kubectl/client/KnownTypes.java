package minik8s.kubectl.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that every Kubernetes server has, so that everyday commands need no discovery.
 * Immutable.
 */
public final class KnownTypes {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  /** apiVersion, plural, kind, then n for namespaced, short names after commas, * for "all". */
  private static final String[] TABLE = {
    "v1 pods Pod n* po",
    "v1 services Service n* svc",
    "v1 replicationcontrollers ReplicationController n* rc",
    "v1 configmaps ConfigMap n cm",
    "v1 secrets Secret n",
    "v1 namespaces Namespace c ns",
    "v1 nodes Node c no",
    "v1 serviceaccounts ServiceAccount n sa",
    "v1 events Event n ev",
    "v1 endpoints Endpoints n ep",
    "v1 persistentvolumes PersistentVolume c pv",
    "v1 persistentvolumeclaims PersistentVolumeClaim n pvc",
    "v1 limitranges LimitRange n limits",
    "v1 resourcequotas ResourceQuota n quota",
    "v1 podtemplates PodTemplate n",
    "v1 componentstatuses ComponentStatus c cs",
    "apps/v1 deployments Deployment n* deploy",
    "apps/v1 replicasets ReplicaSet n* rs",
    "apps/v1 daemonsets DaemonSet n* ds",
    "apps/v1 statefulsets StatefulSet n* sts",
    "apps/v1 controllerrevisions ControllerRevision n",
    "batch/v1 jobs Job n*",
    "batch/v1 cronjobs CronJob n* cj",
    "autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler n* hpa",
    "networking.k8s.io/v1 ingresses Ingress n ing",
    "networking.k8s.io/v1 ingressclasses IngressClass c",
    "networking.k8s.io/v1 networkpolicies NetworkPolicy n netpol",
    "policy/v1 poddisruptionbudgets PodDisruptionBudget n pdb",
    "rbac.authorization.k8s.io/v1 roles Role n",
    "rbac.authorization.k8s.io/v1 rolebindings RoleBinding n",
    "rbac.authorization.k8s.io/v1 clusterroles ClusterRole c",
    "rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding c",
    "storage.k8s.io/v1 storageclasses StorageClass c sc",
    "scheduling.k8s.io/v1 priorityclasses PriorityClass c pc",
    "coordination.k8s.io/v1 leases Lease n",
    "discovery.k8s.io/v1 endpointslices EndpointSlice n",
    "apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition c crd,crds",
  };

  private static final List<ResourceType> ALL = read();

  private KnownTypes() {}

  private static List<ResourceType> read() {
    List<ResourceType> out = new ArrayList<>(TABLE.length);
    for (String line : TABLE) {
      String[] field = line.split(" ");
      int slash = field[0].indexOf('/');
      out.add(
          new ResourceType(
              slash < 0 ? "" : field[0].substring(0, slash),
              field[0].substring(slash + 1),
              field[1],
              field[2].toLowerCase(Locale.ROOT),
              field[2],
              field[3].startsWith("n"),
              field.length < 5 ? List.of() : List.of(field[4].split(",")),
              field[3].endsWith("*") ? List.of("all") : List.of(),
              VERBS,
              true));
    }
    return List.copyOf(out);
  }

  /** The type that a word on the command line means, or null when discovery must tell. */
  public static @Nullable ResourceType byWord(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    String name = dot < 0 ? lower : lower.substring(0, dot);
    String rest = dot < 0 ? "" : lower.substring(dot + 1);
    for (ResourceType type : ALL) {
      if (type.answersTo(name) && (rest.isEmpty() || suits(type, rest))) {
        return type;
      }
    }
    return null;
  }

  private static boolean suits(ResourceType type, String rest) {
    return rest.equals(type.group())
        ? !type.group().isEmpty()
        : rest.equals(type.version() + "." + type.group())
            || (type.group().isEmpty() && rest.equals(type.version()));
  }

  /** The type of a manifest, or null when discovery must tell. */
  public static @Nullable ResourceType byKind(String apiVersion, String kind) {
    for (ResourceType type : ALL) {
      if (type.kind().equals(kind) && type.apiVersion().equals(apiVersion)) {
        return type;
      }
    }
    return null;
  }

  /** The type with this kind, of whatever group; for code that knows what it wants. */
  public static ResourceType of(String kind) {
    for (ResourceType type : ALL) {
      if (type.kind().equals(kind)) {
        return type;
      }
    }
    throw new IllegalArgumentException(kind);
  }
}
