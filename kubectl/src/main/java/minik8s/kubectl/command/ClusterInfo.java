package minik8s.kubectl.command;

import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.document.Tree;

/** {@code kubectl cluster-info}: where the control plane and its services are. */
final class ClusterInfo implements Verb {
  @Override
  public void flags(Flags flags) {}

  @Override
  public Help help() {
    return new Help(
        "Display addresses of the control plane and services with label"
            + " kubernetes.io/cluster-service=true.",
        "kubectl cluster-info",
        "cluster-info");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Query query = new Query().with("labelSelector", "kubernetes.io/cluster-service=true");
    String path = KnownTypes.of("Service").path("kube-system") + query;
    Map<String, Object> services = session.server().get(path);
    String server = session.server().transport().endpoint().server().toString();
    print(session, "Kubernetes control plane", server);
    for (Object service : Tree.list(services, "items")) {
      String name = Tree.text(service, "metadata", "name");
      String label = Tree.text(service, "metadata", "labels", "kubernetes.io/name");
      print(
          session,
          label.isEmpty() ? name : label,
          server + "/api/v1/namespaces/kube-system/services/" + name + "/proxy");
    }
    session.print(
        "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
    return 0;
  }

  private static void print(Session session, String name, String address) {
    boolean colour = session.streams().terminal() && Colour.wanted(session.environment());
    session.print(
        colour
            ? Colour.GREEN
                + name
                + Colour.RESET
                + " is running at "
                + Colour.YELLOW
                + address
                + Colour.RESET
            : name + " is running at " + address);
  }
}
