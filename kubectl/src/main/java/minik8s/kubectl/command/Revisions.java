package minik8s.kubectl.command;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.document.Tree;

/**
 * The revisions of a workload: replica sets of a deployment, controller revisions of the others.
 * Confined to one thread.
 */
final class Revisions {
  static final String REVISION = "deployment.kubernetes.io/revision";
  private static final String CAUSE = "kubernetes.io/change-cause";

  private final Session session;

  Revisions(Session session) {
    this.session = session;
  }

  /** All revisions by number: ReplicaSets or ControllerRevisions. */
  NavigableMap<Long, Map<String, Object>> of(Item item) {
    return switch (item.type().kind()) {
      case "Deployment" -> list(item, "ReplicaSet");
      case "DaemonSet", "StatefulSet" -> list(item, "ControllerRevision");
      default ->
          throw KubectlException.error(
              "no history viewer has been implemented for \""
                  + item.type().kind()
                  + (item.type().group().isEmpty() ? "" : "." + item.type().group())
                  + "\"");
    };
  }

  private NavigableMap<Long, Map<String, Object>> list(Item item, String kind) {
    TreeMap<Long, Map<String, Object>> out = new TreeMap<>();
    Query query = new Query().with("labelSelector", Pods.selector(item.object()));
    String uid = Tree.text(item.object(), "metadata", "uid");
    var type = KnownTypes.of(kind);
    for (Object one :
        Tree.list(session.server().get(type.path(item.namespace()) + query), "items")) {
      Map<String, Object> object = Item.live(type, Tree.asMap(one)).object();
      long number =
          kind.equals("ReplicaSet")
              ? parse(Tree.text(object, "metadata", "annotations", REVISION))
              : Tree.number(object, 0, "revision");
      if (number > 0 && owned(object, uid)) {
        out.put(number, object);
      }
    }
    return out;
  }

  private static long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static boolean owned(Map<String, Object> object, String uid) {
    for (Object owner : Tree.list(object, "metadata", "ownerReferences")) {
      if (Tree.text(owner, "uid").equals(uid)) {
        return true;
      }
    }
    return false;
  }

  /** The pod template of a revision. */
  static Map<String, Object> template(Map<String, Object> revision) {
    return Tree.text(revision, "kind").equals("ReplicaSet")
        ? Tree.map(revision, "spec", "template")
        : Tree.map(revision, "data", "spec", "template");
  }

  /** Why a revision was made, or {@code <none>}. */
  static String cause(Map<String, Object> revision) {
    String cause = Tree.text(revision, "metadata", "annotations", CAUSE);
    return cause.isEmpty() ? "<none>" : cause;
  }
}
