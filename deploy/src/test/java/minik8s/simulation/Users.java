package minik8s.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import minik8s.api.ObjectKey;
import minik8s.api.PartialObject;
import minik8s.api.Pod;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.PatchType;
import tools.jackson.databind.node.ObjectNode;

/** The people of the cluster: they deploy, scale, change their minds and delete. Confined. */
final class Users {
  private static final String SPACE = "default";

  private final Api api;
  private final Random random;

  Users(Api api, Random random) {
    this.api = api;
    this.random = random;
  }

  /** What is there before the first step. */
  void settleIn() {
    for (String name : List.of(SPACE, "kube-system", "kube-node-lease")) {
      ObjectNode namespace = Json.object();
      namespace.putObject("metadata").put("name", name);
      api.create(Resources.NAMESPACES, "", namespace);
    }
    ObjectNode account = Json.object();
    account.putObject("metadata").put("name", "default");
    api.create(Resources.SERVICE_ACCOUNTS, SPACE, account);
    deploy("web");
    deploy("api");
    ObjectNode agent = workload("agent", "agent:1");
    api.create(Resources.DAEMON_SETS, SPACE, agent);
    ObjectNode set = workload("db", "db:1");
    set.withObject("spec").put("replicas", 2).put("serviceName", "db");
    api.create(Resources.STATEFUL_SETS, SPACE, set);
    start("batch");
  }

  private void start(String name) {
    ObjectNode job = workload(name, "job:1");
    ObjectNode spec = job.withObject("spec");
    spec.remove("selector");
    spec.put("completions", 3).put("parallelism", 2).put("backoffLimit", 1000);
    spec.withObject("template").withObject("spec").put("restartPolicy", "Never");
    api.create(Resources.JOBS, SPACE, job);
  }

  void addNode(String name) {
    ObjectNode node = Json.object();
    node.putObject("metadata").put("name", name);
    api.create(Resources.NODES, "", node);
    ObjectNode patch = Json.object();
    for (String field : List.of("capacity", "allocatable")) {
      patch
          .withObject("status")
          .putObject(field)
          .put("cpu", "8")
          .put("memory", "8Gi")
          .put("pods", "20");
    }
    api.patch(Resources.NODES, ObjectKey.cluster(name), "status", PatchType.MERGE, patch);
    sayReady(name, Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** What a kubelet says of its node. */
  void sayReady(String node, Instant now) {
    ObjectNode patch = Json.object();
    patch
        .withObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("reason", "KubeletReady")
        .put("lastHeartbeatTime", Json.time(now))
        .put("lastTransitionTime", Json.time(now));
    api.patch(Resources.NODES, ObjectKey.cluster(node), "status", PatchType.STRATEGIC, patch);
  }

  private void deploy(String name) {
    ObjectNode deployment = workload(name, "app:1");
    deployment.withObject("spec").put("replicas", 1 + random.nextInt(4));
    deployment
        .withObject("spec")
        .putObject("strategy")
        .put("type", "RollingUpdate")
        .putObject("rollingUpdate")
        .put("maxSurge", Simulation.SURGE)
        .put("maxUnavailable", random.nextInt(2));
    api.create(Resources.DEPLOYMENTS, SPACE, deployment);
  }

  private static ObjectNode workload(String name, String image) {
    ObjectNode workload = Json.object();
    workload.putObject("metadata").put("name", name);
    ObjectNode spec = workload.putObject("spec");
    spec.putObject("selector").putObject("matchLabels").put("app", name);
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", name);
    ObjectNode pod = template.putObject("spec");
    pod.put("terminationGracePeriodSeconds", 2).put("automountServiceAccountToken", false);
    pod.putArray("containers").addObject().put("name", "c").put("image", image);
    return workload;
  }

  /** Does something, and tells what. */
  String act() {
    return switch (random.nextInt(13)) {
      case 0, 1, 2 ->
          scale(Resources.DEPLOYMENTS, random.nextBoolean() ? "web" : "api", random.nextInt(6));
      case 3, 4 -> image(Resources.DEPLOYMENTS, "web", "app:" + (1 + random.nextInt(3)));
      case 5 -> image(Resources.DAEMON_SETS, "agent", "agent:" + (1 + random.nextInt(2)));
      case 6 -> replaceApi();
      case 7 -> image(Resources.STATEFUL_SETS, "db", "db:" + (1 + random.nextInt(2)));
      case 8 -> scale(Resources.STATEFUL_SETS, "db", 1 + random.nextInt(3));
      case 9 -> again();
      default -> deletePod();
    };
  }

  private String scale(Resource<?> resource, String name, int replicas) {
    ObjectNode patch = Json.object();
    patch.putObject("spec").put("replicas", replicas);
    return change(resource, name, patch, "scale " + name + " to " + replicas);
  }

  private String image(Resource<?> resource, String name, String image) {
    ObjectNode patch = Json.object();
    patch
        .putObject("spec")
        .putObject("template")
        .putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "c")
        .put("image", image);
    return change(resource, name, patch, "let " + name + " run " + image);
  }

  private String change(Resource<?> resource, String name, ObjectNode patch, String what) {
    ObjectKey key = new ObjectKey(SPACE, name);
    if (api.find(resource.as(PartialObject.class), key).isEmpty()) {
      return "find no " + name;
    }
    api.patch(resource, key, "", PatchType.STRATEGIC, patch);
    return what;
  }

  /** Deletes the deployment with its pods, or makes it again. */
  private String replaceApi() {
    ObjectKey key = new ObjectKey(SPACE, "api");
    if (api.find(Resources.DEPLOYMENTS, key).isEmpty()) {
      deploy("api");
      return "deploy api again";
    }
    String policy = random.nextBoolean() ? "Background" : "Foreground";
    api.delete(Resources.DEPLOYMENTS, key, new DeleteOptions(null, policy, null, null));
    return "delete api, " + policy;
  }

  /** Deletes the job with its pods, or starts it again. */
  private String again() {
    ObjectKey key = new ObjectKey(SPACE, "batch");
    if (api.find(Resources.JOBS, key).isEmpty()) {
      start("batch");
      return "start batch again";
    }
    api.delete(Resources.JOBS, key, DeleteOptions.BACKGROUND);
    return "delete batch";
  }

  private String deletePod() {
    List<Pod> pods = api.list(Resources.PODS, ListOptions.ALL).items();
    if (pods.isEmpty()) {
      return "find no pod";
    }
    Pod pod = pods.get(random.nextInt(pods.size()));
    api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    return "delete pod " + pod.key();
  }
}
