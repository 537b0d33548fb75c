package minik8s.kubectl.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/**
 * {@code kubectl debug}: a look into a running pod by an ephemeral container, into a copy of it, or
 * at a node by a pod that sees the node's file system and processes.
 */
final class Debug implements Verb {
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  @Override
  public void flags(Flags flags) {
    flags
        .bool("--arguments-only", "Pass everything after -- as args instead of command.")
        .bool("--attach", "Wait for the container to start running, and then attach to it.")
        .text("-c --container", "", "Container name to use for debug container.")
        .text("--copy-to", "", "Create a copy of the target Pod with this name.")
        .list("--env", "Environment variables to set in the container.")
        .text("--image", "", "Container image to use for debug container.")
        .text("--image-pull-policy", "", "The image pull policy for the container.")
        .text("--profile", "general", "general, baseline, restricted, netadmin, sysadmin, legacy")
        .bool("-q --quiet", "If true, suppress informational messages.")
        .bool("--replace", "When used with '--copy-to', delete the original Pod.")
        .bool("--same-node", "When used with '--copy-to', schedule the copy on the same node.")
        .bool("--share-processes", true, "When used with '--copy-to', share processes.")
        .bool("-i --stdin", "Keep stdin open on the container(s) in the pod.")
        .text("--target", "", "When using an ephemeral container, target processes in this one.")
        .bool("-t --tty", "Allocate a TTY for the debugging container.");
  }

  @Override
  public Help help() {
    return new Help(
        "Debug cluster resources using interactive debugging containers.",
        "# Create an interactive debugging session in pod mypod and immediately attach to it\n"
            + "kubectl debug mypod -it --image=busybox",
        "debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (arguments.words().isEmpty()) {
      throw KubectlException.error(
          "NAME is required for debug\nSee 'kubectl debug -h' for help and examples");
    }
    String word = arguments.words().get(0);
    boolean copies = !arguments.text("--copy-to").isEmpty();
    if (arguments.text("--image").isEmpty() && !copies) {
      throw KubectlException.error("you must specify --image when creating an ephemeral container");
    }
    if (!arguments.text("--target").isEmpty() && copies) {
      throw KubectlException.error(
          "--target is incompatible with --copy-to. Use --share-processes instead.");
    }
    boolean attach = arguments.bool("--attach") || arguments.bool("--stdin");
    if (word.startsWith("node/") || word.startsWith("nodes/") || word.startsWith("no/")) {
      return node(session, arguments, word.substring(word.indexOf('/') + 1), attach);
    }
    Map<String, Object> pod = new Pods(session).of(word).get(0);
    return copies
        ? copied(session, arguments, pod, attach)
        : ephemeral(session, arguments, pod, attach);
  }

  private static int ephemeral(
      Session session, Arguments arguments, Map<String, Object> pod, boolean attach) {
    String name = name(arguments, "debugger-");
    Map<String, Object> container = container(arguments, name);
    String target = arguments.text("--target");
    if (!target.isEmpty()) {
      container.put("targetContainerName", target);
      if (!arguments.bool("--quiet")) {
        session.complain(
            "Targeting container \""
                + target
                + "\". If you don't see processes from this container it may be because the"
                + " container runtime doesn't support this feature.");
      }
    }
    if (arguments.text("--container").isEmpty() && !arguments.bool("--quiet")) {
      session.complain("Defaulting debug container name to " + name + ".");
    }
    Item item = item(session, pod);
    Map<String, Object> patch =
        Tree.of("spec", Tree.of("ephemeralContainers", Tree.listOf(container)));
    session.server().patch(item.path() + "/ephemeralcontainers", ApiServer.STRATEGIC, patch);
    return attach ? attach(session, arguments, item, name, "ephemeralContainerStatuses") : 0;
  }

  private static int copied(
      Session session, Arguments arguments, Map<String, Object> pod, boolean attach) {
    Map<String, Object> copy = Tree.of("apiVersion", "v1", "kind", "Pod");
    Tree.put(copy, arguments.text("--copy-to"), "metadata", "name");
    Tree.put(copy, session.namespace(), "metadata", "namespace");
    Map<String, Object> annotations = Tree.map(pod, "metadata", "annotations");
    if (!annotations.isEmpty()) {
      Tree.put(copy, Tree.copyMap(annotations), "metadata", "annotations");
    }
    Map<String, Object> spec = Tree.copyMap(Tree.map(pod, "spec"));
    spec.remove("ephemeralContainers");
    if (!arguments.bool("--same-node")) {
      spec.remove("nodeName");
    }
    if (arguments.bool("--share-processes")) {
      spec.put("shareProcessNamespace", true);
    }
    copy.put("spec", spec);
    String wanted = arguments.text("--container");
    String name = wanted.isEmpty() ? name(arguments, "debugger-") : wanted;
    List<Object> containers = new ArrayList<>();
    boolean replaced = false;
    for (Object each : Tree.list(spec, "containers")) {
      Map<String, Object> container = Tree.copyMap(Tree.asMap(each));
      for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
        container.remove(probe);
      }
      if (Tree.text(container, "name").equals(wanted)) {
        replaced = true;
        container.putAll(container(arguments, name));
      }
      containers.add(container);
    }
    if (!replaced) {
      containers.add(container(arguments, name));
    }
    spec.put("containers", containers);
    Item item = item(session, session.server().post(Pods.type().path(session.namespace()), copy));
    if (arguments.bool("--replace")) {
      session.server().delete(item(session, pod).path(), Deletion.options("background", -1));
    }
    return attach ? attach(session, arguments, item, name, "containerStatuses") : 0;
  }

  private static int node(Session session, Arguments arguments, String node, boolean attach) {
    Map<String, Object> container = container(arguments, "debugger");
    container.put("volumeMounts", Tree.listOf(Tree.of("name", "host-root", "mountPath", "/host")));
    String pod = "node-debugger-" + node + "-" + suffix();
    Map<String, Object> spec =
        Tree.of(
            "containers",
            Tree.listOf(container),
            "hostIPC",
            true,
            "hostNetwork",
            true,
            "hostPID",
            true,
            "nodeName",
            node,
            "restartPolicy",
            "Never",
            "tolerations",
            Tree.listOf(Tree.of("operator", "Exists")));
    spec.put(
        "volumes", Tree.listOf(Tree.of("name", "host-root", "hostPath", Tree.of("path", "/"))));
    Map<String, Object> document =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "metadata",
            Tree.of("name", pod, "namespace", session.namespace()),
            "spec",
            spec);
    if (!arguments.bool("--quiet")) {
      session.complain(
          "Creating debugging pod " + pod + " with container debugger on node " + node + ".");
    }
    Item item =
        item(session, session.server().post(Pods.type().path(session.namespace()), document));
    return attach ? attach(session, arguments, item, "debugger", "containerStatuses") : 0;
  }

  private static Item item(Session session, Map<String, Object> pod) {
    String name = Tree.text(pod, "metadata", "name");
    return new Item(Pods.type(), session.namespace(), name, pod, "");
  }

  private static String name(Arguments arguments, String prefix) {
    String given = arguments.text("--container");
    return given.isEmpty() ? prefix + suffix() : given;
  }

  private static String suffix() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      out.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
    }
    return out.toString();
  }

  private static Map<String, Object> container(Arguments arguments, String name) {
    Map<String, Object> out = Tree.of("name", name, "terminationMessagePolicy", "File");
    if (!arguments.text("--image").isEmpty()) {
      out.put("image", arguments.text("--image"));
    }
    if (!arguments.command().isEmpty()) {
      out.put(
          arguments.bool("--arguments-only") ? "args" : "command",
          new ArrayList<Object>(arguments.command()));
    }
    if (!arguments.text("--image-pull-policy").isEmpty()) {
      out.put("imagePullPolicy", arguments.text("--image-pull-policy"));
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
    if (arguments.bool("--stdin")) {
      out.put("stdin", true);
    }
    if (arguments.bool("--tty")) {
      out.put("tty", true);
    }
    profile(arguments.text("--profile"), out);
    return out;
  }

  /** What the profile lets the debugging container do. */
  private static void profile(String profile, Map<String, Object> container) {
    Map<String, Object> context = new LinkedHashMap<>();
    switch (profile) {
      case "general" -> context.put("capabilities", Tree.of("add", Tree.listOf("SYS_PTRACE")));
      case "netadmin" ->
          context.put("capabilities", Tree.of("add", Tree.listOf("NET_ADMIN", "NET_RAW")));
      case "sysadmin" -> context.put("privileged", true);
      case "restricted" -> {
        context.put("allowPrivilegeEscalation", false);
        context.put("capabilities", Tree.of("drop", Tree.listOf("ALL")));
        context.put("runAsNonRoot", true);
        context.put("seccompProfile", Tree.of("type", "RuntimeDefault"));
      }
      case "baseline", "legacy" -> {
        return;
      }
      default -> throw KubectlException.error("unknown profile: " + profile);
    }
    container.put("securityContext", context);
  }

  private static int attach(
      Session session, Arguments arguments, Item pod, String container, String statuses) {
    boolean[] ended = new boolean[1];
    boolean started =
        new Until(session, pod.type(), pod.namespace(), pod.name(), Duration.ofMinutes(1))
            .run((event, object) -> {
              for (Object status : Tree.list(object, "status", statuses)) {
                if (Tree.text(status, "name").equals(container)) {
                  ended[0] = Tree.at(status, "state", "terminated") != null;
                  return ended[0] || Tree.at(status, "state", "running") != null;
                }
              }
              return event.equals("DELETED");
            });
    if (!started) {
      throw KubectlException.error("timed out waiting for the condition");
    }
    boolean stdin = arguments.bool("--stdin");
    if (stdin && !arguments.bool("--quiet")) {
      session.complain("If you don't see a command prompt, try pressing enter.");
    }
    return Attachment.of(session, pod, container, stdin && !ended[0], arguments.bool("--tty"));
  }
}
