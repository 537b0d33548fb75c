package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl create deployment}. */
final class CreateDeployment implements Verb {
  @Override
  public void flags(Flags flags) {
    Generated.flags(flags)
        .list("--image", "Image names to run.")
        .text("-r --replicas", "1", "Number of replicas to create.")
        .text("--port", "-1", "The containerPort that this deployment exposes.");
  }

  @Override
  public Help help() {
    return new Help(
        "Create a deployment with the specified name.",
        "kubectl create deployment my-dep --image=nginx --replicas=3",
        "create deployment NAME --image=image -- [COMMAND] [args...]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = Generated.name(arguments, "create deployment");
    List<String> images = arguments.list("--image");
    if (images.isEmpty()) {
      throw KubectlException.error("required flag(s) \"image\" not set");
    }
    if (images.size() > 1 && !arguments.command().isEmpty()) {
      throw KubectlException.error("cannot specify multiple --image options and command");
    }
    long replicas = arguments.number("--replicas");
    if (replicas < 0) {
      throw KubectlException.error("--replicas must be greater than or equal to 0");
    }
    List<Object> containers = new ArrayList<>();
    for (String image : images) {
      containers.add(container(image, arguments));
    }
    Map<String, Object> object = Generated.object(session, "Deployment", name);
    Tree.put(object, Tree.of("app", name), "metadata", "labels");
    object.put(
        "spec",
        Tree.of(
            "replicas",
            replicas,
            "selector",
            Tree.of("matchLabels", Tree.of("app", name)),
            "strategy",
            new LinkedHashMap<String, Object>(),
            "template",
            Tree.of(
                "metadata", Tree.of("labels", Tree.of("app", name)),
                "spec", Tree.of("containers", containers))));
    return Generated.send(session, arguments, object);
  }

  private static Map<String, Object> container(String image, Arguments arguments) {
    Map<String, Object> out =
        Tree.of(
            "image",
            image,
            "name",
            Generated.containerName(image),
            "resources",
            new LinkedHashMap<String, Object>());
    if (!arguments.command().isEmpty()) {
      out.put("command", new ArrayList<Object>(arguments.command()));
    }
    long port = arguments.number("--port");
    if (port > 0) {
      out.put("ports", Tree.listOf(Tree.of("containerPort", port)));
    }
    return out;
  }
}
