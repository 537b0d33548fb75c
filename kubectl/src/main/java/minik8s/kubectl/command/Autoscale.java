package minik8s.kubectl.command;

import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl autoscale}: a horizontal pod autoscaler for a workload. */
final class Autoscale implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "kubectl-autoscale")
        .text("--cpu-percent", "-1", "The target average CPU utilization.")
        .text("--max", "-1", "The upper limit for the number of pods. Required.")
        .text("--min", "-1", "The lower limit for the number of pods.")
        .text("--name", "", "The name for the newly created object.")
        .bool("--save-config", "Save the configuration in the object's annotation for apply.");
  }

  @Override
  public Help help() {
    return new Help(
        "Create an autoscaler that automatically chooses and sets the number of pods.",
        "kubectl autoscale deployment foo --min=2 --max=10",
        "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS"
            + " [--cpu-percent=CPU]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    long max = arguments.number("--max");
    long min = arguments.number("--min");
    if (max < 1) {
      throw KubectlException.error("--max=MAXPODS is required and must be at least 1, max: " + max);
    }
    if (max < min) {
      throw KubectlException.error(
          "--max=MAXPODS must be larger or equal to --min=MINPODS, max: " + max + ", min: " + min);
    }
    Targets targets = new Targets(session, arguments);
    Changes changes = new Changes(session, arguments);
    for (Item item : targets.items(arguments.words())) {
      String name = arguments.text("--name");
      Map<String, Object> scaler = scaler(arguments, item, name.isEmpty() ? item.name() : name);
      var type = KnownTypes.of("HorizontalPodAutoscaler");
      if (!changes.local()) {
        scaler = session.server().post(type.path(item.namespace()) + changes.query(), scaler);
      }
      String made = Tree.text(scaler, "metadata", "name");
      changes.report(new Item(type, item.namespace(), made, scaler, ""), "autoscaled");
    }
    targets.settle();
    return 0;
  }

  private static Map<String, Object> scaler(Arguments arguments, Item item, String name) {
    Map<String, Object> spec =
        Tree.of(
            "maxReplicas", arguments.number("--max"),
            "scaleTargetRef",
                Tree.of(
                    "apiVersion", item.type().apiVersion(),
                    "kind", item.type().kind(),
                    "name", item.name()));
    if (arguments.number("--min") > 0) {
      spec.put("minReplicas", arguments.number("--min"));
    }
    long cpu = arguments.number("--cpu-percent");
    if (cpu >= 0) {
      Map<String, Object> target = Tree.of("averageUtilization", cpu, "type", "Utilization");
      spec.put(
          "metrics",
          Tree.listOf(
              Tree.of("resource", Tree.of("name", "cpu", "target", target), "type", "Resource")));
    }
    return Tree.of(
        "apiVersion",
        "autoscaling/v2",
        "kind",
        "HorizontalPodAutoscaler",
        "metadata",
        Tree.of("name", name, "namespace", item.namespace()),
        "spec",
        spec);
  }
}
