package minik8s.controller.autoscaler;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.api.Container;
import minik8s.api.HorizontalPodAutoscaler.Metric;
import minik8s.api.HorizontalPodAutoscaler.MetricId;
import minik8s.api.HorizontalPodAutoscaler.NamedSource;
import minik8s.api.HorizontalPodAutoscaler.ResourceSource;
import minik8s.api.HorizontalPodAutoscaler.Target;
import minik8s.api.HorizontalPodAutoscaler.TargetRef;
import minik8s.api.Pod;
import minik8s.api.Quantity;
import minik8s.api.codec.Json;
import minik8s.controller.autoscaler.ReplicaPlan.Answer;
import minik8s.controller.autoscaler.ReplicaPlan.Groups;
import minik8s.controller.scale.Scales.Scale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes one measure and says what it calls for. Thread-safe. Source: {@code
 * computeReplicasForMetric} in Kubernetes' {@code horizontal.go}.
 */
final class Measures {
  private final MetricSource source;

  Measures(MetricSource source) {
    this.source = source;
  }

  /**
   * What a measure calls for.
   *
   * @param name of the measure, as events call it
   * @param status the measure as the status shows it
   */
  record Proposal(int replicas, String name, ObjectNode status) {}

  /** What measures are taken on. */
  record Subject(
      String namespace, Scale scale, List<Pod> pods, Tolerances tolerances, Instant now) {}

  /** The reason of the condition when a measure of this type fails. */
  static String failure(Metric metric) {
    return switch (metric.type()) {
      case "Resource" -> "FailedGetResourceMetric";
      case "ContainerResource" -> "FailedGetContainerResourceMetric";
      case "Pods" -> "FailedGetPodsMetric";
      case "Object" -> "FailedGetObjectMetric";
      case "External" -> "FailedGetExternalMetric";
      default -> "InvalidMetricSourceType";
    };
  }

  /**
   * Takes the measure.
   *
   * @throws NoAnswer when it calls for nothing
   */
  Proposal take(Metric metric, Subject subject) {
    return switch (metric.type()) {
      case "Resource" -> resource(need(metric.resource()), "resource", metric.type(), subject);
      case "ContainerResource" ->
          resource(need(metric.containerResource()), "containerResource", metric.type(), subject);
      case "Pods" -> pods(need(metric.pods()), subject);
      case "Object" -> object(need(metric.object()), subject);
      case "External" -> external(need(metric.external()), subject);
      default -> throw new NoAnswer("unknown metric source type \"" + metric.type() + "\"");
    };
  }

  private static <T> T need(@Nullable T source) {
    if (source == null) {
      throw new NoAnswer("invalid metric source: it is empty");
    }
    return source;
  }

  private Proposal resource(ResourceSource wish, String field, String type, Subject subject) {
    String resource = wish.name();
    Integer percent = wish.target().averageUtilization();
    Quantity amount = wish.target().averageValue();
    String kind = wish.container().isEmpty() ? "resource" : "container resource";
    String name =
        percent == null
            ? resource + " " + kind
            : resource + " " + kind + " utilization (percentage of request)";
    try {
      Map<String, Reading> readings =
          source.resource(
              subject.namespace(), resource, subject.scale().selector(), wish.container());
      Groups groups = groups(subject, readings, resource.equals("cpu"));
      Answer answer;
      if (percent != null) {
        Map<String, Double> requests = requests(subject.pods(), resource, wish.container());
        answer =
            ReplicaPlan.utilization(
                subject.scale().wanted(),
                percent,
                readings,
                requests,
                groups,
                subject.tolerances());
      } else {
        answer =
            ReplicaPlan.average(
                subject.scale().wanted(), number(amount), readings, groups, subject.tolerances());
      }
      ObjectNode status = Json.object().put("type", type);
      ObjectNode body = status.putObject(field).put("name", resource);
      if (!wish.container().isEmpty()) {
        body.put("container", wish.container());
      }
      ObjectNode current = body.putObject("current");
      if (percent != null) {
        current.put("averageUtilization", answer.utilization());
      }
      current.put("averageValue", text(answer.average(), resource.equals("memory")));
      return new Proposal(answer.replicas(), name, status);
    } catch (NoAnswer e) {
      throw e.within("failed to get " + resource + (percent == null ? " usage" : " utilization"));
    }
  }

  private static Groups groups(Subject subject, Map<String, Reading> readings, boolean cpu) {
    if (subject.pods().isEmpty()) {
      throw new NoAnswer("no pods returned by selector while calculating replica count");
    }
    return Groups.of(subject.pods(), readings, cpu, subject.now());
  }

  private static Map<String, Double> requests(List<Pod> pods, String resource, String container) {
    Map<String, Double> requests = new HashMap<>();
    for (Pod pod : pods) {
      double sum = 0;
      for (Container each : pod.spec().containers()) {
        if (container.isEmpty() || container.equals(each.name())) {
          Quantity request = each.resources().requests().get(resource);
          if (request == null) {
            throw new NoAnswer(
                "missing request for %s in container %s of Pod %s"
                    .formatted(resource, each.name(), pod.metadata().name()));
          }
          sum += request.amount().doubleValue();
        }
      }
      requests.put(pod.metadata().name(), sum);
    }
    return requests;
  }

  private Proposal pods(NamedSource wish, Subject subject) {
    String name = wish.metric().name();
    try {
      Map<String, Reading> readings =
          source.pods(subject.namespace(), subject.scale().selector(), wish.metric());
      Answer answer =
          ReplicaPlan.average(
              subject.scale().wanted(),
              number(wish.target().averageValue()),
              readings,
              groups(subject, readings, false),
              subject.tolerances());
      ObjectNode status = Json.object().put("type", "Pods");
      ObjectNode body = status.putObject("pods");
      metric(body, wish.metric());
      body.putObject("current").put("averageValue", text(answer.average(), false));
      return new Proposal(answer.replicas(), "pods metric " + name, status);
    } catch (NoAnswer e) {
      throw e.within("failed to get pods metric value");
    }
  }

  private Proposal object(NamedSource wish, Subject subject) {
    TargetRef about = need(wish.describedObject());
    try {
      double value = source.object(subject.namespace(), about, wish.metric());
      ObjectNode status = Json.object().put("type", "Object");
      ObjectNode body = status.putObject("object");
      metric(body, wish.metric());
      body.set("describedObject", Json.tree(about));
      int replicas = total(value, wish.target(), subject, body.putObject("current"));
      return new Proposal(replicas, wish.metric().name() + " metric", status);
    } catch (NoAnswer e) {
      throw e.within("failed to get object metric value");
    }
  }

  private Proposal external(NamedSource wish, Subject subject) {
    String name = wish.metric().name();
    try {
      List<Double> values = source.external(subject.namespace(), wish.metric());
      double value = values.stream().mapToDouble(Double::doubleValue).sum();
      ObjectNode status = Json.object().put("type", "External");
      ObjectNode body = status.putObject("external");
      metric(body, wish.metric());
      int replicas = total(value, wish.target(), subject, body.putObject("current"));
      return new Proposal(replicas, "external metric " + name, status);
    } catch (NoAnswer e) {
      throw e.within("failed to get " + name + " external metric");
    }
  }

  /** A number that all pods share, against its value or against each pod's share of it. */
  private static int total(double value, Target target, Subject subject, ObjectNode current) {
    Quantity whole = target.value();
    if (whole != null) {
      current.put("value", text(value, false));
      int ready = (int) subject.pods().stream().filter(Pod::ready).count();
      return ReplicaPlan.shared(
          subject.scale().wanted(), value / number(whole), ready, subject.tolerances());
    }
    double share = number(target.averageValue());
    int now = subject.scale().current();
    current.put("averageValue", text(now == 0 ? 0 : value / now, false));
    return ReplicaPlan.perPod(now, value, share, subject.tolerances());
  }

  private static double number(@Nullable Quantity quantity) {
    if (quantity == null || quantity.amount().signum() == 0) {
      throw new NoAnswer("the target is not set");
    }
    return quantity.amount().doubleValue();
  }

  private static void metric(ObjectNode body, MetricId metric) {
    body.set("metric", Json.tree(metric));
  }

  private static String text(double amount, boolean whole) {
    return whole
        ? Long.toString(Math.round(amount))
        : Quantity.ofMilli(Math.round(amount * 1000)).text();
  }
}
