package minik8s.controller.deployment;

import minik8s.api.Deployment;
import minik8s.api.OwnerReference;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.controller.pods.Templates;
import tools.jackson.databind.node.ObjectNode;

/** Makes replica sets of a deployment's template, which is copied whole. Pure. */
final class SetDocuments {
  private SetDocuments() {}

  static ObjectNode of(Deployment deployment, Action.CreateSet create) {
    ObjectNode template = Templates.labelled(deployment.spec().template(), create.hash());
    ObjectNode set = Json.object();
    set.put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    ObjectNode meta = set.putObject("metadata").put("name", create.name());
    meta.put("namespace", deployment.metadata().namespace());
    meta.set("labels", template.path("metadata").path("labels").deepCopy());
    meta.set("annotations", Json.tree(create.annotations()));
    meta.putArray("ownerReferences")
        .add(Json.tree(OwnerReference.controller(Resources.DEPLOYMENTS, deployment)));
    ObjectNode spec = set.putObject("spec").put("replicas", create.replicas());
    spec.put("minReadySeconds", deployment.spec().minReadySeconds());
    ObjectNode selector = Json.tree(deployment.spec().selector());
    selector.withObject("matchLabels").put(Templates.HASH_LABEL, create.hash());
    spec.set("selector", selector);
    spec.set("template", template);
    return set;
  }
}
