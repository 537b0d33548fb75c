package minik8s.controller.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Condition;
import minik8s.api.KubeObject;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectReference;
import minik8s.api.PersistentVolume;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.StorageClass;
import minik8s.api.Volume;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.control.EventRecorder;
import minik8s.control.Reconciler;
import minik8s.controller.patch.Patches;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Performs the steps of claims and volumes. Thread-safe; a key with a namespace is a claim, one
 * without a volume.
 *
 * <p>Each step is one guarded write whose effect the next look sees, so that a kill between any two
 * leaves nothing that the next look does not finish.
 */
public final class VolumeReconciler implements Reconciler {
  private final Api api;
  private final Lister<PersistentVolumeClaim> claims;
  private final Lister<PersistentVolume> volumes;
  private final Lister<StorageClass> classes;
  private final Lister<Node> nodes;
  private final Lister<Pod> pods;
  private final Index<Pod> podsByClaim;
  private final EventRecorder events;
  private final Folders folders;
  private final Path base;

  /**
   * @param podsByClaim made by {@link ClaimUse#byClaim}
   * @param base where folders of volumes are made on nodes; nothing outside of it is ever removed
   */
  public VolumeReconciler(
      Api api,
      Lister<PersistentVolumeClaim> claims,
      Lister<PersistentVolume> volumes,
      Lister<StorageClass> classes,
      Lister<Node> nodes,
      Lister<Pod> pods,
      Index<Pod> podsByClaim,
      EventRecorder events,
      Folders folders,
      Path base) {
    this.api = api;
    this.claims = claims;
    this.volumes = volumes;
    this.classes = classes;
    this.nodes = nodes;
    this.pods = pods;
    this.podsByClaim = podsByClaim;
    this.events = events;
    this.folders = folders;
    this.base = base.toAbsolutePath().normalize();
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (key.namespace().isEmpty()) {
      volumes.get(key).ifPresent(this::reconcile);
    } else {
      claims.get(key).ifPresent(this::reconcile);
    }
    return Result.DONE;
  }

  private void reconcile(PersistentVolumeClaim claim) {
    ClaimPlan.Step step = ClaimPlan.next(view(claim));
    switch (step) {
      case ClaimPlan.Step.Bind(PersistentVolume volume) -> bind(claim, volume);
      case ClaimPlan.Step.Provision(StorageClass storageClass, Node node) ->
          provision(claim, storageClass, node);
      case ClaimPlan.Step.Wait(String type, String reason, String message) -> {
        events.offer(
            ObjectReference.to(Resources.PERSISTENT_VOLUME_CLAIMS, claim, ""),
            type,
            reason,
            message);
        pend(claim);
      }
      case ClaimPlan.Step.Lose(String reason, String message) -> {
        events.warning(Resources.PERSISTENT_VOLUME_CLAIMS, claim, reason, message);
        status(claim, VolumeDocuments.without(claim, "Lost"));
      }
      case ClaimPlan.Step.Release() ->
          release(Resources.PERSISTENT_VOLUME_CLAIMS, claim, Marks.CLAIM_IN_USE);
      case ClaimPlan.Step.Rest() -> pend(claim);
    }
  }

  private void pend(PersistentVolumeClaim claim) {
    if (!claim.metadata().deleting() && !claim.status().phase().equals("Bound")) {
      status(claim, VolumeDocuments.without(claim, "Pending"));
    }
  }

  private ClaimPlan.View view(PersistentVolumeClaim claim) {
    String className = VolumeMatch.classOf(claim);
    List<Pod> users = pods.by(podsByClaim, claim.key().toString());
    String selected = selected(claim, users);
    PersistentVolume volume = named(claim);
    return new ClaimPlan.View(
        claim,
        volumes.all(),
        volume,
        className.isEmpty() ? null : classes.get(ObjectKey.cluster(className)).orElse(null),
        selected.isEmpty() ? null : nodes.get(ObjectKey.cluster(selected)).orElse(null),
        anyNode(claim),
        claim.metadata().deleting() && inUse(claim, users),
        ClaimUse.waiting(users));
  }

  /** The node that the scheduler chose; or that of a pod which was put on a node by hand. */
  private static String selected(PersistentVolumeClaim claim, List<Pod> users) {
    String chosen = claim.metadata().annotations().get(Marks.SELECTED_NODE);
    return chosen != null
        ? chosen
        : users.stream()
            .filter(pod -> pod.bound() && !pod.finished())
            .map(pod -> pod.spec().nodeName())
            .findFirst()
            .orElse("");
  }

  /** The volume that the claim names. That it is gone is believed of the API server alone. */
  private @Nullable PersistentVolume named(PersistentVolumeClaim claim) {
    if (claim.spec().volumeName().isEmpty()) {
      return null;
    }
    ObjectKey key = ObjectKey.cluster(claim.spec().volumeName());
    return volumes.get(key).or(() -> api.find(Resources.PERSISTENT_VOLUMES, key)).orElse(null);
  }

  /** A claim is let go for good, so a pod that the cache does not show yet must not use it. */
  private boolean inUse(PersistentVolumeClaim claim, List<Pod> users) {
    if (ClaimUse.inUse(users)) {
      return true;
    }
    String key = claim.key().toString();
    List<Pod> live =
        api
            .list(Resources.PODS, minik8s.client.ListOptions.in(claim.metadata().namespace()))
            .items()
            .stream()
            .filter(pod -> ClaimUse.claims(pod).contains(key))
            .toList();
    return ClaimUse.inUse(live);
  }

  /** Where to make a volume that no pod waits for: claims spread over the ready nodes. */
  private @Nullable Node anyNode(PersistentVolumeClaim claim) {
    List<Node> ready =
        nodes.all().stream()
            .filter(node -> Condition.isTrue(node.status().conditions(), "Ready"))
            .filter(node -> !node.spec().unschedulable())
            .sorted(Comparator.comparing(node -> node.metadata().name()))
            .toList();
    return ready.isEmpty() ? null : ready.get(Math.floorMod(claim.uid().hashCode(), ready.size()));
  }

  /** Volume first, then claim: whoever sees the claim bound may rely on the volume. */
  private void bind(PersistentVolumeClaim claim, PersistentVolume volume) {
    PersistentVolume kept = volume;
    ObjectReference ref = volume.spec().claimRef();
    if (ref == null || ref.uid().isEmpty()) {
      kept =
          api.patch(
              Resources.PERSISTENT_VOLUMES,
              volume.key(),
              "",
              PatchType.MERGE,
              VolumeDocuments.keep(volume, claim));
    }
    phase(kept, "Bound", "");
    PersistentVolumeClaim told = claim;
    if (!VolumeDocuments.told(claim)) {
      told =
          api.patch(
              Resources.PERSISTENT_VOLUME_CLAIMS,
              claim.key(),
              "",
              PatchType.MERGE,
              VolumeDocuments.bound(claim, kept));
    }
    status(told, VolumeDocuments.boundStatus(told, kept));
  }

  private void provision(PersistentVolumeClaim claim, StorageClass storageClass, Node node) {
    pend(claim);
    String name = VolumeDocuments.nameFor(claim);
    Path folder = VolumeDocuments.folderFor(base, claim);
    try {
      var _ =
          api.create(
              Resources.PERSISTENT_VOLUMES,
              "",
              VolumeDocuments.made(claim, storageClass, node, folder));
      events.normal(
          Resources.PERSISTENT_VOLUME_CLAIMS,
          claim,
          "ProvisioningSucceeded",
          "Successfully provisioned volume " + name);
    } catch (ApiException e) {
      // Made before, and not in the cache yet: the watch brings it, and then it is bound.
      if (!e.alreadyExists()) {
        events.warning(
            Resources.PERSISTENT_VOLUME_CLAIMS,
            claim,
            "ProvisioningFailed",
            "failed to provision volume with StorageClass \"%s\": %s"
                .formatted(storageClass.metadata().name(), e.getMessage()));
        throw e;
      }
    }
  }

  private void reconcile(PersistentVolume volume) {
    ObjectReference ref = volume.spec().claimRef();
    Optional<PersistentVolumeClaim> claim =
        ref == null ? Optional.empty() : claim(new ObjectKey(ref.namespace(), ref.name()), ref);
    switch (VolumePlan.next(volume, claim)) {
      case VolumePlan.Step.Phase(String phase) -> phase(volume, phase, "");
      case VolumePlan.Step.Reclaim() -> reclaim(volume);
      case VolumePlan.Step.Refuse(String reason, String message) -> {
        events.warning(Resources.PERSISTENT_VOLUMES, volume, reason, message);
        phase(volume, "Failed", message);
      }
      case VolumePlan.Step.Free() ->
          quietly(() -> {
            var _ =
                api.patch(
                    Resources.PERSISTENT_VOLUMES,
                    volume.key(),
                    "",
                    PatchType.MERGE,
                    VolumeDocuments.free(volume));
          });
      case VolumePlan.Step.Release() ->
          release(Resources.PERSISTENT_VOLUMES, volume, Marks.VOLUME_IN_USE);
      case VolumePlan.Step.Ask() -> claim.ifPresent(this::reconcile);
      case VolumePlan.Step.Rest() -> {}
    }
  }

  /**
   * The claim of that name. What the cache does not show, or shows of another age, is asked for.
   */
  private Optional<PersistentVolumeClaim> claim(ObjectKey key, ObjectReference ref) {
    Optional<PersistentVolumeClaim> cached = claims.get(key);
    boolean sure =
        cached.isPresent() && (ref.uid().isEmpty() || cached.get().uid().equals(ref.uid()));
    return sure ? cached : api.find(Resources.PERSISTENT_VOLUME_CLAIMS, key);
  }

  /** Removes what is on a volume that was made here, and then the volume. */
  private void reclaim(PersistentVolume volume) {
    Volume.HostPath source = volume.spec().hostPath();
    Path folder = source == null ? null : Path.of(source.path()).normalize();
    String why = "";
    if (folder == null
        || !base.equals(folder.getParent())
        || !String.valueOf(folder.getFileName()).startsWith(volume.metadata().name())) {
      why = "its folder is not one of those that are made here";
    } else if (home(volume).filter(folders::reach).isEmpty()) {
      why = "its folder " + folder + " is on a node whose files cannot be reached from here";
    } else {
      try {
        folders.remove(folder);
      } catch (IOException e) {
        why = "its folder " + folder + " could not be removed: " + e.getMessage();
      }
    }
    if (!why.isEmpty()) {
      events.warning(Resources.PERSISTENT_VOLUMES, volume, "VolumeFailedDelete", why);
      phase(volume, "Failed", why);
      return;
    }
    quietly(() ->
        api.delete(Resources.PERSISTENT_VOLUMES, volume.key(), DeleteOptions.ofUid(volume.uid())));
  }

  /** The node that the volume is on. */
  private Optional<Node> home(PersistentVolume volume) {
    PersistentVolume.VolumeNodeAffinity affinity = volume.spec().nodeAffinity();
    var required = affinity == null ? null : affinity.required();
    return required == null
        ? Optional.empty()
        : nodes.all().stream()
            .filter(
                node -> required.nodeSelectorTerms().stream().anyMatch(term -> term.matches(node)))
            .findFirst();
  }

  private void phase(PersistentVolume volume, String phase, String message) {
    PersistentVolume.Status status = new PersistentVolume.Status(phase, message, "");
    if (!status.equals(volume.status())) {
      ObjectNode patch = Patches.status(volume, volume.status(), status);
      var _ =
          api.patch(Resources.PERSISTENT_VOLUMES, volume.key(), "status", PatchType.MERGE, patch);
    }
  }

  private void status(PersistentVolumeClaim claim, PersistentVolumeClaim.Status status) {
    if (!status.equals(claim.status())) {
      ObjectNode patch = Patches.status(claim, claim.status(), status);
      var _ =
          api.patch(
              Resources.PERSISTENT_VOLUME_CLAIMS, claim.key(), "status", PatchType.MERGE, patch);
    }
  }

  private void release(Resource<?> resource, KubeObject object, String finalizer) {
    ObjectNode patch = Patches.guarded(object);
    ArrayNode left = patch.withObject("metadata").putArray("finalizers");
    object.metadata().finalizers().stream()
        .filter(each -> !each.equals(finalizer))
        .forEach(left::add);
    quietly(() -> {
      var _ = api.patch(resource, object.key(), "", PatchType.MERGE, patch);
    });
  }

  /** What is gone needs nothing more. */
  private static void quietly(Runnable write) {
    try {
      write.run();
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }
}
