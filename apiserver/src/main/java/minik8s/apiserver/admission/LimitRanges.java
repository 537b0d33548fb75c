package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import minik8s.api.Failure;
import minik8s.api.Quantity;
import minik8s.api.quota.Amounts;
import minik8s.api.quota.PodAmounts;
import minik8s.apiserver.kinds.Lookup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The limit ranges of a namespace: what containers get that ask for nothing, and how much any may
 * ask for. Thread-safe.
 *
 * <p>Source: Kubernetes' admission plug-in LimitRanger.
 */
final class LimitRanges {
  private static final String ANNOTATION = "kubernetes.io/limit-ranger";

  private final Lookup lookup;

  LimitRanges(Lookup lookup) {
    this.lookup = lookup;
  }

  /** Fills in the defaults of the namespace, and refuses what is outside its limits. */
  void pod(ObjectNode pod) {
    List<JsonNode> ranges = ranges(pod);
    if (ranges.isEmpty()) {
      return;
    }
    List<String> set = new ArrayList<>();
    for (JsonNode range : ranges) {
      fillIn(pod, range, set);
    }
    if (!set.isEmpty()) {
      String note = "LimitRanger plugin set: " + String.join("; ", set);
      ensure(ensure(pod, "metadata"), "annotations").put(ANNOTATION, note);
      ensure(pod, "status").put("qosClass", PodQuality.of(ensure(pod, "spec")));
    }
    for (JsonNode range : ranges) {
      refuse("pods", pod, podFaults(pod, range));
    }
  }

  /** Refuses a claim for less or more storage than is allowed. */
  void claim(ObjectNode claim) {
    Map<String, Quantity> requests =
        Amounts.read(claim.path("spec").path("resources").path("requests"));
    for (JsonNode range : ranges(claim)) {
      List<String> faults = new ArrayList<>();
      for (ObjectNode item : objects(range.path("spec"), "limits")) {
        if (text(item, "type").equals("PersistentVolumeClaim")) {
          Limits limits = new Limits("PersistentVolumeClaim", requests, Map.of(), faults);
          Amounts.read(item.path("min")).forEach(limits::least);
          Amounts.read(item.path("max")).forEach(limits::mostRequested);
        }
      }
      refuse("persistentvolumeclaims", claim, faults);
    }
  }

  private List<JsonNode> ranges(ObjectNode object) {
    return lookup.list("", "limitranges", text(object.path("metadata"), "namespace"));
  }

  private static void fillIn(ObjectNode pod, JsonNode range, List<String> set) {
    Map<String, Quantity> requests = new TreeMap<>();
    Map<String, Quantity> limits = new TreeMap<>();
    for (ObjectNode item : objects(range.path("spec"), "limits")) {
      if (text(item, "type").equals("Container")) {
        requests.putAll(Amounts.read(item.path("defaultRequest")));
        limits.putAll(Amounts.read(item.path("default")));
      }
    }
    for (String list : List.of("containers", "initContainers")) {
      for (ObjectNode container : objects(pod.path("spec"), list)) {
        fillIn(container, "requests", requests, list, set);
        fillIn(container, "limits", limits, list, set);
      }
    }
  }

  private static void fillIn(
      ObjectNode container,
      String what,
      Map<String, Quantity> defaults,
      String list,
      List<String> set) {
    TreeSet<String> names = new TreeSet<>();
    if (!defaults.isEmpty()) {
      ObjectNode amounts = ensure(ensure(container, "resources"), what);
      defaults.forEach((name, amount) -> {
        if (Docs.absent(amounts, name)) {
          amounts.put(name, amount.text());
          names.add(name);
        }
      });
    }
    if (!names.isEmpty()) {
      String kind = list.equals("containers") ? "container" : "init container";
      set.add(
          "%s %s for %s %s"
              .formatted(
                  String.join(", ", names),
                  what.equals("requests") ? "request" : "limit",
                  kind,
                  text(container, "name")));
    }
  }

  private static List<String> podFaults(ObjectNode pod, JsonNode range) {
    List<String> faults = new ArrayList<>();
    for (ObjectNode item : objects(range.path("spec"), "limits")) {
      switch (text(item, "type")) {
        case "Container" -> {
          for (String list : List.of("containers", "initContainers")) {
            for (ObjectNode container : objects(pod.path("spec"), list)) {
              JsonNode resources = container.path("resources");
              Limits limits =
                  new Limits(
                      "Container",
                      Amounts.read(resources.path("requests")),
                      Amounts.read(resources.path("limits")),
                      faults);
              limits.check(item);
            }
          }
        }
        case "Pod" ->
            new Limits("Pod", PodAmounts.requests(pod), PodAmounts.limits(pod), faults).check(item);
        default -> {}
      }
    }
    return faults;
  }

  private static void refuse(String plural, ObjectNode object, List<String> faults) {
    if (faults.isEmpty()) {
      return;
    }
    ObjectNode meta = object(object, "metadata");
    String name = meta == null ? "" : text(meta, "name");
    String all = faults.size() == 1 ? faults.getFirst() : "[" + String.join(", ", faults) + "]";
    throw Failure.forbidden("", plural, name, plural + " \"" + name + "\" is forbidden: " + all)
        .asException();
  }

  /** The amounts of one thing against one item of a range, with the sentences about them. */
  private record Limits(
      String type,
      Map<String, Quantity> requests,
      Map<String, Quantity> limits,
      List<String> faults) {
    void check(JsonNode item) {
      Amounts.read(item.path("min")).forEach(this::least);
      Amounts.read(item.path("max")).forEach(this::most);
      Amounts.read(item.path("maxLimitRequestRatio")).forEach(this::ratio);
    }

    void least(String name, Quantity bound) {
      Quantity request = requests.get(name);
      Quantity limit = limits.get(name);
      String rule = "minimum %s usage per %s is %s".formatted(name, type, bound);
      if (request == null) {
        faults.add(rule + ".  No request is specified");
      } else if (request.compareAmount(bound) < 0) {
        faults.add(rule + ", but request is " + request);
      } else if (limit != null && limit.compareAmount(bound) < 0) {
        faults.add(rule + ", but limit is " + limit);
      }
    }

    void most(String name, Quantity bound) {
      Quantity request = requests.get(name);
      Quantity limit = limits.get(name);
      String rule = "maximum %s usage per %s is %s".formatted(name, type, bound);
      if (limit == null) {
        faults.add(rule + ".  No limit is specified");
      } else if (limit.compareAmount(bound) > 0) {
        faults.add(rule + ", but limit is " + limit);
      } else if (request != null && request.compareAmount(bound) > 0) {
        faults.add(rule + ", but request is " + request);
      }
    }

    void mostRequested(String name, Quantity bound) {
      Quantity request = requests.get(name);
      String rule = "maximum %s usage per %s is %s".formatted(name, type, bound);
      if (request == null) {
        faults.add(rule + ".  No request is specified");
      } else if (request.compareAmount(bound) > 0) {
        faults.add(rule + ", but request is " + request);
      }
    }

    void ratio(String name, Quantity bound) {
      Quantity request = requests.get(name);
      Quantity limit = limits.get(name);
      String rule = "%s max limit to request ratio per %s is %s".formatted(name, type, bound);
      if (request == null || request.amount().signum() == 0) {
        faults.add(rule + ", but no request is specified or request is 0");
      } else if (limit == null || limit.amount().signum() == 0) {
        faults.add(rule + ", but no limit is specified or limit is 0");
      } else {
        double ratio = limit.amount().doubleValue() / request.amount().doubleValue();
        if (ratio > bound.amount().doubleValue()) {
          faults.add(
              rule + String.format(java.util.Locale.ROOT, ", but provided ratio is %f", ratio));
        }
      }
    }
  }
}
