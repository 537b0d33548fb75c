package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl rollout status}: how far a rollout has come, until it is done. */
final class RolloutStatus implements Verb {
  @Override
  public void flags(Flags flags) {
    Targets.flags(flags)
        .bool("-w --watch", true, "Watch the status of the rollout until it's done.")
        .text("--revision", "0", "Pin to a specific revision for showing its status.")
        .text("--timeout", "0s", "The length of time to wait before ending watch.");
  }

  @Override
  public Help help() {
    return new Help(
        "Show the status of the rollout.",
        "kubectl rollout status deployment/nginx",
        "rollout status (TYPE NAME | TYPE/NAME) [flags]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Targets targets = new Targets(session, arguments);
    if (arguments.words().isEmpty() && !targets.fromFiles()) {
      throw KubectlException.error("required resource not specified");
    }
    List<Item> items = targets.items(arguments.words());
    for (Item item : items) {
      follow(session, arguments, item);
    }
    targets.settle();
    if (items.isEmpty()) {
      session.complain("No resources found in " + session.namespace() + " namespace.");
    }
    return 0;
  }

  private static void follow(Session session, Arguments arguments, Item item) {
    supported(item);
    long revision = arguments.number("--revision");
    boolean watch = arguments.bool("--watch");
    Until until =
        new Until(
            session, item.type(), item.namespace(), item.name(), arguments.duration("--timeout"));
    boolean done =
        until.run((event, object) -> {
          if (event.equals("DELETED") || event.equals("ABSENT")) {
            throw KubectlException.error("object has been deleted");
          }
          Progress progress = progress(item, object, revision);
          session.print(progress.text());
          session.streams().out().flush();
          return progress.done() || !watch;
        });
    if (!done) {
      throw KubectlException.error("timed out waiting for the condition");
    }
  }

  private static void supported(Item item) {
    if (!List.of("Deployment", "DaemonSet", "StatefulSet").contains(item.type().kind())) {
      throw KubectlException.error(
          "no status viewer has been implemented for "
              + item.type().kind()
              + (item.type().group().isEmpty() ? "" : "." + item.type().group()));
    }
  }

  /** How far a rollout is. */
  private record Progress(String text, boolean done) {}

  private static Progress progress(Item item, Map<String, Object> object, long revision) {
    return switch (item.type().kind()) {
      case "Deployment" -> deployment(item.name(), object, revision);
      case "DaemonSet" -> daemonSet(item.name(), object);
      default -> statefulSet(object);
    };
  }

  private static boolean observed(Map<String, Object> object) {
    return Tree.number(object, 0, "metadata", "generation")
        <= Tree.number(object, 0, "status", "observedGeneration");
  }

  private static Progress deployment(String name, Map<String, Object> object, long revision) {
    String running =
        Tree.text(object, "metadata", "annotations", "deployment.kubernetes.io/revision");
    if (revision > 0 && !running.equals(Long.toString(revision))) {
      throw KubectlException.error(
          "desired revision ("
              + revision
              + ") is different from the running revision ("
              + (running.isEmpty() ? "0" : running)
              + ")");
    }
    if (!observed(object)) {
      return new Progress("Waiting for deployment spec update to be observed...", false);
    }
    for (Object condition : Tree.list(object, "status", "conditions")) {
      boolean late = Tree.text(condition, "reason").equals("ProgressDeadlineExceeded");
      if (late && Tree.text(condition, "type").equals("Progressing")) {
        throw KubectlException.error("deployment \"" + name + "\" exceeded its progress deadline");
      }
    }
    long wanted = Tree.number(object, 1, "spec", "replicas");
    long updated = Tree.number(object, 0, "status", "updatedReplicas");
    long all = Tree.number(object, 0, "status", "replicas");
    long available = Tree.number(object, 0, "status", "availableReplicas");
    String waiting = "Waiting for deployment \"" + name + "\" rollout to finish: ";
    if (updated < wanted) {
      return new Progress(
          waiting + updated + " out of " + wanted + " new replicas have been updated...", false);
    }
    if (all > updated) {
      return new Progress(
          waiting + (all - updated) + " old replicas are pending termination...", false);
    }
    if (available < updated) {
      return new Progress(
          waiting + available + " of " + updated + " updated replicas are available...", false);
    }
    return new Progress("deployment \"" + name + "\" successfully rolled out", true);
  }

  private static Progress daemonSet(String name, Map<String, Object> object) {
    if (!Tree.text(object, "spec", "updateStrategy", "type").equals("RollingUpdate")) {
      throw KubectlException.error(
          "rollout status is only available for RollingUpdate strategy type");
    }
    if (!observed(object)) {
      return new Progress("Waiting for daemon set spec update to be observed...", false);
    }
    long wanted = Tree.number(object, 0, "status", "desiredNumberScheduled");
    long updated = Tree.number(object, 0, "status", "updatedNumberScheduled");
    long available = Tree.number(object, 0, "status", "numberAvailable");
    String waiting = "Waiting for daemon set \"" + name + "\" rollout to finish: ";
    if (updated < wanted) {
      return new Progress(
          waiting + updated + " out of " + wanted + " new pods have been updated...", false);
    }
    if (available < wanted) {
      return new Progress(
          waiting + available + " of " + wanted + " updated pods are available...", false);
    }
    return new Progress("daemon set \"" + name + "\" successfully rolled out", true);
  }

  private static Progress statefulSet(Map<String, Object> object) {
    if (!Tree.text(object, "spec", "updateStrategy", "type").equals("RollingUpdate")) {
      throw KubectlException.error(
          "rollout status is only available for RollingUpdate strategy type");
    }
    if (!observed(object) || Tree.number(object, 0, "status", "observedGeneration") == 0) {
      return new Progress("Waiting for statefulset spec update to be observed...", false);
    }
    long wanted = Tree.number(object, 1, "spec", "replicas");
    long ready = Tree.number(object, 0, "status", "readyReplicas");
    long updated = Tree.number(object, 0, "status", "updatedReplicas");
    if (ready < wanted) {
      return new Progress("Waiting for " + (wanted - ready) + " pods to be ready...", false);
    }
    if (Tree.at(object, "spec", "updateStrategy", "rollingUpdate") != null) {
      long partition =
          Tree.number(object, 0, "spec", "updateStrategy", "rollingUpdate", "partition");
      return updated < wanted - partition
          ? new Progress(
              "Waiting for partitioned roll out to finish: "
                  + updated
                  + " out of "
                  + (wanted - partition)
                  + " new pods have been updated...",
              false)
          : new Progress(
              "partitioned roll out complete: " + updated + " new pods have been updated...", true);
    }
    String next = Tree.text(object, "status", "updateRevision");
    String current = Tree.text(object, "status", "currentRevision");
    return next.equals(current)
        ? new Progress(
            "statefulset rolling update complete "
                + Tree.number(object, 0, "status", "currentReplicas")
                + " pods at revision "
                + current
                + "...",
            true)
        : new Progress(
            "waiting for statefulset rolling update to complete "
                + updated
                + " pods at revision "
                + next
                + "...",
            false);
  }
}
