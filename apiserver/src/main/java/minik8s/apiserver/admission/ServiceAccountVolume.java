package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.objects;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The volume through which a pod's containers get their token, the cluster's certificate and their
 * namespace. Stateless.
 */
final class ServiceAccountVolume {
  static final String PREFIX = "kube-api-access-";
  static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final int TOKEN_SECONDS = 3607;

  private ServiceAccountVolume() {}

  /** Adds volume and mounts where containers don't mount something there themselves. */
  static void add(ObjectNode spec, String suffix) {
    String name = PREFIX + suffix;
    for (ObjectNode volume : objects(spec, "volumes")) {
      if (Docs.text(volume, "name").startsWith(PREFIX)) {
        name = Docs.text(volume, "name");
      }
    }
    boolean mounted = false;
    for (String list : List.of("containers", "initContainers")) {
      for (ObjectNode container : objects(spec, list)) {
        mounted |= mount(container, name);
      }
    }
    String chosen = name;
    boolean present =
        objects(spec, "volumes").stream().anyMatch(v -> Docs.text(v, "name").equals(chosen));
    if (mounted && !present) {
      volume(Docs.ensureList(spec, "volumes").addObject(), name);
    }
  }

  private static boolean mount(ObjectNode container, String name) {
    for (ObjectNode mount : objects(container, "volumeMounts")) {
      if (Docs.text(mount, "mountPath").equals(MOUNT_PATH)) {
        return false;
      }
    }
    ObjectNode mount = Docs.ensureList(container, "volumeMounts").addObject();
    mount.put("name", name).put("readOnly", true).put("mountPath", MOUNT_PATH);
    return true;
  }

  private static void volume(ObjectNode volume, String name) {
    volume.put("name", name);
    ObjectNode projected = volume.putObject("projected");
    projected.put("defaultMode", 420);
    ArrayNode sources = projected.putArray("sources");
    ObjectNode token = sources.addObject().putObject("serviceAccountToken");
    token.put("expirationSeconds", TOKEN_SECONDS).put("path", "token");
    ObjectNode certificate = sources.addObject().putObject("configMap");
    certificate.put("name", "kube-root-ca.crt");
    certificate.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    ObjectNode item = sources.addObject().putObject("downwardAPI").putArray("items").addObject();
    item.put("path", "namespace");
    item.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
  }
}
