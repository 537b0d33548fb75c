package minik8s.kubectl.describe;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/** Volumes and claims in words. Stateless. */
public final class StorageText {
  private StorageText() {}

  /**
   * A claim.
   *
   * @param users the names of the pods that use it
   */
  public static String claim(
      Map<String, Object> object,
      List<String> users,
      @Nullable List<Object> events,
      InstantSource clock) {
    Page page = new Page(clock);
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.field("Namespace", Tree.text(object, "metadata", "namespace"));
    page.field("StorageClass", Tree.text(object, "spec", "storageClassName"));
    page.field("Status", status(object));
    page.field("Volume", Tree.text(object, "spec", "volumeName"));
    page.labels("Labels", Tree.map(object, "metadata", "labels"));
    page.annotations("Annotations", Tree.map(object, "metadata", "annotations"));
    page.field("Finalizers", finalizers(object));
    boolean bound = !Tree.text(object, "spec", "volumeName").isEmpty();
    page.field("Capacity", bound ? Tree.text(object, "status", "capacity", "storage") : "");
    page.field("Access Modes", bound ? modes(Tree.list(object, "status", "accessModes")) : "");
    page.field("VolumeMode", Tree.text(object, "spec", "volumeMode"));
    page.field("Used By", users.isEmpty() ? "<none>" : String.join("\n\t", users));
    return page.events(events).text();
  }

  /** A volume. */
  public static String volume(
      Map<String, Object> object, @Nullable List<Object> events, InstantSource clock) {
    Page page = new Page(clock);
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.labels("Labels", Tree.map(object, "metadata", "labels"));
    page.annotations("Annotations", Tree.map(object, "metadata", "annotations"));
    page.field("Finalizers", finalizers(object));
    page.field("StorageClass", Tree.text(object, "spec", "storageClassName"));
    page.field("Status", status(object));
    Map<String, Object> claim = Tree.map(object, "spec", "claimRef");
    page.field(
        "Claim",
        claim.isEmpty() ? "" : Tree.text(claim, "namespace") + "/" + Tree.text(claim, "name"));
    page.field("Reclaim Policy", Tree.text(object, "spec", "persistentVolumeReclaimPolicy"));
    page.field("Access Modes", modes(Tree.list(object, "spec", "accessModes")));
    page.field("VolumeMode", Tree.text(object, "spec", "volumeMode"));
    page.field("Capacity", Tree.text(object, "spec", "capacity", "storage"));
    affinity(page, Tree.list(object, "spec", "nodeAffinity", "required", "nodeSelectorTerms"));
    page.field("Message", Tree.text(object, "status", "message"));
    page.line(0, "Source:");
    source(page, Tree.map(object, "spec"));
    return page.events(events).text();
  }

  private static String status(Map<String, Object> object) {
    String deleted = Tree.text(object, "metadata", "deletionTimestamp");
    return deleted.isEmpty() ? Tree.text(object, "status", "phase") : "Terminating";
  }

  private static String finalizers(Map<String, Object> object) {
    List<String> names = new ArrayList<>();
    Tree.list(object, "metadata", "finalizers").forEach(each -> names.add(Tree.scalar(each)));
    return "[" + String.join(" ", names) + "]";
  }

  private static String modes(List<Object> modes) {
    List<String> words = new ArrayList<>();
    for (Object mode : modes) {
      words.add(
          switch (Tree.scalar(mode)) {
            case "ReadWriteOnce" -> "RWO";
            case "ReadOnlyMany" -> "ROX";
            case "ReadWriteMany" -> "RWX";
            case "ReadWriteOncePod" -> "RWOP";
            default -> Tree.scalar(mode);
          });
    }
    return String.join(",", words);
  }

  private static void affinity(Page page, List<Object> terms) {
    page.line(0, "Node Affinity:" + (terms.isEmpty() ? "\t<none>" : ""));
    if (terms.isEmpty()) {
      return;
    }
    page.line(1, "Required Terms:");
    int index = 0;
    for (Object term : terms) {
      List<String> words = new ArrayList<>();
      for (Object expression : Tree.list(term, "matchExpressions")) {
        List<String> values = new ArrayList<>();
        Tree.list(expression, "values").forEach(value -> values.add(Tree.scalar(value)));
        words.add(
            "%s %s [%s]"
                .formatted(
                    Tree.text(expression, "key"),
                    Tree.text(expression, "operator").toLowerCase(java.util.Locale.ROOT),
                    String.join(", ", values)));
      }
      page.line(2, "Term " + index++ + ":\t" + String.join("\n\t", words));
    }
  }

  private static void source(Page page, Map<String, Object> spec) {
    Map<String, Object> host = Tree.map(spec, "hostPath");
    Map<String, Object> local = Tree.map(spec, "local");
    if (!host.isEmpty()) {
      page.line(2, "Type:\tHostPath (bare host directory volume)");
      page.line(2, "Path:\t" + Tree.text(host, "path"));
      page.line(2, "HostPathType:\t" + Tree.text(host, "type"));
    } else if (!local.isEmpty()) {
      page.line(2, "Type:\tLocalVolume (a persistent volume backed by local storage on a node)");
      page.line(2, "Path:\t" + Tree.text(local, "path"));
    } else {
      new TreeMap<>(spec)
          .forEach((name, value) -> {
            if (value instanceof Map<?, ?> && !name.matches("capacity|claimRef|nodeAffinity")) {
              page.line(2, "Type:\t" + name);
            }
          });
    }
  }
}
