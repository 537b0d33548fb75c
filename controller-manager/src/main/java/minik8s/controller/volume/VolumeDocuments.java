package minik8s.controller.volume;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import minik8s.api.Node;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Resources;
import minik8s.api.StorageClass;
import minik8s.api.codec.Json;
import minik8s.controller.patch.Patches;
import tools.jackson.databind.node.ObjectNode;

/** The documents that binding and provisioning write. Pure. */
final class VolumeDocuments {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private VolumeDocuments() {}

  /** The name of the volume that is made for a claim: whoever asks again asks for the same. */
  static String nameFor(PersistentVolumeClaim claim) {
    return "pvc-" + claim.uid();
  }

  /** The folder of the volume that is made for a claim. */
  static Path folderFor(Path base, PersistentVolumeClaim claim) {
    return base.resolve(
        nameFor(claim) + "_" + claim.metadata().namespace() + "_" + claim.metadata().name());
  }

  /** A folder on a node, kept for the claim from the start. */
  static ObjectNode made(
      PersistentVolumeClaim claim, StorageClass storageClass, Node node, Path folder) {
    ObjectNode document = Json.object();
    ObjectNode metadata = document.putObject("metadata").put("name", nameFor(claim));
    metadata.putObject("annotations").put(Marks.PROVISIONED_BY, Marks.LOCAL_PATH);
    ObjectNode spec = document.putObject("spec");
    spec.putObject("capacity").put("storage", claim.spec().storage().text());
    var modes = spec.putArray("accessModes");
    claim.spec().accessModes().forEach(modes::add);
    spec.put("persistentVolumeReclaimPolicy", storageClass.reclaimPolicy());
    spec.put("storageClassName", storageClass.metadata().name());
    spec.put("volumeMode", "Filesystem");
    spec.putObject("hostPath").put("path", folder.toString()).put("type", "DirectoryOrCreate");
    spec.set("claimRef", reference(claim));
    String host = node.metadata().labels().getOrDefault(HOSTNAME, node.metadata().name());
    ObjectNode term =
        spec.putObject("nodeAffinity")
            .putObject("required")
            .putArray("nodeSelectorTerms")
            .addObject();
    ObjectNode expression = term.putArray("matchExpressions").addObject();
    expression.put("key", HOSTNAME).put("operator", "In").putArray("values").add(host);
    return document;
  }

  static ObjectNode reference(PersistentVolumeClaim claim) {
    return Json.tree(ObjectReference.to(Resources.PERSISTENT_VOLUME_CLAIMS, claim, ""));
  }

  /** Keeps a volume for a claim; a merge patch guarded by the revision that was free. */
  static ObjectNode keep(PersistentVolume volume, PersistentVolumeClaim claim) {
    ObjectNode patch = Patches.guarded(volume);
    patch.putObject("spec").set("claimRef", reference(claim));
    // Whoever kept the volume by hand keeps it when the claim goes.
    return volume.spec().claimRef() == null
        ? Patches.annotate(patch, Map.of(Marks.BOUND_BY_CONTROLLER, "yes"))
        : patch;
  }

  /** Makes a volume free again. */
  static ObjectNode free(PersistentVolume volume) {
    ObjectNode patch = Patches.guarded(volume);
    ObjectNode spec = patch.putObject("spec");
    if (volume.metadata().annotations().containsKey(Marks.BOUND_BY_CONTROLLER)) {
      spec.putNull("claimRef");
      patch.withObject("metadata").withObject("annotations").putNull(Marks.BOUND_BY_CONTROLLER);
    } else {
      spec.putObject("claimRef").putNull("uid").putNull("resourceVersion");
    }
    return patch;
  }

  /** Tells a claim which volume it has. */
  static ObjectNode bound(PersistentVolumeClaim claim, PersistentVolume volume) {
    ObjectNode patch = Patches.guarded(claim);
    Map<String, String> marks = new TreeMap<>(Map.of(Marks.BIND_COMPLETED, "yes"));
    if (claim.spec().volumeName().isEmpty()) {
      patch.putObject("spec").put("volumeName", volume.metadata().name());
      marks.put(Marks.BOUND_BY_CONTROLLER, "yes");
    }
    return Patches.annotate(patch, marks);
  }

  /** Whether {@link #bound} would change anything. */
  static boolean told(PersistentVolumeClaim claim) {
    return !claim.spec().volumeName().isEmpty()
        && claim.metadata().annotations().containsKey(Marks.BIND_COMPLETED);
  }

  /** What a bound claim shows of its volume. */
  static PersistentVolumeClaim.Status boundStatus(
      PersistentVolumeClaim claim, PersistentVolume volume) {
    return new PersistentVolumeClaim.Status(
        "Bound",
        volume.spec().accessModes(),
        Map.of("storage", VolumeMatch.size(volume)),
        claim.status().conditions());
  }

  /** A claim in a phase in which it has nothing. */
  static PersistentVolumeClaim.Status without(PersistentVolumeClaim claim, String phase) {
    return new PersistentVolumeClaim.Status(
        phase, java.util.List.of(), Map.of(), claim.status().conditions());
  }
}
