package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The defaults of volumes, in pods and as persistent volumes. Stateless. */
final class VolumeDefaults {
  private static final int MODE = 0644;

  private VolumeDefaults() {}

  static void volume(ObjectNode volume) {
    if (hasNoSource(volume)) {
      volume.putObject("emptyDir");
      return;
    }
    for (String kind : List.of("secret", "configMap", "projected")) {
      ObjectNode source = object(volume, kind);
      if (source != null) {
        fill(source, "defaultMode", MODE);
      }
    }
    downward(object(volume, "downwardAPI"), true);
    ObjectNode projected = object(volume, "projected");
    if (projected != null) {
      for (ObjectNode source : objects(projected, "sources")) {
        downward(object(source, "downwardAPI"), false);
        ObjectNode token = object(source, "serviceAccountToken");
        if (token != null) {
          fill(token, "expirationSeconds", 3600);
        }
      }
    }
    ObjectNode emptyDir = object(volume, "emptyDir");
    if (emptyDir != null) {
      Quantities.asText(emptyDir, "sizeLimit");
    }
    source(volume);
    ObjectNode ephemeral = object(volume, "ephemeral");
    ObjectNode claim = ephemeral == null ? null : object(ephemeral, "volumeClaimTemplate");
    if (claim != null) {
      claimSpec(object(claim, "spec"));
    }
  }

  private static boolean hasNoSource(ObjectNode volume) {
    for (var field : volume.properties()) {
      if (!field.getKey().equals("name") && !field.getValue().isNull()) {
        return false;
      }
    }
    return true;
  }

  private static void downward(@Nullable ObjectNode source, boolean mode) {
    if (source == null) {
      return;
    }
    if (mode) {
      fill(source, "defaultMode", MODE);
    }
    for (ObjectNode item : objects(source, "items")) {
      ContainerDefaults.fieldRef(item);
    }
  }

  /** The sources that pods and persistent volumes have in common. */
  static void source(ObjectNode holder) {
    ObjectNode hostPath = object(holder, "hostPath");
    if (hostPath != null && Docs.absent(hostPath, "type")) {
      hostPath.put("type", "");
    }
    ObjectNode iscsi = object(holder, "iscsi");
    if (iscsi != null) {
      fill(iscsi, "iscsiInterface", "default");
    }
    ObjectNode rbd = object(holder, "rbd");
    if (rbd != null) {
      fill(rbd, "pool", "rbd");
      fill(rbd, "user", "admin");
      fill(rbd, "keyring", "/etc/ceph/keyring");
    }
    ObjectNode disk = object(holder, "azureDisk");
    if (disk != null) {
      fill(disk, "cachingMode", "ReadWrite");
      fill(disk, "kind", "Shared");
      fill(disk, "fsType", "ext4");
      fill(disk, "readOnly", false);
    }
  }

  /** The spec of a claim, wherever it stands. */
  static void claimSpec(@Nullable ObjectNode spec) {
    if (spec == null) {
      return;
    }
    fill(spec, "volumeMode", "Filesystem");
    ObjectNode resources = object(spec, "resources");
    if (resources != null) {
      for (String list : List.of("limits", "requests")) {
        JsonNode amounts = resources.get(list);
        Quantities.asText(amounts instanceof ObjectNode o ? o : null);
      }
    }
  }
}
