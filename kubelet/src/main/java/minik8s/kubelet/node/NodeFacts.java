package minik8s.kubelet.node;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Node;
import minik8s.api.Quantity;

/**
 * What never changes about this node while its kubelet runs. Immutable.
 *
 * @param labels asked for by flag
 * @param taints to register with
 * @param extended further resources and how much of each there is
 */
public record NodeFacts(
    String name,
    String ip,
    int port,
    int maxPods,
    Path root,
    Map<String, String> labels,
    List<Node.Taint> taints,
    Map<String, String> extended) {
  /** Labels that the kubelet keeps on its node. */
  Map<String, String> allLabels() {
    Map<String, String> all = new LinkedHashMap<>();
    String arch = Machine.architecture();
    all.put("beta.kubernetes.io/arch", arch);
    all.put("beta.kubernetes.io/os", "linux");
    all.put("kubernetes.io/arch", arch);
    all.put("kubernetes.io/hostname", name);
    all.put("kubernetes.io/os", "linux");
    all.putAll(labels);
    return all;
  }

  /** What the node has, and since nothing is reserved, what it can give. */
  public Map<String, Quantity> capacity() {
    Map<String, Quantity> capacity = new LinkedHashMap<>();
    capacity.put("cpu", new Quantity(Integer.toString(Machine.cpus())));
    capacity.put("ephemeral-storage", Quantity.ofBytes(Machine.disk(root)[0]));
    capacity.put("memory", Quantity.ofBytes(Machine.memoryBytes()));
    capacity.put("pods", new Quantity(Integer.toString(maxPods)));
    extended.forEach((name, amount) -> capacity.put(name, new Quantity(amount)));
    return capacity;
  }

  List<Node.Address> addresses() {
    return List.of(new Node.Address("InternalIP", ip), new Node.Address("Hostname", name));
  }

  Node.SystemInfo systemInfo(String runtimeVersion) {
    return new Node.SystemInfo(
        Machine.machineId(),
        Machine.systemUuid(),
        Machine.bootId(),
        Machine.kernel(),
        Machine.osImage(),
        "docker://" + runtimeVersion,
        VERSION,
        VERSION,
        "linux",
        Machine.architecture());
  }

  /** The Kubernetes version whose behaviour this kubelet follows. */
  static final String VERSION = "v1.33.0+minik8s";
}
