package minik8s.controller.pods;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import minik8s.api.ApiException;
import minik8s.api.KubeObject;
import minik8s.api.ObjectKey;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.control.EventRecorder;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates and deletes pods for owners of one kind, takes notes of both ({@link Unseen}) and tells
 * of both in events. Thread-safe.
 */
public final class PodControl {
  private final Api api;
  private final Resource<?> owners;
  private final EventRecorder events;
  private final Unseen unseen;

  public PodControl(Api api, Resource<?> owners, EventRecorder events, Unseen unseen) {
    this.api = api;
    this.owners = owners;
    this.events = events;
    this.unseen = unseen;
  }

  /** What this control did and no cache has shown yet. */
  public Unseen unseen() {
    return unseen;
  }

  /**
   * Creates a pod, or finds that it was created before.
   *
   * @param note the name under which the creation is remembered until the cache shows it
   * @return false when the name belongs to something else, or to a pod of ours that has ended
   */
  public boolean create(KubeObject owner, ObjectNode pod, String note) {
    return create(owner, pod, note, Pod::active);
  }

  /** The same, but a pod of ours that has ended already is what was wanted, too. */
  public boolean createOnce(KubeObject owner, ObjectNode pod, String note) {
    return create(owner, pod, note, _ -> true);
  }

  private boolean create(KubeObject owner, ObjectNode pod, String note, Predicate<Pod> wanted) {
    String namespace = owner.metadata().namespace();
    String name = pod.path("metadata").path("name").asString("");
    unseen.creating(owner.uid(), note);
    try {
      api.create(Resources.PODS, namespace, pod);
      events.normal(owners, owner, "SuccessfulCreate", "Created pod: " + name);
      return true;
    } catch (ApiException e) {
      if (e.alreadyExists()
          && ours(owner, new ObjectKey(namespace, name)).filter(wanted).isPresent()) {
        return true;
      }
      unseen.settleCreated(owner.uid(), note);
      if (e.failure().namespaceTerminating()) {
        return true;
      }
      if (e.alreadyExists()) {
        return false;
      }
      events.warning(owners, owner, "FailedCreate", "Error creating: " + e.getMessage());
      throw e;
    }
  }

  private Optional<Pod> ours(KubeObject owner, ObjectKey pod) {
    return api.find(Resources.PODS, pod)
        .filter(found -> found.metadata().controlledBy(owner.uid()));
  }

  /** Deletes this very pod; a namesake is left alone. */
  public void delete(KubeObject owner, Pod pod) {
    unseen.deleting(owner.uid(), pod.uid());
    try {
      api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
      events.normal(owners, owner, "SuccessfulDelete", "Deleted pod: " + pod.metadata().name());
    } catch (ApiException e) {
      if (e.notFound() || e.conflict()) {
        return;
      }
      unseen.settleDeleted(owner.uid(), pod.uid());
      events.warning(owners, owner, "FailedDelete", "Error deleting: " + e.getMessage());
      throw e;
    }
  }

  /**
   * Asks the API server about creations that the watch should have shown long ago.
   *
   * @param name the pod's name within a note
   */
  public void dispelDoubts(KubeObject owner, UnaryOperator<String> name) {
    for (String note : unseen.doubtful(owner.uid())) {
      ObjectKey key = new ObjectKey(owner.metadata().namespace(), name.apply(note));
      if (ours(owner, key).isEmpty()) {
        unseen.settleCreated(owner.uid(), note);
      }
    }
  }
}
