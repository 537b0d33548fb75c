package minik8s.scheduler.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import minik8s.scheduler.plugins.BalancedAllocation;
import minik8s.scheduler.plugins.ImageLocality;
import minik8s.scheduler.plugins.InterPodAffinity;
import minik8s.scheduler.plugins.NodeAffinity;
import minik8s.scheduler.plugins.NodeName;
import minik8s.scheduler.plugins.NodePorts;
import minik8s.scheduler.plugins.NodeResourcesFit;
import minik8s.scheduler.plugins.NodeUnschedulable;
import minik8s.scheduler.plugins.PodTopologySpread;
import minik8s.scheduler.plugins.TaintToleration;
import minik8s.scheduler.plugins.VolumeBinding;
import minik8s.scheduler.plugins.VolumeRestrictions;

/**
 * All plugins by Kubernetes' names, with the arguments of one profile, in Kubernetes' order.
 * Immutable once made.
 */
final class PluginTable {
  private final Map<String, Object> plugins = new LinkedHashMap<>();
  private final Map<String, Integer> weights = new LinkedHashMap<>();

  private PluginTable() {}

  static PluginTable of(Place pluginConfig) {
    Map<String, Place> args = new LinkedHashMap<>();
    for (Place each : pluginConfig.elements()) {
      String name = each.only("name", "args").at("name").text();
      if (args.put(name, each.at("args")) != null) {
        throw each.at("name").fault("Duplicate value: \"" + name + "\"");
      }
    }
    PluginTable table = new PluginTable();
    table.fill(args);
    Set<String> left = new HashSet<>(args.keySet());
    left.removeAll(PluginArgs.TAKERS);
    for (String name : left) {
      throw pluginConfig.fault(
          "plugin \""
              + name
              + "\" takes no arguments in this scheduler; those that do are "
              + Place.quoted(PluginArgs.TAKERS));
    }
    return table;
  }

  private void fill(Map<String, Place> given) {
    PluginArgs args = new PluginArgs(given);
    add("NodeUnschedulable", new NodeUnschedulable(), 0);
    add("NodeName", new NodeName(), 0);
    add("TaintToleration", new TaintToleration(), 3);
    add("NodeAffinity", new NodeAffinity(), 2);
    add("NodePorts", new NodePorts(), 0);
    add("NodeResourcesFit", resourcesFit(args), 1);
    add("VolumeRestrictions", new VolumeRestrictions(), 0);
    add("VolumeBinding", new VolumeBinding(), 0);
    add("PodTopologySpread", spread(args), 2);
    add("InterPodAffinity", neighbours(args), 2);
    add("DefaultPreemption", "DefaultPreemption", 0);
    add("NodeResourcesBalancedAllocation", new BalancedAllocation(args.balanced()), 1);
    add("ImageLocality", new ImageLocality(), 1);
  }

  private static NodeResourcesFit resourcesFit(PluginArgs args) {
    return new NodeResourcesFit(args.strategy(), args.ignored(), args.ignoredGroups());
  }

  private static PodTopologySpread spread(PluginArgs args) {
    return args.systemDefaults()
        ? new PodTopologySpread()
        : new PodTopologySpread(args.defaultConstraints(), false);
  }

  private static InterPodAffinity neighbours(PluginArgs args) {
    return new InterPodAffinity(args.hardPodAffinityWeight(), args.ignorePreferredTerms());
  }

  private void add(String name, Object plugin, int weight) {
    plugins.put(name, plugin);
    weights.put(name, weight);
  }

  boolean knows(String name) {
    return plugins.containsKey(name);
  }

  /** The filter or score of this name. */
  Object plugin(String name) {
    Object plugin = plugins.get(name);
    if (plugin == null) {
      throw new IllegalStateException("no plugin " + name);
    }
    return plugin;
  }

  /** Every plugin and its usual weight. */
  Map<String, Integer> defaults() {
    return weights;
  }
}
