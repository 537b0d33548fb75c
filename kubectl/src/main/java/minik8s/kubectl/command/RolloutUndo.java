package minik8s.kubectl.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.document.Tree;

/** {@code kubectl rollout undo}: back to an earlier revision. */
final class RolloutUndo implements Verb {
  private static final String HASH = "pod-template-hash";

  /** Annotations that belong to the deployment rather than to one revision of it. */
  private static final Set<String> KEPT =
      Set.of(
          LastApplied.KEY,
          Revisions.REVISION,
          "deployment.kubernetes.io/revision-history",
          "deployment.kubernetes.io/desired-replicas",
          "deployment.kubernetes.io/max-replicas",
          "deprecated.deployment.rollback.to");

  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "kubectl-rollout")
        .text("--to-revision", "0", "The revision to rollback to. Default to 0 (last revision).");
  }

  @Override
  public Help help() {
    return new Help(
        "Roll back to a previous rollout.",
        "kubectl rollout undo deployment/abc --to-revision=3",
        "rollout undo (TYPE NAME | TYPE/NAME) [flags]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Targets targets = new Targets(session, arguments);
    if (arguments.words().isEmpty() && !targets.fromFiles()) {
      throw KubectlException.error("required resource not specified");
    }
    Changes changes = new Changes(session, arguments);
    for (Item item : targets.items(arguments.words())) {
      try {
        one(session, arguments, changes, item);
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    return 0;
  }

  private static void one(Session session, Arguments arguments, Changes changes, Item item) {
    long to = arguments.number("--to-revision");
    NavigableMap<Long, Map<String, Object>> all = new Revisions(session).of(item);
    Map<String, Object> chosen = choose(item, all, to);
    if (changes.local()) {
      session.print(
          item.label()
              + " "
              + minik8s.kubectl.describe.PodText.template(
                  Revisions.template(chosen), session.clock()));
      return;
    }
    if (Tree.flag(item.object(), "spec", "paused")) {
      throw KubectlException.error(
          "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume'"
              + " and try again");
    }
    Map<String, Object> template = Tree.copyMap(Revisions.template(chosen));
    Tree.remove(template, "$patch");
    Tree.remove(template, "metadata", "labels", HASH);
    Map<String, Object> now = Tree.copyMap(Tree.map(item.object(), "spec", "template"));
    Tree.remove(now, "metadata", "labels", HASH);
    if (template.equals(now)) {
      changes.report(
          item, "skipped rollback (current template already matches revision " + to + ")");
      return;
    }
    String path = item.path() + new Query().with("dryRun", changes.pretended() ? "All" : "");
    if (item.type().kind().equals("Deployment")) {
      session.server().patch(path, ApiServer.JSON_PATCH, patch(item, chosen, template));
    } else {
      session.server().patch(path, ApiServer.STRATEGIC, Tree.map(chosen, "data"));
    }
    changes.report(item, "rolled back");
  }

  private static Map<String, Object> choose(
      Item item, NavigableMap<Long, Map<String, Object>> all, long to) {
    if (to > 0) {
      Map<String, Object> found = all.get(to);
      if (found == null) {
        throw KubectlException.error("unable to find specified revision " + to + " in history");
      }
      return found;
    }
    if (all.size() < 2) {
      throw KubectlException.error(
          item.type().kind().equals("Deployment")
              ? "no rollout history found for deployment \"" + item.name() + "\""
              : "no last revision to roll back to");
    }
    Map.Entry<Long, Map<String, Object>> before = all.lowerEntry(all.lastKey());
    return before == null ? Map.of() : before.getValue();
  }

  private static Object patch(Item item, Map<String, Object> chosen, Map<String, Object> template) {
    Map<String, Object> annotations = new LinkedHashMap<>();
    Tree.map(item.object(), "metadata", "annotations")
        .forEach((key, value) -> {
          if (KEPT.contains(key)) {
            annotations.put(key, value);
          }
        });
    Tree.map(chosen, "metadata", "annotations")
        .forEach((key, value) -> {
          if (!KEPT.contains(key)) {
            annotations.put(key, value);
          }
        });
    return Tree.listOf(
        Tree.of("op", "replace", "path", "/spec/template", "value", template),
        Tree.of("op", "replace", "path", "/metadata/annotations", "value", annotations));
  }
}
