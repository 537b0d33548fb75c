package minik8s.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The documents that the rows create. Stateless. */
final class Objects {
  static final String NAMESPACE = "bench";
  static final String IMAGE = "minik8s/toolbox:1";

  private Objects() {}

  /** Ends at once on SIGTERM, as a well-behaved server does. */
  static final String COMMAND =
      "[\"sh\",\"-c\",\"trap 'exit 0' TERM; while :; do sleep 3600 & wait; done\"]";

  static byte[] namespace() {
    return """
    {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s"}}\
    """
        .formatted(NAMESPACE)
        .getBytes(UTF_8);
  }

  static String pods() {
    return "/api/v1/namespaces/" + NAMESPACE + "/pods";
  }

  static String deployments() {
    return "/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments";
  }

  static String autoscalers() {
    return "/apis/autoscaling/v2/namespaces/" + NAMESPACE + "/horizontalpodautoscalers";
  }

  static String configMaps() {
    return "/api/v1/namespaces/" + NAMESPACE + "/configmaps";
  }

  static byte[] pod(String name) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"bench"}},
     "spec":%s}\
    """
        .formatted(name, podSpec("Always"))
        .getBytes(UTF_8);
  }

  /** A pod for scheduling only: no node of this name pattern runs it. */
  static byte[] simulatedPod(String name) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"bench"}},
     "spec":{"nodeSelector":{"bench":"simulated"},"terminationGracePeriodSeconds":0,
     "automountServiceAccountToken":false,
     "containers":[{"name":"c","image":"none","resources":{"requests":{"cpu":"100m","memory":"64Mi"}}}]}}\
    """
        .formatted(name)
        .getBytes(UTF_8);
  }

  static byte[] simulatedNode(String name) {
    return """
    {"apiVersion":"v1","kind":"Node","metadata":{"name":"%s","labels":{"bench":"simulated","kubernetes.io/hostname":"%s"}},
     "status":{"capacity":{"cpu":"32","memory":"64Gi","pods":"110"},
     "allocatable":{"cpu":"32","memory":"64Gi","pods":"110"},
     "conditions":[{"type":"Ready","status":"True"}]}}\
    """
        .formatted(name, name)
        .getBytes(UTF_8);
  }

  static byte[] deployment(String name, int replicas) {
    return deployment(name, replicas, podSpec("Always"));
  }

  /** A deployment whose containers fail as soon as they are started. */
  static byte[] crashing(String name, int replicas) {
    return deployment(name, replicas, podSpec("Always", "[\"sh\",\"-c\",\"exit 1\"]", "{}"));
  }

  /** A deployment of one pod that uses twice its request of CPU once it has a /tmp/load. */
  static byte[] worker(String name) {
    String command =
        """
        ["sh","-c","trap 'exit 0' TERM; while :; do if [ -e /tmp/load ]; then \
        dd if=/dev/zero of=/dev/null bs=1M count=200 2>/dev/null; else sleep 1; fi; done"]\
        """;
    String resources =
        """
        {"requests":{"cpu":"100m"},"limits":{"cpu":"200m"}}\
        """;
    return deployment(name, 1, podSpec("Always", command, resources));
  }

  private static byte[] deployment(String name, int replicas, String podSpec) {
    return """
    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s"},
     "spec":{"replicas":%d,"selector":{"matchLabels":{"app":"%s"}},
     "template":{"metadata":{"labels":{"app":"%s"}},"spec":%s}}}\
    """
        .formatted(name, replicas, name, name, podSpec)
        .getBytes(UTF_8);
  }

  /** An autoscaler of the deployment of the same name, as in docs/examples/policies/hpa.yaml. */
  static byte[] autoscaler(String name) {
    return """
    {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"%s"},
     "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"%s"},
     "minReplicas":1,"maxReplicas":3,"metrics":[{"type":"Resource","resource":
     {"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}}]}}\
    """
        .formatted(name, name)
        .getBytes(UTF_8);
  }

  private static String podSpec(String restartPolicy) {
    return podSpec(restartPolicy, COMMAND, "{}");
  }

  private static String podSpec(String restartPolicy, String command, String resources) {
    return """
    {"restartPolicy":"%s","automountServiceAccountToken":false,
     "containers":[{"name":"c","image":"%s","command":%s,"resources":%s}]}\
    """
        .formatted(restartPolicy, IMAGE, command, resources);
  }

  /** A ConfigMap of about {@code bytes} bytes. */
  static byte[] configMap(String name, int bytes) {
    return """
    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"text":"%s"}}\
    """
        .formatted(name, "x".repeat(Math.max(0, bytes - 120)))
        .getBytes(UTF_8);
  }
}
