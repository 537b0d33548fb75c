package minik8s.kubectl.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl drain}: sends the pods of a node away, as fast as their budgets allow. */
final class Drain implements Verb {
  /** How long to wait for a budget that forbids an eviction. Source: kubectl. */
  private static final int RETRY_SECONDS = 5;

  private static final int TOO_MANY = 429;

  @Override
  public void flags(Flags flags) {
    new Cordon(true).flags(flags);
    flags
        .bool("--force", "Continue even if there are pods that do not declare a controller.")
        .bool("--ignore-daemonsets", "Ignore DaemonSet-managed pods.")
        .bool("--delete-emptydir-data --delete-local-data", "Continue even if pods use emptyDir.")
        .bool("--disable-eviction", "Force drain to use delete, even if eviction is supported.")
        .text("--grace-period", "-1", "Seconds given to each pod to terminate gracefully.")
        .text(
            "--timeout", "0s", "The length of time to wait before giving up, zero means infinite.")
        .text("--pod-selector", "", "Label selector to filter pods on the node.")
        .text("--skip-wait-for-delete-timeout", "0", "Accepted and ignored.")
        .text("--chunk-size", "500", "Accepted and ignored.");
  }

  @Override
  public Help help() {
    return new Help(
        "Drain node in preparation for maintenance.",
        "kubectl drain foo --force\nkubectl drain foo --grace-period=900",
        "drain NODE");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    int cordoned = new Cordon(true).run(session, arguments);
    List<String> names =
        arguments.words().isEmpty()
            ? Cordon.selected(session, arguments)
            : arguments.words().stream().map(n -> n.substring(n.indexOf('/') + 1)).toList();
    List<KubectlException> failures = new ArrayList<>();
    for (String name : names) {
      try {
        one(session, arguments, name);
        session.print("node/" + name + " drained" + pretence(arguments));
      } catch (KubectlException e) {
        String why = String.valueOf(e.getMessage()).replaceFirst("^error: ", "");
        session.complain(
            "error: unable to drain node \"%s\" due to error: %s, continuing command..."
                .formatted(name, why));
        session.complain("There are pending nodes to be drained:\n " + name);
        failures.add(KubectlException.error(why));
      }
    }
    Targets.settle(failures);
    return cordoned;
  }

  private static String pretence(Arguments arguments) {
    return switch (arguments.text("--dry-run")) {
      case "client" -> " (dry run)";
      case "server" -> " (server dry run)";
      default -> "";
    };
  }

  private static void one(Session session, Arguments arguments, String node) {
    List<Item> pods = chosen(session, arguments, node);
    if (arguments.text("--dry-run").equals("client")) {
      pods.forEach(pod -> session.print(verb(arguments) + "ing pod " + name(pod) + " (dry run)"));
      return;
    }
    Instant end = session.clock().instant().plus(arguments.duration("--timeout"));
    boolean limited = !arguments.duration("--timeout").isZero();
    List<Item> going = new ArrayList<>();
    List<Item> left = new ArrayList<>(pods);
    while (!left.isEmpty()) {
      left.removeIf(pod -> sent(session, arguments, pod, going));
      if (!left.isEmpty()) {
        if (limited && session.clock().instant().isAfter(end)) {
          throw late(arguments);
        }
        untilBudgetsChange(session, left.getFirst().namespace());
      }
    }
    for (Item pod : going) {
      if (arguments.text("--dry-run").equals("none")) {
        awaitGone(session, arguments, pod, limited ? end : null);
      }
      session.print("pod/" + pod.name() + " " + verb(arguments) + "ed" + pretence(arguments));
    }
  }

  private static void awaitGone(
      Session session,
      Arguments arguments,
      Item pod,
      @org.jspecify.annotations.Nullable Instant end) {
    Duration limit = Duration.ZERO;
    if (end != null) {
      limit = Duration.between(session.clock().instant(), end);
      limit = limit.isPositive() ? limit : Duration.ofMillis(1);
    }
    try {
      new Deletion(session, arguments)
          .awaitGone(pod, Tree.text(pod.object(), "metadata", "uid"), limit);
    } catch (ServerException e) {
      throw e;
    } catch (KubectlException e) {
      throw late(arguments);
    }
  }

  private static KubectlException late(Arguments arguments) {
    return KubectlException.error("drain did not complete within " + arguments.text("--timeout"));
  }

  private static String verb(Arguments arguments) {
    return arguments.bool("--disable-eviction") ? "delet" : "evict";
  }

  private static String name(Item pod) {
    return pod.namespace() + "/" + pod.name();
  }

  /** Asks for the end of a pod; false when a budget forbids it for now. */
  private static boolean sent(Session session, Arguments arguments, Item pod, List<Item> going) {
    session.print(verb(arguments) + "ing pod " + name(pod) + pretence(arguments));
    long grace = arguments.number("--grace-period");
    Map<String, Object> options = grace >= 0 ? Tree.of("gracePeriodSeconds", grace) : Tree.of();
    if (arguments.text("--dry-run").equals("server")) {
      options.put("dryRun", Tree.listOf("All"));
    }
    try {
      if (arguments.bool("--disable-eviction")) {
        session.server().delete(pod.path(), options);
      } else {
        Map<String, Object> eviction =
            Tree.of(
                "apiVersion",
                "policy/v1",
                "kind",
                "Eviction",
                "metadata",
                Tree.of("name", pod.name(), "namespace", pod.namespace()),
                "deleteOptions",
                options);
        session.server().post(pod.path() + "/eviction", eviction);
      }
      going.add(pod);
      return true;
    } catch (ServerException e) {
      if (e.notFound()) {
        going.add(pod);
        return true;
      }
      if (e.code() != TOO_MANY) {
        throw e;
      }
      session.complain(
          "error when evicting pods/\"%s\" -n \"%s\" (will retry after %ds): %s"
              .formatted(pod.name(), pod.namespace(), RETRY_SECONDS, e.message()));
      return false;
    }
  }

  /** Waits until a budget of the namespace changes, or for the time that kubectl waits. */
  private static void untilBudgetsChange(Session session, String namespace) {
    ResourceType budgets = KnownTypes.of("PodDisruptionBudget");
    Map<String, Object> list = session.server().get(budgets.path(namespace));
    String path =
        budgets.path(namespace)
            + new Query()
                .with("resourceVersion", Tree.text(list, "metadata", "resourceVersion"))
                .with("timeoutSeconds", Integer.toString(RETRY_SECONDS))
                .with("watch", "true");
    int patience = (RETRY_SECONDS + 5) * 1000;
    try (WatchStream watch =
        WatchStream.open(session.server(), path, "application/json", patience)) {
      var _ = watch.next();
    }
  }

  /** The pods to send away; throws when some must not be. */
  private static List<Item> chosen(Session session, Arguments arguments, String node) {
    Query query =
        new Query()
            .with("fieldSelector", "spec.nodeName=" + node)
            .with("labelSelector", arguments.text("--pod-selector"));
    ResourceType type = KnownTypes.of("Pod");
    List<Item> pods = new ArrayList<>();
    Map<String, List<String>> refused = new TreeMap<>();
    List<String> ignored = new ArrayList<>();
    for (Object each : Tree.list(session.server().get(type.path("") + query), "items")) {
      Map<String, Object> pod = Tree.asMap(each);
      Item item =
          new Item(
              type,
              Tree.text(pod, "metadata", "namespace"),
              Tree.text(pod, "metadata", "name"),
              pod,
              "");
      String why = refusal(pod, arguments);
      if (why.equals(IGNORED)) {
        ignored.add(name(item));
      } else if (!why.isEmpty()) {
        refused.computeIfAbsent(why, _ -> new ArrayList<>()).add(name(item));
      } else if (!mirror(pod)) {
        pods.add(item);
      }
    }
    if (!refused.isEmpty()) {
      List<String> all = new ArrayList<>();
      refused.forEach((why, names) -> all.add(why + ": " + String.join(", ", names)));
      throw KubectlException.error(
          all.size() == 1 ? all.getFirst() : "[" + String.join(", ", all) + "]");
    }
    if (!ignored.isEmpty()) {
      session.complain("Warning: ignoring DaemonSet-managed Pods: " + String.join(", ", ignored));
    }
    return pods;
  }

  private static final String IGNORED = "ignored";

  private static boolean mirror(Map<String, Object> pod) {
    return Tree.map(pod, "metadata", "annotations").containsKey("kubernetes.io/config.mirror");
  }

  /** Why a pod must not be sent away; empty when it may. */
  private static String refusal(Map<String, Object> pod, Arguments arguments) {
    String phase = Tree.text(pod, "status", "phase");
    boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
    String owner = "";
    for (Object reference : Tree.list(pod, "metadata", "ownerReferences")) {
      owner = Tree.flag(reference, "controller") ? Tree.text(reference, "kind") : owner;
    }
    if (ended || mirror(pod)) {
      return "";
    }
    if (owner.equals("DaemonSet")) {
      return arguments.bool("--ignore-daemonsets")
          ? IGNORED
          : "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)";
    }
    if (owner.isEmpty() && !arguments.bool("--force")) {
      return "cannot delete Pods that declare no controller (use --force to override)";
    }
    boolean local =
        Tree.list(pod, "spec", "volumes").stream()
            .anyMatch(volume -> Tree.asMap(volume).containsKey("emptyDir"));
    return local && !arguments.bool("--delete-emptydir-data")
        ? "cannot delete Pods with local storage (use --delete-emptydir-data to override)"
        : "";
  }
}
