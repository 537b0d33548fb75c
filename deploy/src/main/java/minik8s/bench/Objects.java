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
    return """
    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s"},
     "spec":{"replicas":%d,"selector":{"matchLabels":{"app":"%s"}},
     "template":{"metadata":{"labels":{"app":"%s"}},"spec":%s}}}\
    """
        .formatted(name, replicas, name, name, podSpec("Always"))
        .getBytes(UTF_8);
  }

  private static String podSpec(String restartPolicy) {
    return """
    {"restartPolicy":"%s","automountServiceAccountToken":false,
     "containers":[{"name":"c","image":"%s","command":%s}]}\
    """
        .formatted(restartPolicy, IMAGE, COMMAND);
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
