package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.patch.ThreeWay;

/** {@code kubectl set image}: other images for containers of a workload. */
final class SetImage implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "kubectl-set")
        .bool("--all", "Select all resources, in the namespace of the specified resource types.")
        .bool("--local", "Work on the files alone, without a server.");
  }

  @Override
  public Help help() {
    return new Help(
        "Update existing container image(s) of resources.",
        "kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1",
        "set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ...");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = new ArrayList<>();
    Map<String, String> images = new LinkedHashMap<>();
    for (String word : arguments.words()) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        images.put(word.substring(0, equals), word.substring(equals + 1));
      } else {
        words.add(word);
      }
    }
    Targets targets = new Targets(session, arguments);
    if (words.isEmpty() && !targets.fromFiles()) {
      throw KubectlException.error(
          "one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if (images.isEmpty()) {
      throw KubectlException.error("at least one image update is required");
    }
    Changes changes = new Changes(session, arguments);
    boolean local = arguments.bool("--local");
    for (Item item : local ? targets.fileItems(false) : targets.items(words)) {
      try {
        one(session, changes, item, images, local);
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    return 0;
  }

  private static void one(
      Session session, Changes changes, Item item, Map<String, String> images, boolean local) {
    Map<String, Object> wanted = Tree.copyMap(item.object());
    Map<String, Object> spec = podSpec(wanted);
    for (Map.Entry<String, String> image : images.entrySet()) {
      boolean found = false;
      for (String field : List.of("initContainers", "containers")) {
        for (Object container : Tree.list(spec, field)) {
          if (image.getKey().equals("*") || Tree.text(container, "name").equals(image.getKey())) {
            Tree.asMap(container).put("image", image.getValue());
            found = true;
          }
        }
      }
      if (!found) {
        throw KubectlException.error("unable to find container named \"" + image.getKey() + "\"");
      }
    }
    Map<String, Object> patch = ThreeWay.strategicTwoWay(item.type().kind(), item.object(), wanted);
    if (patch.isEmpty() && !changes.documents()) {
      return;
    }
    if (local || changes.local() || patch.isEmpty()) {
      changes.report(item.with(wanted), "image updated");
      return;
    }
    String path = item.path() + changes.query();
    changes.report(
        item.with(session.server().patch(path, ApiServer.STRATEGIC, patch)), "image updated");
  }

  private static Map<String, Object> podSpec(Map<String, Object> object) {
    return switch (Tree.text(object, "kind")) {
      case "Pod" -> Tree.map(object, "spec");
      case "CronJob" -> Tree.map(object, "spec", "jobTemplate", "spec", "template", "spec");
      default -> Tree.map(object, "spec", "template", "spec");
    };
  }
}
