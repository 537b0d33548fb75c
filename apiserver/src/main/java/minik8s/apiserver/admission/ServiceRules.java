package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.ensure;
import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of services. Stateless. */
final class ServiceRules implements Rules {
  private static final Set<String> TYPES =
      Set.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
  private static final Set<String> PROTOCOLS = Set.of("SCTP", "TCP", "UDP");
  private static final int FIRST_NODE_PORT = 30_000;
  private static final int LAST_NODE_PORT = 32_767;
  private static final int STICKY_SECONDS = 10_800;

  @Override
  public NameRule names() {
    return Names::label1035;
  }

  @Override
  public void defaults(ObjectNode doc) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null) {
      return;
    }
    fill(spec, "type", "ClusterIP");
    fill(spec, "sessionAffinity", "None");
    if (text(spec, "sessionAffinity").equals("ClientIP")) {
      fill(
          ensure(ensure(spec, "sessionAffinityConfig"), "clientIP"),
          "timeoutSeconds",
          STICKY_SECONDS);
    } else {
      spec.remove("sessionAffinityConfig");
    }
    for (ObjectNode port : objects(spec, "ports")) {
      port(port);
    }
    String type = text(spec, "type");
    if (type.equals("ExternalName")) {
      return;
    }
    boolean outside = type.equals("NodePort") || type.equals("LoadBalancer");
    if (outside) {
      fill(spec, "externalTrafficPolicy", "Cluster");
    }
    fill(spec, "internalTrafficPolicy", "Cluster");
    if (type.equals("LoadBalancer")) {
      fill(spec, "allocateLoadBalancerNodePorts", true);
    }
    if (Docs.isEmptyList(spec, "ipFamilies")) {
      spec.putArray("ipFamilies").add("IPv4");
    }
    fill(spec, "ipFamilyPolicy", "SingleStack");
    String address = text(spec, "clusterIP");
    if (!address.isEmpty() && Docs.isEmptyList(spec, "clusterIPs")) {
      spec.putArray("clusterIPs").add(address);
    }
  }

  private static void port(ObjectNode port) {
    fill(port, "protocol", "TCP");
    JsonNode target = port.get("targetPort");
    boolean unset =
        target == null
            || target.isNull()
            || (target.isNumber() && target.intValue() == 0)
            || (target.isString() && target.asString().isEmpty());
    JsonNode own = port.get("port");
    if (unset && own != null) {
      port.set("targetPort", own);
    }
  }

  @Override
  public void create(ObjectNode doc) {
    ensure(doc, "status").putObject("loadBalancer");
  }

  /** What was allocated stays, even when a client sends the object without it. */
  @Override
  public void update(ObjectNode doc, ObjectNode old) {
    ObjectNode spec = object(doc, "spec");
    JsonNode before = old.path("spec");
    if (spec == null || text(spec, "type").equals("ExternalName")) {
      return;
    }
    if (!text(before, "type").equals("ExternalName") && Docs.blank(spec, "clusterIP")) {
      Docs.copy(spec, before, "clusterIP");
      Docs.copy(spec, before, "clusterIPs");
    }
    boolean inside = text(spec, "type").equals("ClusterIP");
    if (inside && !text(before, "type").equals("ClusterIP")) {
      dropWhatOnlyOutsideHas(spec, before);
    }
  }

  private static void dropWhatOnlyOutsideHas(ObjectNode spec, JsonNode before) {
    for (String field : List.of("externalTrafficPolicy", "allocateLoadBalancerNodePorts")) {
      if (Docs.same(spec, before, field)) {
        spec.remove(field);
      }
    }
    for (ObjectNode port : objects(spec, "ports")) {
      port.remove("nodePort");
    }
  }

  @Override
  public void validate(ObjectNode doc, List<FieldError> errors) {
    ObjectNode spec = object(doc, "spec");
    if (spec == null) {
      spec = doc.objectNode();
    }
    String type = text(spec, "type");
    boolean headless = text(spec, "clusterIP").equals("None");
    boolean named = type.equals("ExternalName");
    if (Docs.isEmptyList(spec, "ports") && !headless && !named) {
      errors.add(FieldError.required(Path.SPEC.child("ports")));
    }
    switch (type) {
      case "LoadBalancer", "NodePort" -> {
        if (headless) {
          errors.add(
              FieldError.invalid(
                  Path.SPEC.child("clusterIPs").index(0),
                  "None",
                  "may not be set to 'None' for " + type + " services"));
        }
      }
      case "ExternalName" -> externalName(spec, errors);
      default -> {}
    }
    ports(spec, errors);
    MetadataRules.labels(spec.path("selector"), Path.SPEC.child("selector"), errors);
    choices(spec, errors);
    clusterAddress(spec, errors);
    int index = 0;
    for (JsonNode address : spec.path("externalIPs")) {
      Addresses.require(
          address.asString(""), Path.SPEC.child("externalIPs").index(index++), errors);
    }
  }

  private static void externalName(ObjectNode spec, List<FieldError> errors) {
    String name = text(spec, "externalName");
    if (name.isEmpty()) {
      errors.add(FieldError.required(Path.SPEC.child("externalName")));
    } else {
      String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
      Check.name(plain, Names::subdomain, Path.SPEC.child("externalName"), errors);
    }
  }

  private static void choices(ObjectNode spec, List<FieldError> errors) {
    if (!TYPES.contains(text(spec, "type"))) {
      errors.add(FieldError.notSupported(Path.SPEC.child("type"), text(spec, "type"), TYPES));
    }
    Check.oneOf(spec, "sessionAffinity", Path.SPEC, Set.of("ClientIP", "None"), errors);
    Check.oneOf(spec, "externalTrafficPolicy", Path.SPEC, Set.of("Cluster", "Local"), errors);
    Check.oneOf(spec, "internalTrafficPolicy", Path.SPEC, Set.of("Cluster", "Local"), errors);
    boolean outside = Set.of("NodePort", "LoadBalancer").contains(text(spec, "type"));
    boolean published = outside || !Docs.isEmptyList(spec, "externalIPs");
    if (!published && Docs.present(spec, "externalTrafficPolicy")) {
      errors.add(
          FieldError.invalid(
              Path.SPEC.child("externalTrafficPolicy"),
              text(spec, "externalTrafficPolicy"),
              "may only be set for externally-accessible services"));
    }
  }

  private static void clusterAddress(ObjectNode spec, List<FieldError> errors) {
    String address = text(spec, "clusterIP");
    if (!address.isEmpty() && !address.equals("None")) {
      Addresses.require(address, Path.SPEC.child("clusterIPs").index(0), errors);
    }
    JsonNode list = spec.path("clusterIPs");
    if (!list.isEmpty() && !list.get(0).asString("").equals(address)) {
      errors.add(
          FieldError.invalid(
              Path.SPEC.child("clusterIPs"), list, "first value must match `clusterIP`"));
    }
  }

  private static void ports(ObjectNode spec, List<FieldError> errors) {
    List<ObjectNode> ports = objects(spec, "ports");
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    int index = 0;
    for (ObjectNode port : ports) {
      Path at = Path.SPEC.child("ports").index(index++);
      String name = text(port, "name");
      if (name.isEmpty() && ports.size() > 1) {
        errors.add(FieldError.required(at.child("name")));
      } else if (!name.isEmpty()) {
        Check.name(name, Names::label, at.child("name"), errors);
        if (!names.add(name)) {
          errors.add(FieldError.duplicate(at.child("name"), name));
        }
      }
      Check.port(port.path("port").asLong(0), at.child("port"), errors);
      if (Docs.blank(port, "protocol")) {
        errors.add(FieldError.required(at.child("protocol")));
      }
      Check.oneOf(port, "protocol", at, PROTOCOLS, errors);
      Check.portOrName(port.get("targetPort"), at.child("targetPort"), errors);
      if (!numbers.add(text(port, "protocol") + port.path("port").asString(""))) {
        ObjectNode shown = port.objectNode();
        Docs.copy(shown, port, "protocol");
        Docs.copy(shown, port, "port");
        errors.add(FieldError.duplicate(at, shown));
      }
      nodePort(spec, port, at.child("nodePort"), errors);
    }
  }

  private static void nodePort(ObjectNode spec, ObjectNode port, Path at, List<FieldError> errors) {
    int number = port.path("nodePort").asInt(0);
    if (number == 0) {
      return;
    }
    String type = text(spec, "type");
    if (type.equals("ClusterIP") || type.equals("ExternalName")) {
      errors.add(FieldError.forbidden(at, "may not be used when `type` is '" + type + "'"));
    } else if (number < FIRST_NODE_PORT || number > LAST_NODE_PORT) {
      errors.add(
          FieldError.invalid(
              at,
              number,
              "provided port is not in the valid range. The range of valid ports is 30000-32767"));
    }
  }

  @Override
  public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
    JsonNode spec = doc.path("spec");
    JsonNode before = old.path("spec");
    boolean named =
        text(spec, "type").equals("ExternalName") || text(before, "type").equals("ExternalName");
    String address = text(before, "clusterIP");
    if (!named && !address.isEmpty() && !address.equals(text(spec, "clusterIP"))) {
      JsonNode shown = doc.arrayNode().add(text(spec, "clusterIP"));
      errors.add(
          FieldError.invalid(
              Path.SPEC.child("clusterIPs").index(0), shown, "may not change once set"));
    }
  }
}
