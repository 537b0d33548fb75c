package minik8s.controller.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minik8s.api.Deployment;
import minik8s.api.ReplicaSet;
import minik8s.api.codec.Json;
import minik8s.controller.World;
import tools.jackson.databind.node.ObjectNode;

/** Builds rollouts for plan tests; sets are given oldest first. */
final class RolloutBuilder {
  private final ObjectNode deployment = Json.object();
  private final List<ReplicaSet> sets = new ArrayList<>();
  private int replicas;

  private RolloutBuilder() {}

  static RolloutBuilder wanting(int replicas, String image) {
    RolloutBuilder builder = new RolloutBuilder();
    builder.replicas = replicas;
    ObjectNode meta = builder.deployment.putObject("metadata").put("name", "web");
    meta.put("namespace", "default").put("uid", "d");
    ObjectNode spec = builder.deployment.putObject("spec").put("replicas", replicas);
    spec.set("template", World.template(image));
    spec.putObject("selector").putObject("matchLabels").put("app", "web");
    return builder;
  }

  RolloutBuilder margins(String surge, String unavailable) {
    ObjectNode rolling =
        spec().putObject("strategy").put("type", "RollingUpdate").putObject("rollingUpdate");
    rolling.set("maxSurge", Json.parse(surge));
    rolling.set("maxUnavailable", Json.parse(unavailable));
    return this;
  }

  RolloutBuilder recreate() {
    spec().putObject("strategy").put("type", "Recreate");
    return this;
  }

  RolloutBuilder paused() {
    spec().put("paused", true);
    return this;
  }

  RolloutBuilder historyLimit(int limit) {
    spec().put("revisionHistoryLimit", limit);
    return this;
  }

  RolloutBuilder revision(long revision) {
    annotations(deployment).put(Marks.REVISION, Long.toString(revision));
    return this;
  }

  private ObjectNode spec() {
    return deployment.withObject("spec");
  }

  private static ObjectNode annotations(ObjectNode object) {
    return object.withObject("metadata").withObject("annotations");
  }

  /** A set last scaled for the present size; its revision is its position from 1. */
  RolloutBuilder set(String image, int size, int pods, int available) {
    return set(image, size, pods, available, replicas, 0);
  }

  RolloutBuilder set(
      String image, int size, int pods, int available, int desiredThen, int maxThen) {
    int number = sets.size() + 1;
    ObjectNode set = Json.object();
    ObjectNode meta = set.putObject("metadata").put("name", "web-" + image).put("uid", image);
    meta.put("namespace", "default");
    meta.put("creationTimestamp", "2026-01-01T00:00:0" + number + "Z");
    ObjectNode marks = annotations(set);
    marks.put(Marks.REVISION, Integer.toString(number));
    marks.put(Marks.DESIRED, Integer.toString(desiredThen));
    if (maxThen > 0) {
      marks.put(Marks.MAX, Integer.toString(maxThen));
    }
    ObjectNode spec = set.putObject("spec").put("replicas", size);
    spec.set("template", World.template(image));
    spec.putObject("selector").putObject("matchLabels").put("app", "web");
    ObjectNode status = set.putObject("status").put("replicas", pods);
    status.put("readyReplicas", available).put("availableReplicas", available);
    sets.add(Json.read(set, ReplicaSet.class));
    return this;
  }

  Rollout build(String... populated) {
    if (!deployment.path("metadata").path("annotations").has(Marks.REVISION)) {
      revision(sets.size());
    }
    return Rollout.of(Json.read(deployment, Deployment.class), sets, Set.of(populated));
  }
}
