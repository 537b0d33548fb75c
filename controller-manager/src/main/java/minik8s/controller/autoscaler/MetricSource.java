package minik8s.controller.autoscaler;

import java.util.List;
import java.util.Map;
import minik8s.api.HorizontalPodAutoscaler.MetricId;
import minik8s.api.HorizontalPodAutoscaler.TargetRef;

/** Where measures come from. Thread-safe. Every method throws {@link NoAnswer} with a sentence. */
interface MetricSource {
  /**
   * Processor or memory of pods, in cores or bytes, by pod.
   *
   * @param selector in query form
   * @param container empty for the sum over each pod
   */
  Map<String, Reading> resource(
      String namespace, String resource, String selector, String container);

  /** A custom measure of pods, by pod. */
  Map<String, Reading> pods(String namespace, String selector, MetricId metric);

  /** A custom measure of one object. */
  double object(String namespace, TargetRef object, MetricId metric);

  /** The values of a measure from outside of the cluster. */
  List<Double> external(String namespace, MetricId metric);
}
