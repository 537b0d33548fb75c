package minik8s.kubelet.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import minik8s.daemon.Exposition;
import minik8s.kubelet.runtime.PodRef;

/**
 * The page {@code /metrics/resource}: what autoscaling and {@code kubectl top} need. Stateless.
 *
 * <p>Source: Kubernetes' {@code pkg/kubelet/metrics/collectors/resource_metrics.go}; sandboxes
 * count for their pod only.
 */
final class ResourcePage {
  private static final double NANO = 1e-9;

  private ResourcePage() {}

  static String render(NodeSample sample) {
    Exposition page = new Exposition();
    long at = sample.at().toEpochMilli();
    List<ContainerSample> containers =
        sample.containers().stream().filter(c -> !c.container().sandbox()).toList();
    containers(
        page.metric(
            "container_cpu_usage_seconds_total",
            "counter",
            "[STABLE] Cumulative cpu time consumed by the container in core-seconds"),
        containers,
        at,
        c -> c.cpu().totalNanos() * NANO);
    containers(
        page.metric(
            "container_memory_working_set_bytes",
            "gauge",
            "[STABLE] Current working set of the container in bytes"),
        containers,
        at,
        c -> c.memory().workingSet());
    containers(
        page.metric(
            "container_start_time_seconds",
            "gauge",
            "[STABLE] Start time of the container since unix epoch in seconds"),
        containers,
        at,
        c -> c.startedAt().toEpochMilli() / 1000.0);
    containers(
        page.metric(
            "container_swap_usage_bytes",
            "gauge",
            "[ALPHA] Current amount of the container swap usage in bytes."),
        containers,
        at,
        c -> c.memory().swap());
    node(page, sample, at);
    pods(page, sample, at);
    page.metric(
            "resource_scrape_error",
            "gauge",
            "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise")
        .series("", 0);
    return page.toString();
  }

  private static void containers(
      Exposition page,
      List<ContainerSample> containers,
      long at,
      ToDoubleFunction<ContainerSample> value) {
    for (ContainerSample c : containers) {
      page.series(
          Exposition.labels(
              "container", c.container().name(), "namespace", c.namespace(), "pod", c.pod()),
          value.applyAsDouble(c),
          at);
    }
  }

  private static void node(Exposition page, NodeSample sample, long at) {
    page.metric(
            "node_cpu_usage_seconds_total",
            "counter",
            "[STABLE] Cumulative cpu time consumed by the node in core-seconds")
        .series("", sample.cpu().totalNanos() * NANO, at);
    page.metric(
            "node_memory_working_set_bytes",
            "gauge",
            "[STABLE] Current working set of the node in bytes")
        .series("", sample.memory().workingSet(), at);
    page.metric(
            "node_swap_usage_bytes",
            "gauge",
            "[ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems")
        .series("", sample.memory().swap(), at);
  }

  private static void pods(Exposition page, NodeSample sample, long at) {
    Map<PodRef, double[]> pods = new LinkedHashMap<>();
    for (ContainerSample c : sample.containers()) {
      double[] sum = pods.computeIfAbsent(c.container().pod(), _ -> new double[3]);
      sum[0] += c.cpu().totalNanos() * NANO;
      sum[1] += c.memory().workingSet();
      sum[2] += c.memory().swap();
    }
    String[][] metrics = {
      {
        "pod_cpu_usage_seconds_total",
        "counter",
        "[STABLE] Cumulative cpu time consumed by the pod in core-seconds"
      },
      {"pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes"},
      {"pod_swap_usage_bytes", "gauge", "[ALPHA] Current amount of the pod swap usage in bytes."},
    };
    for (int i = 0; i < metrics.length; i++) {
      page.metric(metrics[i][0], metrics[i][1], metrics[i][2]);
      for (Map.Entry<PodRef, double[]> pod : pods.entrySet()) {
        page.series(
            Exposition.labels("namespace", pod.getKey().namespace(), "pod", pod.getKey().name()),
            pod.getValue()[i],
            at);
      }
    }
  }
}
