package minik8s.scheduler.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.framework.Profile.Weighted;
import minik8s.scheduler.framework.Score;

/**
 * Reads one profile: which plugins it has at which points, with what weights and arguments.
 * Stateless. Source: Kubernetes' rules for {@code multiPoint} and the single points.
 */
final class ProfileReader {
  private static final List<String> POINTS = List.of("multiPoint", "filter", "score", "postFilter");

  /** Part of how this scheduler works, so that nobody can do without. */
  private static final Set<String> ALWAYS =
      Set.of("PrioritySort", "SchedulingGates", "DefaultBinder");

  /** Plugins of Kubernetes that are not here; to disable them is no fault. */
  private static final Set<String> ABSENT =
      Set.of(
          "NodeVolumeLimits",
          "VolumeZone",
          "DynamicResources",
          "GangScheduling",
          "NodeDeclaredFeatures");

  private static final String PREEMPTION = "DefaultPreemption";

  private ProfileReader() {}

  /** What is enabled at one point: weights by name, in order. */
  private record Chosen(Map<String, Integer> weights) {}

  static Profile read(Place place, int percent) {
    String name = place.at("schedulerName").textOr("default-scheduler");
    Place plugins = place.at("plugins").only(POINTS.toArray(String[]::new));
    PluginTable table = PluginTable.of(place.at("pluginConfig"));
    Chosen all = chosen(table.defaults(), plugins.at("multiPoint"), table);
    List<Filter> filters = new ArrayList<>();
    for (String each : chosen(all.weights(), plugins.at("filter"), table).weights().keySet()) {
      if (table.plugin(each) instanceof Filter filter) {
        filters.add(filter);
      }
    }
    List<Weighted> scores = new ArrayList<>();
    chosen(all.weights(), plugins.at("score"), table)
        .weights()
        .forEach((each, weight) -> {
          if (table.plugin(each) instanceof Score score) {
            scores.add(new Weighted(score, weight));
          }
        });
    boolean preempting =
        chosen(all.weights(), plugins.at("postFilter"), table).weights().containsKey(PREEMPTION);
    return new Profile(name == null ? "" : name, filters, scores, preempting, percent);
  }

  private static Chosen chosen(Map<String, Integer> before, Place point, PluginTable table) {
    point.only("enabled", "disabled");
    Map<String, Integer> weights = new LinkedHashMap<>(before);
    for (Place each : point.at("disabled").elements()) {
      String name = each.only("name", "weight").at("name").text();
      if (name.equals("*")) {
        weights.clear();
      } else if (ALWAYS.contains(name)) {
        throw each.at("name").fault("plugin \"" + name + "\" cannot be disabled");
      } else if (!table.knows(name) && !ABSENT.contains(name)) {
        throw each.at("name").fault("plugin \"" + name + "\" does not exist");
      } else {
        weights.remove(name);
      }
    }
    for (Place each : point.at("enabled").elements()) {
      String name = each.only("name", "weight").at("name").text();
      if (ALWAYS.contains(name)) {
        continue;
      }
      if (!table.knows(name)) {
        throw each.at("name").fault("plugin \"" + name + "\" does not exist in this scheduler");
      }
      int usual = table.defaults().getOrDefault(name, 1);
      weights.put(name, Math.max(1, each.at("weight").number(usual, 0, 100)));
    }
    return new Chosen(weights);
  }
}
