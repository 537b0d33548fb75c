package minik8s.scheduler.bench;

import minik8s.api.codec.Yaml;
import tools.jackson.databind.node.ObjectNode;

/** What the measured pods ask for beside cpu and memory. */
public enum Load {
  /** Nothing. */
  PLAIN("{}"),
  /** To be spread over zones and nodes, both required. */
  SPREAD(
      """
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: topology.kubernetes.io/zone
        whenUnsatisfiable: DoNotSchedule
        labelSelector: {matchLabels: {app: SET}}
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: DoNotSchedule
        labelSelector: {matchLabels: {app: SET}}
      """),
  /** To be in one zone with their own, on a node without their own, and rather far from others. */
  AFFINITY(
      """
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: topology.kubernetes.io/zone
            labelSelector: {matchLabels: {app: SET}}
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
            labelSelector: {matchLabels: {app: SET}}
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 50
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {tier: bench}}
      """),
  /** Two GPUs each. */
  EXTENDED(
      """
      containers:
      - name: main
        image: nginx:1.27
        resources:
          requests: {cpu: 100m, memory: 128Mi, nvidia.com/gpu: 2}
          limits: {nvidia.com/gpu: 2}
      """);

  private final String spec;

  Load(String spec) {
    this.spec = spec;
  }

  /** Fields of the spec of a pod in a set of this name. */
  ObjectNode spec(String set) {
    return (ObjectNode) Yaml.documents(spec.replace("SET", set)).getFirst();
  }
}
