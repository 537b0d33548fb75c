package minik8s.kubectl.command;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** {@code kubectl rollout restart}, {@code pause} and {@code resume}. */
final class RolloutChange implements Verb {
  private final String word;

  RolloutChange(String word) {
    this.word = word;
  }

  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "kubectl-rollout");
  }

  @Override
  public Help help() {
    return new Help(
        Character.toUpperCase(word.charAt(0)) + word.substring(1) + " a resource.",
        "kubectl rollout " + word + " deployment/nginx",
        "rollout " + word + " RESOURCE");
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
        Map<String, Object> patch = patch(session, item);
        Map<String, Object> after =
            changes.local()
                ? item.object()
                : session.server().patch(item.path() + changes.query(), ApiServer.STRATEGIC, patch);
        changes.report(item.with(after), word.equals("restart") ? "restarted" : word + "d");
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    return 0;
  }

  private Map<String, Object> patch(Session session, Item item) {
    boolean paused = Tree.flag(item.object(), "spec", "paused");
    if (word.equals("restart")) {
      return restart(session, item, paused);
    }
    if (!item.type().kind().equals("Deployment")) {
      throw KubectlException.error(
          item.type().plural()
              + "."
              + item.type().group()
              + " \""
              + item.name()
              + "\" "
              + (word.equals("pause") ? "pausing" : "resuming")
              + " is not supported");
    }
    if (paused == word.equals("pause")) {
      throw KubectlException.error(
          item.type().plural()
              + "."
              + item.type().group()
              + " \""
              + item.name()
              + "\" is "
              + (paused ? "already paused" : "not paused"));
    }
    Object value = word.equals("pause") ? (Object) true : Json.NULL;
    return Tree.of("spec", Tree.of("paused", value));
  }

  private static Map<String, Object> restart(Session session, Item item, boolean paused) {
    if (Tree.map(item.object(), "spec", "template").isEmpty()
        || item.type().kind().equals("Job")
        || item.type().kind().equals("ReplicaSet")) {
      throw KubectlException.error(
          item.type().plural() + " \"" + item.name() + "\" restarting is not supported");
    }
    if (paused) {
      throw KubectlException.error(
          item.type().plural()
              + "."
              + item.type().group()
              + " \""
              + item.name()
              + "\" can't restart paused deployment (run rollout resume first)");
    }
    String now =
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            session
                .clock()
                .instant()
                .truncatedTo(ChronoUnit.SECONDS)
                .atZone(ZoneId.systemDefault()));
    Map<String, Object> patch = Tree.of();
    Tree.put(
        patch,
        now,
        "spec",
        "template",
        "metadata",
        "annotations",
        "kubectl.kubernetes.io/restartedAt");
    return patch;
  }
}
