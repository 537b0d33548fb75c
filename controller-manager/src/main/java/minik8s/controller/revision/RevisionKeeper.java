package minik8s.controller.revision;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.ControllerRevision;
import minik8s.api.Failure;
import minik8s.api.KubeObject;
import minik8s.api.LabelSelector;
import minik8s.api.ObjectKey;
import minik8s.api.OwnerReference;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.controller.owner.Claimant;
import minik8s.controller.patch.Patches;
import minik8s.controller.pods.Templates;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the revisions of workloads of one kind. Thread-safe. Names follow from the template, so
 * that a revision is recorded once however stale the cache is.
 */
public final class RevisionKeeper<O extends KubeObject> {
  private static final int MAX_TRIES = 10;

  private final Api api;
  private final Resource<O> owners;
  private final Claimant<O, ControllerRevision> claimant;
  private final String hashLabel;

  /**
   * The history of one workload at one moment. Immutable.
   *
   * @param all oldest first, the present one included
   * @param collisions how often a name turned out to be taken so far; null for never
   */
  public record History(
      List<ControllerRevision> all, ControllerRevision present, @Nullable Integer collisions) {
    public History {
      all = RevisionPlan.sorted(all);
    }

    /** All but the present one. */
    public List<ControllerRevision> old() {
      return all.stream().filter(revision -> !revision.uid().equals(present.uid())).toList();
    }
  }

  /**
   * @param hashLabel the label that a revision carries its hash in
   */
  public RevisionKeeper(
      Api api,
      Resource<O> owners,
      Lister<ControllerRevision> revisions,
      Index<ControllerRevision> revisionsByOwner,
      String hashLabel) {
    this.api = api;
    this.owners = owners;
    this.claimant =
        new Claimant<>(api, owners, Resources.CONTROLLER_REVISIONS, revisions, revisionsByOwner);
    this.hashLabel = hashLabel;
  }

  /**
   * Makes the template the newest revision of the owner.
   *
   * @param collisions the owner's count so far
   */
  public History keep(O owner, LabelSelector selector, Raw template, @Nullable Integer collisions) {
    List<ControllerRevision> known = claimant.claim(owner, selector);
    return switch (RevisionPlan.next(known, template)) {
      case RevisionPlan.Step.Keep(ControllerRevision present) ->
          new History(known, present, collisions);
      case RevisionPlan.Step.Raise(ControllerRevision old, long number) -> {
        ObjectNode patch = Patches.guarded(old).put("revision", number);
        yield with(
            known,
            api.patch(Resources.CONTROLLER_REVISIONS, old.key(), "", PatchType.MERGE, patch),
            collisions);
      }
      case RevisionPlan.Step.Append(long number) ->
          record(owner, known, template, number, collisions);
    };
  }

  private static History with(
      List<ControllerRevision> known, ControllerRevision present, @Nullable Integer collisions) {
    List<ControllerRevision> all =
        new java.util.ArrayList<>(
            known.stream().filter(one -> !one.uid().equals(present.uid())).toList());
    all.add(present);
    return new History(all, present, collisions);
  }

  private History record(
      O owner,
      List<ControllerRevision> known,
      Raw template,
      long number,
      @Nullable Integer collisions) {
    Integer count = collisions;
    for (int i = 0; i < MAX_TRIES; i++) {
      String hash = Templates.hash(template, count);
      ObjectNode document = document(owner, template, number, hash);
      try {
        String namespace = owner.metadata().namespace();
        return with(known, api.create(Resources.CONTROLLER_REVISIONS, namespace, document), count);
      } catch (ApiException e) {
        if (!e.alreadyExists()) {
          throw e;
        }
      }
      Optional<ControllerRevision> live =
          api.find(
              Resources.CONTROLLER_REVISIONS,
              new ObjectKey(owner.metadata().namespace(), owner.metadata().name() + "-" + hash));
      if (live.isPresent()
          && live.get().metadata().controlledBy(owner.uid())
          && RevisionPlan.holds(live.get(), template)) {
        return with(known, live.get(), count);
      }
      count = count == null ? 1 : count + 1;
    }
    throw Failure.conflict(
            "apps", "controllerrevisions", owner.metadata().name(), "every name is taken")
        .asException();
  }

  private ObjectNode document(O owner, Raw template, long number, String hash) {
    ObjectNode revision = Json.object();
    revision.put("apiVersion", "apps/v1").put("kind", "ControllerRevision");
    ObjectNode meta = revision.putObject("metadata");
    meta.put("name", owner.metadata().name() + "-" + hash);
    meta.put("namespace", owner.metadata().namespace());
    ObjectNode labels = meta.putObject("labels");
    JsonNode templateLabels = template.node().path("metadata").path("labels");
    templateLabels.propertyStream().forEach(label -> labels.set(label.getKey(), label.getValue()));
    labels.put(hashLabel, hash);
    if (!owner.metadata().annotations().isEmpty()) {
      ObjectNode annotations = meta.putObject("annotations");
      Map<String, String> own = owner.metadata().annotations();
      own.forEach(annotations::put);
    }
    meta.putArray("ownerReferences").add(Json.tree(OwnerReference.controller(owners, owner)));
    revision.set("data", RevisionPlan.data(template));
    revision.put("revision", number);
    return revision;
  }

  /** Deletes revisions; those that are gone already are fine. */
  public void forget(List<ControllerRevision> surplus) {
    for (ControllerRevision revision : surplus) {
      try {
        api.delete(
            Resources.CONTROLLER_REVISIONS, revision.key(), DeleteOptions.ofUid(revision.uid()));
      } catch (ApiException e) {
        if (!e.notFound() && !e.conflict()) {
          throw e;
        }
      }
    }
  }
}
