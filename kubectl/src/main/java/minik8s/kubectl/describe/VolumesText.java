package minik8s.kubectl.describe;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.document.Tree;

/** The volumes of a pod or of a template. Stateless. */
final class VolumesText {
  private VolumesText() {}

  static void add(Page page, List<Object> volumes, String space) {
    page.line(0, space + "Volumes:" + (volumes.isEmpty() ? "\t<none>" : ""));
    for (Object volume : volumes) {
      page.line(1, (space.isEmpty() ? "" : " ") + Tree.text(volume, "name") + ":");
      source(page, Tree.asMap(volume));
    }
  }

  private static void source(Page page, Map<String, Object> volume) {
    if (volume.containsKey("hostPath")) {
      page.line(2, "Type:\tHostPath (bare host directory volume)");
      page.line(2, "Path:\t" + Tree.text(volume, "hostPath", "path"));
      boolean typed = Tree.at(volume, "hostPath", "type") != null;
      page.line(2, "HostPathType:\t" + (typed ? Tree.text(volume, "hostPath", "type") : "<none>"));
    } else if (volume.containsKey("emptyDir")) {
      String limit = Tree.text(volume, "emptyDir", "sizeLimit");
      page.line(2, "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)");
      page.line(2, "Medium:\t" + Tree.text(volume, "emptyDir", "medium"));
      page.line(2, "SizeLimit:\t" + (limit.isEmpty() ? "<unset>" : limit));
    } else if (volume.containsKey("secret")) {
      page.line(2, "Type:\tSecret (a volume populated by a Secret)");
      page.line(2, "SecretName:\t" + Tree.text(volume, "secret", "secretName"));
      page.line(2, "Optional:\t" + Tree.flag(volume, "secret", "optional"));
    } else if (volume.containsKey("configMap")) {
      page.line(2, "Type:\tConfigMap (a volume populated by a ConfigMap)");
      page.line(2, "Name:\t" + Tree.text(volume, "configMap", "name"));
      page.line(2, "Optional:\t" + Tree.flag(volume, "configMap", "optional"));
    } else if (volume.containsKey("persistentVolumeClaim")) {
      page.line(
          2,
          "Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same"
              + " namespace)");
      page.line(2, "ClaimName:\t" + Tree.text(volume, "persistentVolumeClaim", "claimName"));
      page.line(2, "ReadOnly:\t" + Tree.flag(volume, "persistentVolumeClaim", "readOnly"));
    } else if (volume.containsKey("projected")) {
      projected(page, Tree.list(volume, "projected", "sources"));
    } else if (volume.containsKey("downwardAPI")) {
      page.line(2, "Type:\tDownwardAPI (a volume populated by information about the pod)");
      page.line(2, "Items:");
      for (Object item : Tree.list(volume, "downwardAPI", "items")) {
        String field = Tree.text(item, "fieldRef", "fieldPath");
        String what = field.isEmpty() ? Tree.text(item, "resourceFieldRef", "resource") : field;
        page.line(3, what + " -> " + Tree.text(item, "path"));
      }
    } else if (volume.containsKey("nfs")) {
      page.line(2, "Type:\tNFS (an NFS mount that lasts the lifetime of a pod)");
      page.line(2, "Server:\t" + Tree.text(volume, "nfs", "server"));
      page.line(2, "Path:\t" + Tree.text(volume, "nfs", "path"));
      page.line(2, "ReadOnly:\t" + Tree.flag(volume, "nfs", "readOnly"));
    } else {
      page.line(1, "<unknown>");
    }
  }

  private static void projected(Page page, List<Object> sources) {
    page.line(2, "Type:\tProjected (a volume that contains injected data from multiple sources)");
    for (Object source : sources) {
      Map<String, Object> one = Tree.asMap(source);
      if (one.containsKey("secret")) {
        page.line(2, "SecretName:\t" + Tree.text(one, "secret", "name"));
        page.line(2, "Optional:\t" + Tree.flag(one, "secret", "optional"));
      } else if (one.containsKey("downwardAPI")) {
        page.line(2, "DownwardAPI:\ttrue");
      } else if (one.containsKey("configMap")) {
        page.line(2, "ConfigMapName:\t" + Tree.text(one, "configMap", "name"));
        page.line(2, "Optional:\t" + Tree.flag(one, "configMap", "optional"));
      } else if (one.containsKey("serviceAccountToken")) {
        page.line(
            2,
            "TokenExpirationSeconds:\t"
                + Tree.number(one, 3600, "serviceAccountToken", "expirationSeconds"));
      }
    }
  }
}
