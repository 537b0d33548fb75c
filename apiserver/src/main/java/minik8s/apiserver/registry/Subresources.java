package minik8s.apiserver.registry;

import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The subresources that are more than a part of their object: binding, eviction, finalize.
 * Thread-safe.
 */
public final class Subresources {
  private final ObjectWriter writer;
  private final Evictions evictions;
  private final InstantSource clock;

  Subresources(ObjectWriter writer, Evictions evictions, InstantSource clock) {
    this.writer = writer;
    this.evictions = evictions;
    this.clock = clock;
  }

  /** Gives a pod its node; throws Conflict when it has one or is on its way out. */
  public void bind(Kind pods, String namespace, String name, ObjectNode binding, boolean dryRun) {
    String node = binding.path("target").path("name").asString("");
    if (node.isEmpty()) {
      Failure.Cause cause =
          new Failure.Cause("FieldValueRequired", "Required value", "target.name");
      throw Failure.invalid("", "Binding", name, List.of(cause)).asException();
    }
    String uid = Documents.text(binding, "uid");
    JsonNode annotations = binding.path("metadata").path("annotations");
    var _ =
        writer.change(
            new Target(pods, namespace, name),
            ObjectWriter.Part.ALL,
            dryRun,
            pod -> bound(pod, name, uid, node, annotations));
  }

  private ObjectNode bound(
      ObjectNode pod, String name, String uid, String node, JsonNode annotations) {
    String present = pod.path("spec").path("nodeName").asString("");
    if (!uid.isEmpty() && !uid.equals(Documents.text(pod, "uid"))) {
      throw conflict("pods", name, "the UID in the binding does not match the UID of the pod");
    }
    if (Documents.deleting(pod)) {
      throw conflict(
          "pods/binding", name, "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    if (!present.isEmpty()) {
      throw conflict(
          "pods/binding", name, "pod " + name + " is already assigned to node \"" + present + "\"");
    }
    if (!pod.path("spec").path("schedulingGates").isEmpty()) {
      throw conflict("pods/binding", name, "pod " + name + " has non-empty .spec.schedulingGates");
    }
    pod.withObject("/spec").put("nodeName", node);
    if (annotations instanceof ObjectNode added && !added.isEmpty()) {
      ObjectNode metadata = Documents.metadata(pod);
      ObjectNode known =
          metadata.get("annotations") instanceof ObjectNode there
              ? there
              : metadata.putObject("annotations");
      known.setAll(added);
    }
    scheduled(pod);
    return pod;
  }

  private void scheduled(ObjectNode pod) {
    ObjectNode status =
        pod.get("status") instanceof ObjectNode known ? known : pod.putObject("status");
    ArrayNode conditions =
        status.get("conditions") instanceof ArrayNode known ? known : status.putArray("conditions");
    for (Iterator<JsonNode> each = conditions.iterator(); each.hasNext(); ) {
      if (each.next().path("type").asString("").equals("PodScheduled")) {
        each.remove();
      }
    }
    conditions
        .addObject()
        .put("type", "PodScheduled")
        .put("status", "True")
        .putNull("lastProbeTime")
        .put("lastTransitionTime", Json.time(clock.instant()));
  }

  private static RuntimeException conflict(String resource, String name, String detail) {
    return Failure.conflict("", resource, name, detail).asException();
  }

  /**
   * Deletes a pod as its eviction asks, unless a disruption budget forbids it.
   *
   * @param budgets the kind PodDisruptionBudget
   */
  public void evict(Target pod, Kind budgets, ObjectNode eviction, boolean dryRun) {
    String name = Documents.name(eviction);
    if (!name.isEmpty() && !name.equals(pod.name())) {
      throw Failure.badRequest("name in URL does not match name in Eviction object").asException();
    }
    DeleteOptions options =
        eviction.get("deleteOptions") instanceof ObjectNode document
            ? DeleteOptions.of(document, dryRun)
            : new DeleteOptions(null, "", "", "", dryRun);
    evictions.evict(budgets, pod, options);
  }

  /** Replaces a namespace's own finalizers; an emptied list lets it go. */
  public Written finalizeNamespace(Target target, ObjectNode wished, boolean dryRun) {
    JsonNode finalizers = wished.path("spec").path("finalizers");
    String version = Documents.text(wished, "resourceVersion");
    return writer.change(
        target,
        ObjectWriter.Part.ALL,
        dryRun,
        namespace -> {
          if (!version.isEmpty()) {
            Documents.metadata(namespace).put("resourceVersion", version);
          }
          ObjectNode spec = namespace.withObject("/spec");
          if (finalizers.isEmpty()) {
            spec.remove("finalizers");
          } else {
            spec.set("finalizers", finalizers);
          }
          return namespace;
        });
  }
}
