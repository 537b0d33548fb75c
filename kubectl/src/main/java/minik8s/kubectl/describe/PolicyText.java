package minik8s.kubectl.describe;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/** Quotas, limit ranges, disruption budgets and autoscalers in words. Stateless. */
public final class PolicyText {
  private PolicyText() {}

  /** A resource quota. */
  public static String quota(Map<String, Object> object, InstantSource clock) {
    Page page = new Page(clock);
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.field("Namespace", Tree.text(object, "metadata", "namespace"));
    List<Object> scopes = Tree.list(object, "spec", "scopes");
    if (!scopes.isEmpty()) {
      List<String> names = new ArrayList<>();
      scopes.forEach(scope -> names.add(Tree.scalar(scope)));
      page.field("Scopes", String.join(", ", new TreeSet<>(names)));
    }
    page.line(0, "Resource\tUsed\tHard");
    page.line(0, "--------\t----\t----");
    Map<String, Object> used = Tree.map(object, "status", "used");
    new TreeMap<>(Tree.map(object, "status", "hard"))
        .forEach((name, hard) ->
            page.line(0, name + "\t" + Tree.text(used, name) + "\t" + Tree.scalar(hard)));
    return page.text();
  }

  /** A limit range. */
  public static String limits(Map<String, Object> object, InstantSource clock) {
    Page page = new Page(clock);
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.field("Namespace", Tree.text(object, "metadata", "namespace"));
    page.line(
        0, "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio");
    page.line(
        0, "----\t--------\t---\t---\t---------------\t-------------\t-----------------------");
    for (Object item : Tree.list(object, "spec", "limits")) {
      String[] columns = {"min", "max", "defaultRequest", "default", "maxLimitRequestRatio"};
      TreeSet<String> names = new TreeSet<>();
      for (String column : columns) {
        names.addAll(Tree.map(item, column).keySet());
      }
      for (String name : names) {
        List<String> cells = new ArrayList<>(List.of(Tree.text(item, "type"), name));
        for (String column : columns) {
          String value = Tree.text(item, column, name);
          cells.add(value.isEmpty() ? "-" : value);
        }
        page.line(0, String.join("\t", cells));
      }
    }
    return page.text();
  }

  /** A disruption budget. */
  public static String budget(
      Map<String, Object> object,
      String selector,
      @Nullable List<Object> events,
      InstantSource clock) {
    Page page = new Page(clock);
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.field("Namespace", Tree.text(object, "metadata", "namespace"));
    page.optional("Min available", Tree.text(object, "spec", "minAvailable"));
    page.optional("Max unavailable", Tree.text(object, "spec", "maxUnavailable"));
    page.field("Selector", selector.isEmpty() ? "<unset>" : selector);
    page.line(0, "Status:");
    page.line(2, "Allowed disruptions:\t" + Tree.number(object, 0, "status", "disruptionsAllowed"));
    page.line(2, "Current:\t" + Tree.number(object, 0, "status", "currentHealthy"));
    page.line(2, "Desired:\t" + Tree.number(object, 0, "status", "desiredHealthy"));
    page.line(2, "Total:\t" + Tree.number(object, 0, "status", "expectedPods"));
    return page.events(events).text();
  }

  /** An autoscaler, version v2. */
  public static String autoscaler(
      Map<String, Object> object, @Nullable List<Object> events, InstantSource clock) {
    Page page = new Page(clock);
    CoreText.head(page, object);
    page.field("CreationTimestamp", Page.time(Tree.text(object, "metadata", "creationTimestamp")));
    Map<String, Object> target = Tree.map(object, "spec", "scaleTargetRef");
    page.field("Reference", Tree.text(target, "kind") + "/" + Tree.text(target, "name"));
    page.line(0, "Metrics:\t( current / target )");
    List<Object> current = Tree.list(object, "status", "currentMetrics");
    int index = 0;
    for (Object metric : Tree.list(object, "spec", "metrics")) {
      Object now = index < current.size() ? current.get(index) : Map.of();
      metric(page, Tree.asMap(metric), Tree.asMap(now));
      index++;
    }
    page.field("Min replicas", Tree.text(object, "spec", "minReplicas"));
    page.field("Max replicas", Tree.text(object, "spec", "maxReplicas"));
    behavior(page, Tree.map(object, "spec", "behavior"));
    String word = Tree.text(target, "kind");
    page.line(
        0,
        "%s pods:\t%d current / %d desired"
            .formatted(
                word,
                Tree.number(object, 0, "status", "currentReplicas"),
                Tree.number(object, 0, "status", "desiredReplicas")));
    if (!Tree.list(object, "status", "conditions").isEmpty()) {
      page.line(0, "Conditions:");
      page.line(1, "Type\tStatus\tReason\tMessage");
      page.line(1, "----\t------\t------\t-------");
      for (Object each : Tree.list(object, "status", "conditions")) {
        page.line(
            1,
            String.join(
                "\t",
                Tree.text(each, "type"),
                Tree.text(each, "status"),
                Tree.text(each, "reason"),
                Tree.text(each, "message")));
      }
    }
    return page.events(events).text();
  }

  private static void metric(Page page, Map<String, Object> metric, Map<String, Object> now) {
    String type = Tree.text(metric, "type");
    String field =
        type.isEmpty() ? "" : type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    Map<String, Object> target = Tree.map(metric, field, "target");
    Map<String, Object> have = Tree.map(now, field, "current");
    String value = Tree.text(have, "averageValue");
    if (type.endsWith("Resource")) {
      String where =
          type.equals("ContainerResource")
              ? "resource %s of container \"%s\" on pods"
                  .formatted(
                      Tree.text(metric, field, "name"), Tree.text(metric, field, "container"))
              : "resource " + Tree.text(metric, field, "name") + " on pods";
      String percent = Tree.text(target, "averageUtilization");
      page.line(
          1,
          percent.isEmpty()
              ? "%s:\t%s / %s".formatted(where, known(value), Tree.text(target, "averageValue"))
              : "%s  (as a percentage of request):\t%s / %s%%"
                  .formatted(where, utilization(have, value), percent));
      return;
    }
    String name = "\"" + Tree.text(metric, field, "metric", "name") + "\"";
    String wanted = Tree.text(target, "value");
    String what =
        switch (type) {
          case "Pods" -> name + " on pods";
          case "Object" ->
              name
                  + " on "
                  + Tree.text(metric, field, "describedObject", "kind")
                  + "/"
                  + Tree.text(metric, field, "describedObject", "name");
          default -> name + " (external)";
        };
    page.line(
        1,
        what
            + ":\t"
            + known(wanted.isEmpty() ? value : Tree.text(have, "value"))
            + " / "
            + (wanted.isEmpty() ? Tree.text(target, "averageValue") : wanted));
  }

  private static String utilization(Map<String, Object> have, String value) {
    String percent = Tree.text(have, "averageUtilization");
    return percent.isEmpty() ? "<unknown>" : percent + "% (" + value + ")";
  }

  private static String known(String value) {
    return value.isEmpty() ? "<unknown>" : value;
  }

  private static void behavior(Page page, Map<String, Object> behavior) {
    if (behavior.isEmpty()) {
      return;
    }
    page.line(0, "Behavior:");
    for (String side : List.of("scaleUp", "scaleDown")) {
      Map<String, Object> rules = Tree.map(behavior, side);
      if (rules.isEmpty()) {
        continue;
      }
      page.line(1, (side.equals("scaleUp") ? "Scale Up" : "Scale Down") + ":");
      String window = Tree.text(rules, "stabilizationWindowSeconds");
      if (!window.isEmpty()) {
        page.line(2, "Stabilization Window: " + window + " seconds");
      }
      page.line(2, "Select Policy: " + Tree.text(rules, "selectPolicy"));
      page.line(2, "Policies:");
      for (Object policy : Tree.list(rules, "policies")) {
        page.line(
            3,
            "- Type: %s\tValue: %s\tPeriod: %s seconds"
                .formatted(
                    Tree.text(policy, "type"),
                    Tree.text(policy, "value"),
                    Tree.text(policy, "periodSeconds")));
      }
    }
  }
}
