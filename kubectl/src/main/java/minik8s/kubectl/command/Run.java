package minik8s.kubectl.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** {@code kubectl run}: a pod with one image, attached to if wanted. */
final class Run implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.flags(flags, "kubectl-run")
        .list("--annotations", "Annotations to apply to the pod.")
        .bool("--attach", "Wait for the pod to start running, and then attach to it.")
        .bool("--command", "Use the extra arguments as 'command' rather than 'args'.")
        .list("--env", "Environment variables to set in the container.")
        .bool("--expose", "Not supported; use kubectl expose.")
        .text("--image", "", "The image for the container to run.")
        .text("--image-pull-policy", "", "The image pull policy for the container.")
        .text("-l --labels", "", "Comma separated labels to apply to the pod.")
        .bool("--leave-stdin-open", "Accepted and ignored.")
        .text("--overrides", "", "An inline JSON override for the generated object.")
        .text("--pod-running-timeout", "1m0s", "How long to wait for a running pod.")
        .text("--port", "", "The port that this container exposes.")
        .bool("--privileged", "Run the container in privileged mode.")
        .bool("-q --quiet", "Suppress prompt messages.")
        .text("--restart", "Always", "The restart policy for this Pod.")
        .bool("--rm", "Delete the pod after it exits. Only valid when attaching.")
        .bool("-i --stdin", "Keep stdin open on the container in the pod.")
        .bool("-t --tty", "Allocate a TTY for the container in the pod.");
  }

  @Override
  public Help help() {
    return new Help(
        "Create and run a particular image in a pod.",
        "kubectl run nginx --image=nginx",
        "run NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client]"
            + " [--overrides=inline-json] [--command] -- [COMMAND] [args...]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (arguments.words().isEmpty()) {
      throw new KubectlException(
          "error: NAME is required for run\nSee 'kubectl run -h' for help and examples");
    }
    if (arguments.text("--image").isEmpty()) {
      throw KubectlException.error("required flag(s) \"image\" not set");
    }
    boolean attach = arguments.bool("--attach") || arguments.bool("--stdin");
    if (arguments.bool("--rm") && !attach) {
      throw KubectlException.error("--rm should only be used for attached containers");
    }
    if (arguments.bool("--tty") && !arguments.bool("--stdin")) {
      throw KubectlException.error("-i/--stdin is required for containers with -t/--tty=true");
    }
    Map<String, Object> pod = pod(session, arguments);
    Changes changes = new Changes(session, arguments);
    String path = Pods.type().path(session.namespace());
    if (!changes.local()) {
      Tree.put(pod, session.namespace(), "metadata", "namespace");
      pod = session.server().post(path + changes.query(), pod);
    }
    String name = Tree.text(pod, "metadata", "name");
    Item item = new Item(Pods.type(), session.namespace(), name, pod, "");
    if (!attach || changes.local() || changes.pretended()) {
      changes.report(item, "created");
      return 0;
    }
    return attached(session, arguments, item);
  }

  private static Map<String, Object> pod(Session session, Arguments arguments) {
    String name = arguments.words().get(0);
    Map<String, Object> container = container(name, arguments);
    Map<String, Object> pod = Generated.object(session, "Pod", name);
    Tree.put(pod, labels(name, arguments.text("--labels")), "metadata", "labels");
    for (String annotation : arguments.list("--annotations")) {
      int equals = annotation.indexOf('=');
      Tree.put(
          pod,
          annotation.substring(equals + 1),
          "metadata",
          "annotations",
          annotation.substring(0, Math.max(equals, 0)));
    }
    pod.put(
        "spec",
        Tree.of(
            "containers", Tree.listOf(container),
            "dnsPolicy", "ClusterFirst",
            "restartPolicy", restart(arguments.text("--restart"))));
    String overrides = arguments.text("--overrides");
    if (!overrides.isEmpty()) {
      try {
        overlay(pod, Tree.asMap(Json.parse(overrides)));
      } catch (DocumentException e) {
        throw KubectlException.error("Invalid JSON provided: " + e.getMessage());
      }
    }
    return pod;
  }

  private static String restart(String policy) {
    if (!List.of("Always", "OnFailure", "Never").contains(policy)) {
      throw KubectlException.error("invalid restart policy: " + policy);
    }
    return policy;
  }

  private static Map<String, Object> labels(String name, String text) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (text.isEmpty()) {
      out.put("run", name);
      return out;
    }
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw KubectlException.error("unexpected label spec: " + pair);
      }
      out.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return out;
  }

  private static Map<String, Object> container(String name, Arguments arguments) {
    Map<String, Object> out =
        Tree.of(
            "image",
            arguments.text("--image"),
            "name",
            name,
            "resources",
            new LinkedHashMap<String, Object>());
    List<String> words = new ArrayList<>(arguments.words().subList(1, arguments.words().size()));
    words.addAll(arguments.command());
    if (!words.isEmpty()) {
      out.put(arguments.bool("--command") ? "command" : "args", new ArrayList<Object>(words));
    }
    List<Object> variables = new ArrayList<>();
    for (String pair : arguments.list("--env")) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw KubectlException.error("invalid env: " + pair);
      }
      variables.add(
          Tree.of("name", pair.substring(0, equals), "value", pair.substring(equals + 1)));
    }
    if (!variables.isEmpty()) {
      out.put("env", variables);
    }
    if (!arguments.text("--port").isEmpty()) {
      out.put("ports", Tree.listOf(Tree.of("containerPort", arguments.number("--port"))));
    }
    if (!arguments.text("--image-pull-policy").isEmpty()) {
      out.put("imagePullPolicy", arguments.text("--image-pull-policy"));
    }
    if (arguments.bool("--privileged")) {
      out.put("securityContext", Tree.of("privileged", true));
    }
    if (arguments.bool("--stdin")) {
      out.put("stdin", true);
      out.put("stdinOnce", true);
    }
    if (arguments.bool("--tty")) {
      out.put("tty", true);
    }
    return out;
  }

  private static void overlay(Map<String, Object> into, Map<String, Object> patch) {
    patch.forEach((key, value) -> {
      if (value instanceof Map<?, ?> && into.get(key) instanceof Map<?, ?>) {
        overlay(Tree.asMap(into.get(key)), Tree.asMap(value));
      } else {
        into.put(key, value);
      }
    });
  }

  /** Waits for the pod to run, attaches, and tidies up. */
  private static int attached(Session session, Arguments arguments, Item item) {
    Until until =
        new Until(session, item.type(), item.namespace(), item.name(), Duration.ofMinutes(1));
    boolean started =
        until.run((event, object) ->
            List.of("Running", "Succeeded", "Failed")
                .contains(Tree.text(object, "status", "phase")));
    if (!started) {
      throw KubectlException.error("timed out waiting for the condition");
    }
    try {
      return attach(session, arguments, item);
    } finally {
      if (arguments.bool("--rm")) {
        session.server().delete(item.path(), Deletion.options("background", -1));
        session.print("pod \"" + item.name() + "\" deleted");
      }
    }
  }

  private static int attach(Session session, Arguments arguments, Item item) {
    String container = arguments.words().get(0);
    return Attachment.of(
        session, item, container, arguments.bool("--stdin"), arguments.bool("--tty"));
  }
}
