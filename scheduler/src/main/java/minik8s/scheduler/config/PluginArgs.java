package minik8s.scheduler.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.scheduler.framework.SpreadRule;
import minik8s.scheduler.plugins.ScoringStrategy;
import tools.jackson.databind.node.MissingNode;

/**
 * The arguments of the plugins that take some. Immutable; each method throws {@link
 * IllegalArgumentException} with the place of what is wrong.
 */
record PluginArgs(Map<String, Place> given) {
  /** The plugins that take arguments. */
  static final List<String> TAKERS =
      List.of(
          "NodeResourcesFit",
          "NodeResourcesBalancedAllocation",
          "PodTopologySpread",
          "InterPodAffinity");

  private static final Map<String, ScoringStrategy.Type> TYPES =
      Map.of(
          "LeastAllocated", ScoringStrategy.Type.LEAST_ALLOCATED,
          "MostAllocated", ScoringStrategy.Type.MOST_ALLOCATED,
          "RequestedToCapacityRatio", ScoringStrategy.Type.REQUESTED_TO_CAPACITY_RATIO);

  private Place args(String plugin, String... fields) {
    Place place = given.getOrDefault(plugin, new Place(plugin, MissingNode.getInstance()));
    List<String> known = new ArrayList<>(List.of(fields));
    known.add("apiVersion");
    known.add("kind");
    return place.only(known.toArray(String[]::new));
  }

  private Place fit() {
    return args("NodeResourcesFit", "ignoredResources", "ignoredResourceGroups", "scoringStrategy");
  }

  Set<String> ignored() {
    return texts(fit().at("ignoredResources"));
  }

  Set<String> ignoredGroups() {
    return texts(fit().at("ignoredResourceGroups"));
  }

  private static Set<String> texts(Place list) {
    Set<String> texts = new HashSet<>();
    list.elements().forEach(each -> texts.add(each.text()));
    return texts;
  }

  ScoringStrategy strategy() {
    Place place = fit().at("scoringStrategy").only("type", "resources", "requestedToCapacityRatio");
    String type =
        place.at("type").oneOf("LeastAllocated", TYPES.keySet().stream().sorted().toList());
    List<ScoringStrategy.Resource> resources = resources(place.at("resources"), 100);
    Place shape = place.at("requestedToCapacityRatio").only("shape").at("shape");
    ScoringStrategy.Type chosen = TYPES.getOrDefault(type, ScoringStrategy.Type.LEAST_ALLOCATED);
    boolean curved = chosen == ScoringStrategy.Type.REQUESTED_TO_CAPACITY_RATIO;
    return new ScoringStrategy(chosen, resources, curved ? points(shape) : List.of());
  }

  List<ScoringStrategy.Resource> balanced() {
    return resources(args("NodeResourcesBalancedAllocation", "resources").at("resources"), 1);
  }

  private static List<ScoringStrategy.Resource> resources(Place list, int most) {
    List<ScoringStrategy.Resource> resources = new ArrayList<>();
    for (Place each : list.elements()) {
      each.only("name", "weight");
      resources.add(
          new ScoringStrategy.Resource(
              each.at("name").text(), Math.max(1, each.at("weight").number(1, 0, most))));
    }
    return resources.isEmpty() ? ScoringStrategy.CPU_AND_MEMORY : resources;
  }

  private static List<ScoringStrategy.Point> points(Place shape) {
    List<ScoringStrategy.Point> points = new ArrayList<>();
    for (Place each : shape.elements()) {
      each.only("utilization", "score");
      int utilization = each.at("utilization").number(0, 0, 100);
      if (!points.isEmpty() && points.getLast().utilization() >= utilization) {
        throw each.at("utilization")
            .fault("Invalid value: values must be sorted in increasing order");
      }
      points.add(new ScoringStrategy.Point(utilization, each.at("score").number(0, 0, 10)));
    }
    if (points.isEmpty()) {
      throw shape.fault("Required value: at least one point must be specified");
    }
    return points;
  }

  private Place spread() {
    return args("PodTopologySpread", "defaultConstraints", "defaultingType");
  }

  /** Whether Kubernetes' own constraints are the defaults. */
  boolean systemDefaults() {
    Place place = spread();
    boolean system =
        place.at("defaultingType").oneOf("System", List.of("System", "List")).equals("System");
    if (system && !place.at("defaultConstraints").elements().isEmpty()) {
      throw place
          .at("defaultingType")
          .fault("Invalid value: \"System\": when .defaultConstraints are not empty");
    }
    return system;
  }

  List<SpreadRule> defaultConstraints() {
    List<SpreadRule> rules = new ArrayList<>();
    for (Place each : spread().at("defaultConstraints").elements()) {
      each.only("maxSkew", "topologyKey", "whenUnsatisfiable", "labelSelector");
      if (each.at("labelSelector").present()) {
        throw each.at("labelSelector")
            .fault(
                "Forbidden: constraint must not define a selector, as they deduced for each pod");
      }
      String otherwise =
          each.at("whenUnsatisfiable").oneOf("", List.of("DoNotSchedule", "ScheduleAnyway"));
      int skew = each.at("maxSkew").number(0, 0, Integer.MAX_VALUE);
      if (skew == 0) {
        throw each.at("maxSkew").fault("Invalid value: 0: must be greater than zero");
      }
      rules.add(
          SpreadRule.byOwner(
              each.at("topologyKey").text(), skew, otherwise.equals("DoNotSchedule")));
    }
    return rules;
  }

  private Place affinity() {
    return args("InterPodAffinity", "hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods");
  }

  int hardPodAffinityWeight() {
    return affinity().at("hardPodAffinityWeight").number(1, 0, 100);
  }

  boolean ignorePreferredTerms() {
    return affinity().at("ignorePreferredTermsOfExistingPods").flag();
  }
}
