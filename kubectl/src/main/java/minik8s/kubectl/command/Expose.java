package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl expose}: a service for the pods of a workload. */
final class Expose implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "kubectl-expose")
        .text("--name", "", "The name for the newly created object.")
        .text("--port", "", "The port that the service should serve on.")
        .text("--target-port", "", "Name or number for the port on the container.")
        .text("--protocol", "", "The network protocol for the service to be created.")
        .text("--type", "", "ClusterIP, NodePort, LoadBalancer, or ExternalName.")
        .text("--cluster-ip", "", "ClusterIP to be assigned to the service.")
        .text("--external-ip", "", "Additional external IP address.")
        .text("--session-affinity", "", "'None' or 'ClientIP'.")
        .bool("--save-config", "Save the configuration in the object's annotation for apply.")
        .text("--labels", "", "Labels to apply to the service.");
  }

  @Override
  public Help help() {
    return new Help(
        "Expose a resource as a new Kubernetes service.",
        "kubectl expose deployment nginx --port=80 --target-port=8000",
        "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP]"
            + " [--target-port=number-or-name] [--name=name] [--type=type]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Targets targets = new Targets(session, arguments);
    if (arguments.words().isEmpty() && !targets.fromFiles()) {
      throw KubectlException.error(
          "You must provide one or more resources by argument or filename.");
    }
    Changes changes = new Changes(session, arguments);
    for (Item item : targets.items(arguments.words())) {
      Map<String, Object> service = service(arguments, item);
      if (arguments.bool("--save-config")) {
        service = LastApplied.annotate(service);
      }
      var type = KnownTypes.of("Service");
      if (!changes.local()) {
        service = session.server().post(type.path(item.namespace()) + changes.query(), service);
      }
      String name = Tree.text(service, "metadata", "name");
      changes.report(new Item(type, item.namespace(), name, service, ""), "exposed");
    }
    targets.settle();
    return 0;
  }

  private static Map<String, Object> service(Arguments arguments, Item item) {
    Map<String, Object> selector = selector(item);
    String name = arguments.text("--name");
    Map<String, Object> metadata =
        Tree.of("name", name.isEmpty() ? item.name() : name, "namespace", item.namespace());
    Map<String, Object> labels = Tree.map(item.object(), "metadata", "labels");
    if (!labels.isEmpty()) {
      metadata.put("labels", labels);
    }
    Map<String, Object> spec = Tree.of("ports", ports(arguments, item), "selector", selector);
    put(spec, "type", arguments.text("--type"));
    put(spec, "clusterIP", arguments.text("--cluster-ip"));
    put(spec, "sessionAffinity", arguments.text("--session-affinity"));
    return Tree.of("apiVersion", "v1", "kind", "Service", "metadata", metadata, "spec", spec);
  }

  private static void put(Map<String, Object> spec, String key, String value) {
    if (!value.isEmpty()) {
      spec.put(key, value);
    }
  }

  private static Map<String, Object> selector(Item item) {
    Map<String, Object> found =
        switch (item.type().kind()) {
          case "Pod" -> Tree.map(item.object(), "metadata", "labels");
          case "Service", "ReplicationController" -> Tree.map(item.object(), "spec", "selector");
          case "Deployment", "ReplicaSet", "StatefulSet" ->
              Tree.map(item.object(), "spec", "selector", "matchLabels");
          default ->
              throw KubectlException.error(
                  "cannot expose a "
                      + item.type().kind()
                      + (item.type().group().isEmpty() ? "" : "." + item.type().group()));
        };
    if (found.isEmpty()) {
      throw KubectlException.error(
          "couldn't retrieve selectors via --selector flag or introspection: the "
              + item.kind()
              + " has no labels and cannot be exposed");
    }
    return found;
  }

  private static List<Object> ports(Arguments arguments, Item item) {
    List<String> numbers = new ArrayList<>();
    Map<String, String> protocols = new LinkedHashMap<>();
    if (!arguments.text("--port").isEmpty()) {
      numbers.addAll(List.of(arguments.text("--port").split(",", -1)));
    } else {
      introspect(item, numbers, protocols);
    }
    if (numbers.isEmpty()) {
      throw KubectlException.error(
          "couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and"
              + " examples");
    }
    List<Object> out = new ArrayList<>();
    String asked = arguments.text("--protocol");
    String target = arguments.text("--target-port");
    for (int i = 0; i < numbers.size(); i++) {
      String number = numbers.get(i);
      Map<String, Object> port = new LinkedHashMap<>();
      if (numbers.size() > 1) {
        port.put("name", "port-" + (i + 1));
      }
      port.put("port", whole(number));
      String protocol = protocols.getOrDefault(number, "TCP");
      port.put("protocol", asked.isEmpty() ? protocol : asked);
      port.put("targetPort", target.isEmpty() ? whole(number) : numberOrName(target));
      out.add(port);
    }
    return out;
  }

  private static void introspect(Item item, List<String> numbers, Map<String, String> protocols) {
    boolean pod = item.type().kind().equals("Pod");
    Map<String, Object> spec =
        pod ? Tree.map(item.object(), "spec") : Tree.map(item.object(), "spec", "template", "spec");
    for (Object container : Tree.list(spec, "containers")) {
      for (Object port : Tree.list(container, "ports")) {
        String number = Tree.text(port, "containerPort");
        numbers.add(number);
        String protocol = Tree.text(port, "protocol");
        protocols.put(number, protocol.isEmpty() ? "TCP" : protocol);
      }
    }
  }

  private static long whole(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw KubectlException.error("invalid port \"" + text + "\"");
    }
  }

  private static Object numberOrName(String text) {
    return text.chars().allMatch(Character::isDigit) ? (Object) Long.valueOf(text) : text;
  }
}
