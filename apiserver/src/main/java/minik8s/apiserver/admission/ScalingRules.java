package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of autoscalers (in version v2) and disruption budgets. Stateless. */
final class ScalingRules {
  private ScalingRules() {}

  static void addTo(Map<String, Rules> rules) {
    rules.put("autoscaling/v2/horizontalpodautoscalers", new AutoscalerRules());
    rules.put("policy/v1/poddisruptionbudgets", new BudgetRules());
  }

  private static final class AutoscalerRules implements Rules {
    private static final Set<String> SOURCES =
        Set.of("ContainerResource", "External", "Object", "Pods", "Resource");

    @Override
    public void defaults(ObjectNode doc) {
      ObjectNode spec = object(doc, "spec");
      if (spec == null) {
        return;
      }
      fill(spec, "minReplicas", 1);
      if (Docs.isEmptyList(spec, "metrics")) {
        ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
        ObjectNode resource = metric.putObject("resource").put("name", "cpu");
        resource.putObject("target").put("type", "Utilization").put("averageUtilization", 80);
      }
      ObjectNode behavior = object(spec, "behavior");
      if (behavior != null) {
        up(object(behavior, "scaleUp"));
        down(object(behavior, "scaleDown"));
      }
    }

    private static void up(@Nullable ObjectNode rules) {
      if (rules == null) {
        return;
      }
      fill(rules, "stabilizationWindowSeconds", 0);
      fill(rules, "selectPolicy", "Max");
      if (Docs.isEmptyList(rules, "policies")) {
        policy(rules, "Pods", 4);
        policy(rules, "Percent", 100);
      }
    }

    private static void down(@Nullable ObjectNode rules) {
      if (rules == null) {
        return;
      }
      fill(rules, "selectPolicy", "Max");
      if (Docs.isEmptyList(rules, "policies")) {
        policy(rules, "Percent", 100);
      }
    }

    private static void policy(ObjectNode rules, String type, int value) {
      Docs.ensureList(rules, "policies")
          .addObject()
          .put("type", type)
          .put("value", value)
          .put("periodSeconds", 15);
    }

    @Override
    public void create(ObjectNode doc) {
      ObjectNode status = ensure(doc, "status");
      status.put("desiredReplicas", 0);
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      long least = spec.path("minReplicas").asLong(1);
      long most = spec.path("maxReplicas").asLong(0);
      if (least < 1) {
        errors.add(
            FieldError.invalid(
                Path.SPEC.child("minReplicas"), least, "must be greater than or equal to 1"));
      }
      if (most < 1) {
        errors.add(
            FieldError.invalid(Path.SPEC.child("maxReplicas"), most, "must be greater than 0"));
      }
      if (most < least) {
        errors.add(
            FieldError.invalid(
                Path.SPEC.child("maxReplicas"),
                most,
                "must be greater than or equal to `minReplicas`"));
      }
      Path target = Path.SPEC.child("scaleTargetRef");
      Check.required(spec.path("scaleTargetRef"), "kind", target, errors);
      Check.required(spec.path("scaleTargetRef"), "name", target, errors);
      int index = 0;
      for (ObjectNode metric : objects(spec, "metrics")) {
        metric(metric, Path.SPEC.child("metrics").index(index++), errors);
      }
    }

    private static void metric(ObjectNode metric, Path at, List<FieldError> errors) {
      String type = text(metric, "type");
      if (type.isEmpty()) {
        errors.add(FieldError.required(at.child("type"), "must specify a metric source type"));
        return;
      }
      if (!SOURCES.contains(type)) {
        errors.add(FieldError.notSupported(at.child("type"), type, SOURCES));
        return;
      }
      String field = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
      ObjectNode source = object(metric, field);
      if (source == null) {
        errors.add(
            FieldError.required(
                at.child(field), "must populate information for the given metric source"));
        return;
      }
      if (type.endsWith("Resource")) {
        Path path = at.child(field);
        Check.required(source, "name", path, errors);
        JsonNode target = source.path("target");
        JsonNode percent = target.path("averageUtilization");
        if (percent.isNumber() && percent.asLong(0) < 1) {
          errors.add(
              FieldError.invalid(
                  path.child("target").child("averageUtilization"),
                  percent.asLong(0),
                  "must be greater than 0"));
        }
        if (!percent.isNumber() && Docs.absent(target, "averageValue")) {
          errors.add(
              FieldError.required(
                  path.child("target").child("averageUtilization"),
                  "must set either a target raw value or a target utilization"));
        }
      }
    }
  }

  private static final class BudgetRules implements Rules {
    @Override
    public void create(ObjectNode doc) {
      ObjectNode status = ensure(doc, "status");
      for (String count :
          List.of("currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods")) {
        status.put(count, 0);
      }
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      if (Docs.present(spec, "minAvailable") && Docs.present(spec, "maxUnavailable")) {
        errors.add(
            FieldError.invalid(
                Path.SPEC, spec, "minAvailable and maxUnavailable cannot be both set"));
      }
      Check.intOrPercent(spec, "minAvailable", true, Path.SPEC, errors);
      Check.intOrPercent(spec, "maxUnavailable", true, Path.SPEC, errors);
      SelectorValidation.selector(spec.get("selector"), Path.SPEC.child("selector"), errors);
      Check.oneOf(
          spec,
          "unhealthyPodEvictionPolicy",
          Path.SPEC,
          Set.of("AlwaysAllow", "IfHealthyBudget"),
          errors);
    }
  }
}
