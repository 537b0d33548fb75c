package minik8s.controller.autoscaler;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import minik8s.api.ApiException;
import minik8s.api.HorizontalPodAutoscaler.MetricId;
import minik8s.api.HorizontalPodAutoscaler.TargetRef;
import minik8s.api.LabelSelector;
import minik8s.api.PodMetrics;
import minik8s.api.Quantity;
import minik8s.api.Resource;
import minik8s.client.Api;
import minik8s.client.ListOptions;
import minik8s.controller.scale.Scales;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The measures of the API server: {@code metrics.k8s.io}, and the custom and external ones where an
 * adapter serves them. Thread-safe.
 */
final class ApiMetrics implements MetricSource {
  private static final String CUSTOM = "custom.metrics.k8s.io";
  private static final String EXTERNAL = "external.metrics.k8s.io";
  private static final Duration USUAL_WINDOW = Duration.ofMinutes(1);

  private final Api api;
  private final Scales scales;

  ApiMetrics(Api api, Scales scales) {
    this.api = api;
    this.scales = scales;
  }

  @Override
  public Map<String, Reading> resource(
      String namespace, String resource, String selector, String container) {
    List<PodMetrics> pods;
    try {
      pods = api.list(PodMetrics.RESOURCE, ListOptions.in(namespace).withLabels(selector)).items();
    } catch (ApiException e) {
      throw new NoAnswer(
          "unable to get metrics for resource %s: unable to fetch metrics from resource metrics API: %s"
              .formatted(resource, e.getMessage()));
    }
    Map<String, Reading> readings = new HashMap<>();
    for (PodMetrics pod : pods) {
      amount(pod, resource, container)
          .ifPresent(amount ->
              readings.put(
                  pod.metadata().name(),
                  new Reading(amount, pod.timestamp(), window(pod.window()))));
    }
    if (readings.isEmpty()) {
      throw new NoAnswer(
          "unable to get metrics for resource %s: no metrics returned from resource metrics API"
              .formatted(resource));
    }
    return readings;
  }

  /** A pod of which a container's measure is missing has none. */
  private static OptionalDouble amount(PodMetrics pod, String resource, String container) {
    double sum = 0;
    boolean any = false;
    for (PodMetrics.ContainerUsage each : pod.containers()) {
      if (container.isEmpty() || container.equals(each.name())) {
        Quantity usage = each.usage().get(resource);
        if (usage == null) {
          return OptionalDouble.empty();
        }
        sum += usage.amount().doubleValue();
        any = true;
      }
    }
    return any ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  private static Duration window(String text) {
    try {
      return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
    } catch (java.time.format.DateTimeParseException e) {
      return USUAL_WINDOW;
    }
  }

  @Override
  public Map<String, Reading> pods(String namespace, String selector, MetricId metric) {
    String path =
        "/apis/%s/v1beta2/namespaces/%s/pods/*/%s?labelSelector=%s%s"
            .formatted(
                CUSTOM, namespace, encode(metric.name()), encode(selector), labels(metric, "&"));
    Map<String, Reading> readings = new HashMap<>();
    for (JsonNode item : items(CUSTOM, path, metric)) {
      readings.put(
          item.path("describedObject").path("name").asString(""),
          new Reading(value(item), time(item), USUAL_WINDOW));
    }
    return readings;
  }

  @Override
  public double object(String namespace, TargetRef object, MetricId metric) {
    Resource<?> resource;
    try {
      resource = scales.resource(object.apiVersion(), object.kind());
    } catch (ApiException e) {
      throw new NoAnswer(String.valueOf(e.getMessage()));
    }
    String plural =
        resource.group().isEmpty() ? resource.plural() : resource.plural() + "." + resource.group();
    String path =
        "/apis/%s/v1beta2/namespaces/%s/%s/%s/%s%s"
            .formatted(
                CUSTOM,
                namespace,
                plural,
                object.name(),
                encode(metric.name()),
                labels(metric, "?"));
    return value(items(CUSTOM, path, metric).getFirst());
  }

  @Override
  public List<Double> external(String namespace, MetricId metric) {
    LabelSelector selector = metric.selector();
    String path =
        "/apis/%s/v1beta1/namespaces/%s/%s%s"
            .formatted(
                EXTERNAL,
                namespace,
                encode(metric.name()),
                selector == null ? "" : "?labelSelector=" + encode(selector.query()));
    List<Double> values = new ArrayList<>();
    items(EXTERNAL, path, metric).forEach(item -> values.add(value(item)));
    return values;
  }

  private List<JsonNode> items(String group, String path, MetricId metric) {
    boolean custom = group.equals(CUSTOM);
    String what = custom ? "custom" : "external";
    try {
      List<JsonNode> items = new ArrayList<>();
      api.raw(path).path("items").forEach(items::add);
      if (items.isEmpty()) {
        throw new NoAnswer("no metrics returned from " + what + " metrics API");
      }
      return items;
    } catch (ApiException e) {
      String why =
          e.notFound()
              ? "no %s metrics API (%s) registered".formatted(what, group)
              : String.valueOf(e.getMessage());
      throw new NoAnswer(
          "unable to get metric %s: unable to fetch metrics from %s metrics API: %s"
              .formatted(metric.name(), what, why));
    }
  }

  private static String labels(MetricId metric, String begin) {
    LabelSelector selector = metric.selector();
    return selector == null || selector.selectsAll()
        ? ""
        : begin + "metricLabelSelector=" + encode(selector.query());
  }

  private static double value(JsonNode item) {
    return Quantity.of(item.path("value").asString("0")).amount().doubleValue();
  }

  private static Instant time(JsonNode item) {
    @Nullable String text = item.path("timestamp").asString("");
    try {
      return Instant.parse(text);
    } catch (java.time.format.DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
