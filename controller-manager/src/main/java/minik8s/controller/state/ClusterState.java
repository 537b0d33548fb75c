package minik8s.controller.state;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import minik8s.api.Condition;
import minik8s.api.Container;
import minik8s.api.ContainerState;
import minik8s.api.Deployment;
import minik8s.api.Node;
import minik8s.api.OwnerReference;
import minik8s.api.Pod;
import minik8s.api.PodStatus.ContainerStatus;
import minik8s.api.Quantity;
import minik8s.daemon.Exposition;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code /metrics/state}: nodes, pods and deployments as the series that
 * kube-state-metrics has for them, so that its dashboards and alerts fit. Confined to the thread
 * that renders.
 *
 * <p>It is drawn from the caches that are there anyway, when somebody asks. There are as many
 * series as objects; no label holds a message or anything else that users can vary at will.
 */
public final class ClusterState {
  private static final List<String> PHASES =
      List.of("Pending", "Running", "Succeeded", "Failed", "Unknown");
  private static final List<String> STATUSES = List.of("true", "false", "unknown");

  private final Exposition page = new Exposition();

  private ClusterState() {}

  /** The page. */
  public static String render(
      Collection<Node> nodes, Collection<Pod> pods, Collection<Deployment> deployments) {
    ClusterState state = new ClusterState();
    state.nodes(nodes);
    state.pods(pods);
    state.containers(pods);
    state.requests(pods);
    state.deployments(deployments);
    return state.page.toString();
  }

  private void nodes(Collection<Node> nodes) {
    page.metric("kube_node_info", "gauge", "Information about a cluster node.");
    for (Node node : nodes) {
      Node.@Nullable SystemInfo info = node.status().nodeInfo();
      page.series(
          Exposition.labels(
              "node", node.metadata().name(),
              "kernel_version", info == null ? "" : info.kernelVersion(),
              "os_image", info == null ? "" : info.osImage(),
              "container_runtime_version", info == null ? "" : info.containerRuntimeVersion(),
              "kubelet_version", info == null ? "" : info.kubeletVersion()),
          1);
    }
    page.metric("kube_node_spec_unschedulable", "gauge", "Whether new pods are kept away.");
    for (Node node : nodes) {
      page.series(node(node), node.spec().unschedulable() ? 1 : 0);
    }
    page.metric("kube_node_status_condition", "gauge", "The condition of a cluster node.");
    for (Node node : nodes) {
      for (Condition condition : node.status().conditions()) {
        for (String status : STATUSES) {
          page.series(
              node(node) + "," + Exposition.labels("condition", condition.type(), "status", status),
              condition.status().equalsIgnoreCase(status) ? 1 : 0);
        }
      }
    }
    resources("kube_node_status_capacity", "What a node has.", nodes, n -> n.status().capacity());
    resources(
        "kube_node_status_allocatable",
        "What of a node pods may use.",
        nodes,
        n -> n.status().allocatable());
  }

  private static String node(Node node) {
    return Exposition.labels("node", node.metadata().name());
  }

  private void resources(
      String metric,
      String help,
      Collection<Node> nodes,
      Function<Node, Map<String, Quantity>> amounts) {
    page.metric(metric, "gauge", help);
    for (Node node : nodes) {
      amounts
          .apply(node)
          .forEach((name, amount) -> page.series(node(node) + "," + resource(name), of(amount)));
    }
  }

  /** A resource as kube-state-metrics writes it: letters, digits and underscores, and its unit. */
  private static String resource(String name) {
    String unit =
        switch (name) {
          case "cpu" -> "core";
          case "memory", "ephemeral-storage" -> "byte";
          default -> "integer";
        };
    return Exposition.labels("resource", name.replaceAll("[^a-zA-Z0-9_]", "_"), "unit", unit);
  }

  private static double of(Quantity amount) {
    try {
      BigDecimal exact = amount.amount();
      return exact.doubleValue();
    } catch (IllegalArgumentException e) {
      return Double.NaN;
    }
  }

  private void pods(Collection<Pod> pods) {
    page.metric("kube_pod_info", "gauge", "Information about pod.");
    for (Pod pod : pods) {
      OwnerReference owner = pod.metadata().ownerReferences().stream().findFirst().orElse(null);
      page.series(
          pod(pod)
              + ","
              + Exposition.labels(
                  "node", pod.spec().nodeName(),
                  "host_ip", pod.status().hostIP(),
                  "pod_ip", pod.status().podIP(),
                  "created_by_kind", owner == null ? "" : owner.kind(),
                  "created_by_name", owner == null ? "" : owner.name()),
          1);
    }
    page.metric("kube_pod_status_phase", "gauge", "The pods current phase.");
    for (Pod pod : pods) {
      for (String phase : PHASES) {
        page.series(
            pod(pod) + "," + Exposition.labels("phase", phase),
            pod.status().phase().equals(phase) ? 1 : 0);
      }
    }
    each(
        "kube_pod_status_ready",
        "Whether the pod is ready to serve requests.",
        pods,
        ",condition=\"true\"",
        pod -> pod.ready() ? 1 : 0);
    each(
        "kube_pod_status_unschedulable",
        "Whether the scheduler finds no node for the pod.",
        pods.stream().filter(ClusterState::unschedulable).toList(),
        "",
        _ -> 1);
    each(
        "kube_pod_deletion_timestamp",
        "When the pod shall be gone, in seconds since the epoch.",
        pods.stream().filter(pod -> pod.metadata().deletionTimestamp() != null).toList(),
        "",
        ClusterState::deletion);
  }

  private static double deletion(Pod pod) {
    java.time.Instant at = pod.metadata().deletionTimestamp();
    return at == null ? 0 : at.getEpochSecond();
  }

  private static boolean unschedulable(Pod pod) {
    Condition scheduled = Condition.find(pod.status().conditions(), "PodScheduled");
    return scheduled != null && !scheduled.isTrue() && scheduled.reason().equals("Unschedulable");
  }

  private void each(
      String metric, String help, Collection<Pod> pods, String more, ToDoubleFunction<Pod> value) {
    page.metric(metric, "gauge", help);
    for (Pod pod : pods) {
      page.series(pod(pod) + more, value.applyAsDouble(pod));
    }
  }

  private static String pod(Pod pod) {
    return Exposition.labels(
        "namespace", pod.metadata().namespace(), "pod", pod.metadata().name(), "uid", pod.uid());
  }

  private void containers(Collection<Pod> pods) {
    statuses(
        pods,
        "kube_pod_container_status_restarts_total",
        "counter",
        "The number of container restarts per container.",
        (status, labels) -> page.series(labels, status.restartCount()));
    statuses(
        pods,
        "kube_pod_container_status_ready",
        "gauge",
        "Describes whether the containers readiness check succeeded.",
        (status, labels) -> page.series(labels, status.ready() ? 1 : 0));
    statuses(
        pods,
        "kube_pod_container_status_waiting_reason",
        "gauge",
        "Describes the reason the container is currently in waiting state.",
        (status, labels) -> {
          if (status.state() instanceof ContainerState.Waiting waiting
              && !waiting.reason().isEmpty()) {
            page.series(labels + "," + Exposition.labels("reason", waiting.reason()), 1);
          }
        });
    statuses(
        pods,
        "kube_pod_container_status_last_terminated_reason",
        "gauge",
        "Describes the last reason the container was in terminated state.",
        (status, labels) -> {
          if (status.lastState() instanceof ContainerState.Terminated ended
              && !ended.reason().isEmpty()) {
            page.series(labels + "," + Exposition.labels("reason", ended.reason()), 1);
          }
        });
  }

  @FunctionalInterface
  private interface Series {
    void write(ContainerStatus status, String labels);
  }

  private void statuses(
      Collection<Pod> pods, String metric, String type, String help, Series series) {
    page.metric(metric, type, help);
    for (Pod pod : pods) {
      for (ContainerStatus status : pod.status().containerStatuses()) {
        series.write(status, pod(pod) + "," + Exposition.labels("container", status.name()));
      }
    }
  }

  private void requests(Collection<Pod> pods) {
    amounts(
        pods,
        "kube_pod_container_resource_requests",
        "What a container asks for.",
        c -> c.resources().requests());
    amounts(
        pods,
        "kube_pod_container_resource_limits",
        "What a container is held to.",
        c -> c.resources().limits());
  }

  private void amounts(
      Collection<Pod> pods,
      String metric,
      String help,
      Function<Container, Map<String, Quantity>> amounts) {
    page.metric(metric, "gauge", help);
    for (Pod pod : pods) {
      for (Container container : pod.spec().containers()) {
        amounts
            .apply(container)
            .forEach((name, amount) ->
                page.series(
                    pod(pod)
                        + ","
                        + Exposition.labels(
                            "container", container.name(), "node", pod.spec().nodeName())
                        + ","
                        + resource(name),
                    of(amount)));
      }
    }
  }

  private void deployments(Collection<Deployment> deployments) {
    deployment(
        "kube_deployment_spec_replicas",
        "Number of desired pods for a deployment.",
        deployments,
        d -> d.spec().wanted());
    deployment(
        "kube_deployment_status_replicas",
        "The number of replicas per deployment.",
        deployments,
        d -> d.status().replicas());
    deployment(
        "kube_deployment_status_replicas_available",
        "The number of available replicas per deployment.",
        deployments,
        d -> d.status().availableReplicas());
    deployment(
        "kube_deployment_status_replicas_updated",
        "The number of updated replicas per deployment.",
        deployments,
        d -> d.status().updatedReplicas());
  }

  private void deployment(
      String metric,
      String help,
      Collection<Deployment> deployments,
      ToDoubleFunction<Deployment> value) {
    page.metric(metric, "gauge", help);
    for (Deployment deployment : deployments) {
      page.series(
          Exposition.labels(
              "namespace", deployment.metadata().namespace(),
              "deployment", deployment.metadata().name()),
          value.applyAsDouble(deployment));
    }
  }
}
