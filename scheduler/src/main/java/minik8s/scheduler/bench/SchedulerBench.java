package minik8s.scheduler.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import minik8s.api.Node;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.control.Timers;
import minik8s.scheduler.ClusterGateway;
import minik8s.scheduler.SchedulerMetrics;
import minik8s.scheduler.SchedulingLoop;
import minik8s.scheduler.framework.VolumeDuty;
import minik8s.scheduler.plugins.StandardProfile;
import tools.jackson.databind.node.ObjectNode;

/**
 * Measures the real loop with the standard profile over simulated nodes and a binder in memory.
 * Stateless.
 */
public final class SchedulerBench {
  private static final int REPLICAS = 50;
  private static final int ZONES = 10;

  /** How many pods were bound in which time. */
  public record Result(int pods, Duration took) {
    public double podsPerSecond() {
      return pods / (took.toNanos() / 1e9);
    }
  }

  private SchedulerBench() {}

  /** Binds at once, and shows it to the loop as an informer would. */
  private static final class MemoryGateway implements ClusterGateway {
    private @org.jspecify.annotations.Nullable SchedulingLoop loop;
    private int bound;

    @Override
    public void bind(Pod pod, String node) {
      bound++;
      if (loop != null) {
        loop.podChanged(pod, pod.boundTo(node));
      }
    }

    @Override
    public void explain(Pod pod, String reason, String message, Room room) {
      throw new IllegalStateException(pod.key() + ": " + message);
    }

    @Override
    public boolean nominate(Pod pod, String message, String node) {
      throw new IllegalStateException(pod.key() + ": " + message);
    }

    @Override
    public void withdraw(Pod pod) {
      throw new IllegalStateException(pod.key() + " is outbid");
    }

    @Override
    public void evict(Pod victim, Pod preemptor, String node) {
      throw new IllegalStateException(victim.key() + " is evicted");
    }

    @Override
    public void fulfil(VolumeDuty duty) {
      throw new IllegalStateException("no pod has volumes");
    }
  }

  /**
   * Schedules {@code pods} plain pods, 50 to a ReplicaSet, on {@code nodes} empty nodes of 32
   * cores.
   *
   * @throws IllegalStateException when a pod found no node
   */
  public static Result run(int nodes, int pods) {
    return run(nodes, pods, Demand.PLAIN);
  }

  /**
   * Schedules {@code pods} pods, 50 to a ReplicaSet, on {@code nodes} empty nodes of 32 cores and 8
   * GPUs in ten zones.
   *
   * @throws IllegalStateException when a pod found no node
   */
  public static Result run(int nodes, int pods, Demand demand) {
    MemoryGateway gateway = new MemoryGateway();
    try (Timers timers = Timers.system();
        SchedulingLoop loop =
            new SchedulingLoop(
                List.of(StandardProfile.create()),
                gateway,
                Runnable::run,
                timers,
                new SchedulerMetrics(new SimpleMeterRegistry()))) {
      gateway.loop = loop;
      IntStream.range(0, nodes).forEach(i -> loop.nodeChanged(null, node(i)));
      loop.lead();
      loop.step();
      List<Pod> waiting = IntStream.range(0, pods).mapToObj(i -> pod(i, demand)).toList();

      long began = System.nanoTime();
      waiting.forEach(pod -> loop.podChanged(null, pod));
      boolean more = true;
      while (more) {
        more = loop.step();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      if (gateway.bound != pods) {
        throw new IllegalStateException("bound " + gateway.bound + " of " + pods + " pods");
      }
      return new Result(pods, took);
    }
  }

  private static Node node(int number) {
    ObjectNode node = Json.object();
    node.putObject("metadata").put("name", "node-" + number).put("uid", "node-uid-" + number);
    node.withObject("metadata")
        .putObject("labels")
        .put("kubernetes.io/hostname", "node-" + number)
        .put("topology.kubernetes.io/zone", "zone-" + number % ZONES);
    ObjectNode allocatable = node.putObject("status").putObject("allocatable");
    Map.of(
            "cpu",
            "32",
            "memory",
            "128Gi",
            "ephemeral-storage",
            "500Gi",
            "pods",
            "110",
            "nvidia.com/gpu",
            "8")
        .forEach(allocatable::put);
    return Json.read(node, Node.class);
  }

  private static Pod pod(int number, Demand demand) {
    String set = "set-" + number / REPLICAS;
    ObjectNode pod = Json.object();
    ObjectNode meta = pod.putObject("metadata");
    meta.put("name", "pod-" + number).put("namespace", "default").put("uid", "uid-" + number);
    meta.putObject("labels").put("app", set).put("tier", "bench");
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", "ReplicaSet")
        .put("name", set)
        .put("uid", "uid-" + set)
        .put("controller", true);
    ObjectNode container = pod.putObject("spec").putArray("containers").addObject();
    container.put("name", "main").put("image", "nginx:1.27");
    container
        .putObject("resources")
        .putObject("requests")
        .put("cpu", "100m")
        .put("memory", "128Mi");
    pod.withObject("spec").setAll(demand.spec(set));
    return Json.read(pod, Pod.class);
  }

  /** Prints a run of each demand after a smaller one that warms up; arguments: nodes, pods. */
  public static void main(String... args) {
    int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 5000;
    int pods = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (Demand demand : Demand.values()) {
      run(Math.max(REPLICAS, nodes / 10), Math.max(1, pods / 10), demand);
      long before = threads.getCurrentThreadCpuTime();
      Result result = run(nodes, pods, demand);
      long cpu = threads.getCurrentThreadCpuTime() - before;
      System.out.printf(
          "%s: %d pods on %d nodes: %d ms, %.0f pods/s; with set-up %d ms of processor time%n",
          demand.name().toLowerCase(Locale.ROOT),
          pods,
          nodes,
          result.took().toMillis(),
          result.podsPerSecond(),
          cpu / 1_000_000);
    }
  }
}
