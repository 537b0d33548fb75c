package minik8s.kubectl.describe;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.TablePrinter;
import org.jspecify.annotations.Nullable;

/** Services, config maps, secrets and namespaces. Stateless. */
public final class CoreText {
  private CoreText() {}

  /** A service with the endpoint slices that belong to it. */
  public static String service(
      Map<String, Object> object,
      List<Object> slices,
      @Nullable List<Object> events,
      InstantSource clock) {
    Page page = new Page(clock);
    head(page, object);
    page.field("Selector", TablePrinter.labels(Tree.map(object, "spec", "selector")));
    page.field("Type", Tree.text(object, "spec", "type"));
    page.optional("IP Family Policy", Tree.text(object, "spec", "ipFamilyPolicy"));
    page.field("IP Families", joined(Tree.list(object, "spec", "ipFamilies")));
    page.field("IP", Tree.text(object, "spec", "clusterIP"));
    page.field("IPs", joined(Tree.list(object, "spec", "clusterIPs")));
    List<Object> external = Tree.list(object, "spec", "externalIPs");
    page.optional("External IPs", external.isEmpty() ? "" : joined(external));
    page.optional("External Name", Tree.text(object, "spec", "externalName"));
    List<String> ingress = new ArrayList<>();
    for (Object one : Tree.list(object, "status", "loadBalancer", "ingress")) {
      String ip = Tree.text(one, "ip");
      ingress.add(ip.isEmpty() ? Tree.text(one, "hostname") : ip);
    }
    page.optional("LoadBalancer Ingress", String.join(", ", ingress));
    for (Object port : Tree.list(object, "spec", "ports")) {
      port(page, port, slices);
    }
    page.field("Session Affinity", Tree.text(object, "spec", "sessionAffinity"));
    page.optional("External Traffic Policy", Tree.text(object, "spec", "externalTrafficPolicy"));
    page.optional("Internal Traffic Policy", Tree.text(object, "spec", "internalTrafficPolicy"));
    return page.events(events).text();
  }

  private static void port(Page page, Object port, List<Object> slices) {
    String name = Tree.text(port, "name");
    String shown = name.isEmpty() ? "<unset>" : name;
    String protocol = "/" + Tree.text(port, "protocol");
    page.line(0, "Port:\t" + shown + "\t" + Tree.text(port, "port") + protocol);
    page.field("TargetPort", Tree.text(port, "targetPort") + protocol);
    page.optional("AppProtocol", Tree.text(port, "appProtocol"));
    String node = Tree.text(port, "nodePort");
    if (!node.isEmpty() && !node.equals("0")) {
      page.line(0, "NodePort:\t" + shown + "\t" + node + protocol);
    }
    page.field("Endpoints", endpoints(slices, name));
  }

  private static String endpoints(List<Object> slices, String portName) {
    List<String> out = new ArrayList<>();
    for (Object slice : slices) {
      for (Object port : Tree.list(slice, "ports")) {
        if (!Tree.text(port, "name").equals(portName)) {
          continue;
        }
        for (Object endpoint : Tree.list(slice, "endpoints")) {
          Object ready = Tree.at(endpoint, "conditions", "ready");
          if (ready == null || Boolean.TRUE.equals(ready)) {
            for (Object address : Tree.list(endpoint, "addresses")) {
              out.add(Tree.scalar(address) + ":" + Tree.text(port, "port"));
            }
          }
        }
      }
    }
    if (out.isEmpty()) {
      return slices.isEmpty() ? "<none>" : "";
    }
    int more = out.size() - 3;
    String text = String.join(",", more > 0 ? out.subList(0, 3) : out);
    return more > 0 ? text + " + " + more + " more..." : text;
  }

  private static String joined(List<Object> values) {
    List<String> out = new ArrayList<>();
    values.forEach(value -> out.add(Tree.scalar(value)));
    return out.isEmpty() ? "<none>" : String.join(",", out);
  }

  /** A service account. */
  public static String serviceAccount(
      Map<String, Object> object, @Nullable List<Object> events, InstantSource clock) {
    Page page = new Page(clock);
    head(page, object);
    references(page, "Image pull secrets", Tree.list(object, "imagePullSecrets"));
    references(page, "Mountable secrets", Tree.list(object, "secrets"));
    page.field("Tokens", "<none>");
    return page.events(events).text();
  }

  private static void references(Page page, String title, List<Object> references) {
    if (references.isEmpty()) {
      page.field(title, "<none>");
    }
    String lead = title + ":";
    for (Object reference : references) {
      page.line(0, lead + "\t" + Tree.text(reference, "name"));
      lead = " ".repeat(title.length() + 1);
    }
  }

  /** A config map. */
  public static String configMap(
      Map<String, Object> object, @Nullable List<Object> events, InstantSource clock) {
    Page page = new Page(clock);
    head(page, object);
    page.line(0, "").line(0, "Data").line(0, "====");
    new TreeMap<>(Tree.map(object, "data"))
        .forEach((key, value) ->
            page.line(0, key + ":").line(0, "----").line(0, Tree.scalar(value)).line(0, ""));
    page.line(0, "").line(0, "BinaryData").line(0, "====");
    new TreeMap<>(Tree.map(object, "binaryData"))
        .forEach((key, value) -> page.line(0, key + ": " + bytes(value) + " bytes"));
    page.line(0, "");
    return page.events(events).text();
  }

  /** A secret, without its secrets. */
  public static String secret(Map<String, Object> object, InstantSource clock) {
    Page page = new Page(clock);
    head(page, object);
    page.line(0, "").field("Type", Tree.text(object, "type"));
    page.line(0, "").line(0, "Data").line(0, "====");
    new TreeMap<>(Tree.map(object, "data"))
        .forEach((key, value) -> page.field(key, bytes(value) + " bytes"));
    return page.text();
  }

  private static int bytes(Object value) {
    try {
      return Base64.getDecoder().decode(Tree.scalar(value)).length;
    } catch (IllegalArgumentException e) {
      return Tree.scalar(value).length();
    }
  }

  /** A namespace with whether it has quotas and limits. */
  public static String namespace(
      Map<String, Object> object, List<Object> quotas, List<Object> limits, InstantSource clock) {
    Page page = new Page(clock);
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.labels("Labels", Tree.map(object, "metadata", "labels"));
    page.annotations("Annotations", Tree.map(object, "metadata", "annotations"));
    page.field("Status", Tree.text(object, "status", "phase"));
    List<Object> conditions = Tree.list(object, "status", "conditions");
    if (!conditions.isEmpty()) {
      page.line(0, "Conditions:");
      page.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
      page.line(1, "----\t------\t------------------\t------\t-------");
      for (Object condition : conditions) {
        page.line(
            1,
            Tree.text(condition, "type")
                + "\t"
                + Tree.text(condition, "status")
                + "\t"
                + Page.time(Tree.text(condition, "lastTransitionTime"))
                + "\t"
                + Tree.text(condition, "reason")
                + "\t"
                + Tree.text(condition, "message"));
      }
    }
    page.line(0, "");
    names(page, "Resource Quotas", "No resource quota.", quotas);
    page.line(0, "");
    names(page, "Resource Limits", "No LimitRange resource.", limits);
    return page.text();
  }

  private static void names(Page page, String title, String none, List<Object> objects) {
    if (objects.isEmpty()) {
      page.line(0, none);
      return;
    }
    page.line(0, title);
    for (Object object : objects) {
      page.line(1, "Name:\t" + Tree.text(object, "metadata", "name"));
    }
  }

  static void head(Page page, Map<String, Object> object) {
    page.field("Name", Tree.text(object, "metadata", "name"));
    page.field("Namespace", Tree.text(object, "metadata", "namespace"));
    page.labels("Labels", Tree.map(object, "metadata", "labels"));
    page.annotations("Annotations", Tree.map(object, "metadata", "annotations"));
  }
}
