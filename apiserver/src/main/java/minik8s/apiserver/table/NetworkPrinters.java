package minik8s.apiserver.table;

import static minik8s.apiserver.table.Texts.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Services, endpoints, ingresses and network policies as rows. Stateless. */
final class NetworkPrinters {
  private NetworkPrinters() {}

  static void addTo(Map<String, Printer> printers) {
    printers.put(
        "/services",
        Printer.of(
            Column.named("Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector*"),
            NetworkPrinters::service));
    printers.put(
        "/endpoints",
        Printer.of(
            Column.named("Endpoints", "Age"),
            (doc, row, now) -> row.text(endpoints(doc)).text(Texts.age(doc, now))));
    printers.put(
        "discovery.k8s.io/endpointslices",
        Printer.of(
            Column.named("AddressType", "Ports", "Endpoints", "Age"), NetworkPrinters::slice));
    printers.put(
        "networking.k8s.io/ingresses",
        Printer.of(
            Column.named("Class", "Hosts", "Address", "Ports", "Age"), NetworkPrinters::ingress));
    printers.put(
        "networking.k8s.io/ingressclasses",
        Printer.of(Column.named("Controller", "Parameters", "Age"), NetworkPrinters::ingressClass));
    printers.put(
        "networking.k8s.io/networkpolicies",
        Printer.of(
            Column.named("Pod-Selector", "Age"),
            (doc, row, now) ->
                row.text(Texts.selector(doc.path("spec").path("podSelector")))
                    .text(Texts.age(doc, now))));
  }

  private static void service(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    row.text(text(spec, "type")).orNone(text(spec, "clusterIP")).text(externalIp(doc));
    List<String> ports = new ArrayList<>();
    for (JsonNode port : spec.path("ports")) {
      long node = Texts.number(port, "nodePort");
      ports.add(
          Texts.number(port, "port")
              + (node == 0 ? "" : ":" + node)
              + "/"
              + text(port, "protocol"));
    }
    row.orNone(String.join(",", ports)).text(Texts.age(doc, now));
    row.text(Texts.labels(spec.path("selector")));
  }

  private static String externalIp(JsonNode doc) {
    JsonNode spec = doc.path("spec");
    String type = text(spec, "type");
    if (type.equals("ExternalName")) {
      return text(spec, "externalName");
    }
    boolean balanced = type.equals("LoadBalancer");
    List<String> addresses = new ArrayList<>(balanced ? balancers(doc) : List.of());
    addresses.addAll(Texts.strings(spec.path("externalIPs")));
    return addresses.isEmpty()
        ? (balanced ? "<pending>" : Texts.NONE)
        : String.join(",", addresses);
  }

  private static List<String> balancers(JsonNode doc) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode ingress : doc.path("status").path("loadBalancer").path("ingress")) {
      String ip = text(ingress, "ip");
      addresses.add(ip.isEmpty() ? text(ingress, "hostname") : ip);
    }
    return addresses;
  }

  private static String endpoints(JsonNode doc) {
    List<String> all = new ArrayList<>();
    for (JsonNode subset : doc.path("subsets")) {
      for (JsonNode address : subset.path("addresses")) {
        if (subset.path("ports").isEmpty()) {
          all.add(text(address, "ip"));
        }
        for (JsonNode port : subset.path("ports")) {
          all.add(text(address, "ip") + ":" + Texts.number(port, "port"));
        }
      }
    }
    return all.isEmpty() ? Texts.NONE : Texts.firstThree(all);
  }

  private static void slice(JsonNode doc, Printer.Row row, Instant now) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : doc.path("ports")) {
      ports.add(port.path("port").isNumber() ? port.path("port").asString() : "*");
    }
    List<String> addresses = new ArrayList<>();
    for (JsonNode endpoint : doc.path("endpoints")) {
      addresses.addAll(Texts.strings(endpoint.path("addresses")));
    }
    row.text(text(doc, "addressType"));
    row.text(ports.isEmpty() ? Texts.UNSET : Texts.firstThree(ports));
    row.text(addresses.isEmpty() ? Texts.UNSET : Texts.firstThree(addresses));
    row.text(Texts.age(doc, now));
  }

  private static void ingress(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    row.orNone(text(spec, "ingressClassName"));
    List<String> hosts = new ArrayList<>();
    for (JsonNode rule : spec.path("rules")) {
      if (!text(rule, "host").isEmpty()) {
        hosts.add(text(rule, "host"));
      }
    }
    row.text(hosts.isEmpty() ? "*" : Texts.firstThree(hosts));
    row.text(String.join(",", balancers(doc)));
    row.text(spec.path("tls").isEmpty() ? "80" : "80, 443").text(Texts.age(doc, now));
  }

  private static void ingressClass(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    JsonNode parameters = spec.path("parameters");
    String group = text(parameters, "apiGroup");
    row.text(text(spec, "controller"));
    row.text(
        parameters.isObject()
            ? text(parameters, "kind")
                + (group.isEmpty() ? "" : "." + group)
                + "/"
                + text(parameters, "name")
            : Texts.NONE);
    row.text(Texts.age(doc, now));
  }
}
