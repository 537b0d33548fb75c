package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.document.Tree;

/** {@code kubectl scale}: how many replicas there are to be. */
final class Scale implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "")
        .bool("--all", "Select all resources in the namespace of the specified resource types.")
        .text("--replicas", "-1", "The new desired number of replicas. Required.")
        .text("--current-replicas", "-1", "Precondition for current size.")
        .text("--resource-version", "", "Precondition for resource version.")
        .text("--timeout", "0s", "How long to wait before giving up on a scale operation.");
  }

  @Override
  public Help help() {
    return new Help(
        "Set a new size for a deployment, replica set, replication controller, or stateful set.",
        "kubectl scale --replicas=3 rs/foo",
        "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME"
            + " | TYPE NAME)");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (!arguments.given("--replicas")) {
      throw KubectlException.error("required flag(s) \"replicas\" not set");
    }
    long replicas = arguments.number("--replicas");
    if (replicas < 0) {
      throw KubectlException.error(
          "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
    }
    Targets targets = new Targets(session, arguments);
    Changes changes = new Changes(session, arguments);
    List<Item> items = targets.items(arguments.words());
    for (Item item : items) {
      try {
        if (!changes.local()) {
          one(session, arguments, changes, item, replicas);
        }
        Map<String, Object> scaled = Tree.copyMap(item.object());
        Tree.put(scaled, replicas, "spec", "replicas");
        changes.report(item.with(scaled), "scaled");
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    if (items.isEmpty()) {
      throw KubectlException.error("no objects passed to scale");
    }
    return 0;
  }

  private static void one(
      Session session, Arguments arguments, Changes changes, Item item, long replicas) {
    Query query = new Query().with("dryRun", changes.pretended() ? "All" : "");
    String path = item.path() + "/scale";
    long expected = arguments.number("--current-replicas");
    String version = arguments.text("--resource-version");
    if (expected < 0 && version.isEmpty()) {
      session
          .server()
          .patch(path + query, ApiServer.MERGE, Tree.of("spec", Tree.of("replicas", replicas)));
      return;
    }
    Map<String, Object> scale = session.server().get(path);
    long current = Tree.number(scale, 0, "spec", "replicas");
    if (expected >= 0 && current != expected) {
      throw KubectlException.error("Expected replicas to be " + expected + ", was " + current);
    }
    String there = Tree.text(scale, "metadata", "resourceVersion");
    if (!version.isEmpty() && !version.equals(there)) {
      throw KubectlException.error("Expected resource version to be " + version + ", was " + there);
    }
    Tree.put(scale, replicas, "spec", "replicas");
    session.server().put(path + query, scale);
  }
}
