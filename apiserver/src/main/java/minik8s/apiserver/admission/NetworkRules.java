package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;
import static minik8s.apiserver.admission.Docs.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.apiserver.kinds.Names;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of ingresses, network policies, endpoints and endpoint slices. Stateless. */
final class NetworkRules {
  private static final Set<String> PROTOCOLS = Set.of("SCTP", "TCP", "UDP");

  private NetworkRules() {}

  static void addTo(Map<String, Rules> rules) {
    rules.put("networking.k8s.io/v1/ingresses", new IngressRules());
    rules.put("networking.k8s.io/v1/ingressclasses", new IngressClassRules());
    rules.put("networking.k8s.io/v1/networkpolicies", new PolicyRules());
    rules.put("v1/endpoints", new EndpointsRules());
    rules.put("discovery.k8s.io/v1/endpointslices", new SliceRules());
  }

  private static final class IngressRules implements Rules {
    private static final Set<String> PATH_TYPES =
        Set.of("Exact", "ImplementationSpecific", "Prefix");

    @Override
    public void create(ObjectNode doc) {
      Docs.ensure(doc, "status").putObject("loadBalancer");
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      if (Docs.isEmptyList(spec, "rules") && Docs.absent(spec, "defaultBackend")) {
        errors.add(
            FieldError.invalid(
                Path.SPEC, spec, "either `defaultBackend` or `rules` must be specified"));
      }
      int index = 0;
      for (ObjectNode rule : objects(spec, "rules")) {
        rule(rule, Path.SPEC.child("rules").index(index++), errors);
      }
      ObjectNode backend = object(spec, "defaultBackend");
      if (backend != null) {
        backend(backend, Path.SPEC.child("defaultBackend"), errors);
      }
      String name = text(spec, "ingressClassName");
      if (!name.isEmpty()) {
        Check.name(name, Names::subdomain, Path.SPEC.child("ingressClassName"), errors);
      }
    }

    private static void rule(ObjectNode rule, Path at, List<FieldError> errors) {
      String host = text(rule, "host");
      if (!host.isEmpty()) {
        if (Addresses.isAddress(host)) {
          errors.add(
              FieldError.invalid(at.child("host"), host, "must be a DNS name, not an IP address"));
        } else {
          String plain = host.startsWith("*.") ? host.substring(2) : host;
          Check.name(plain, Names::subdomain, at.child("host"), errors);
        }
      }
      ObjectNode http = object(rule, "http");
      if (http == null) {
        return;
      }
      Path paths = at.child("http").child("paths");
      if (Docs.isEmptyList(http, "paths")) {
        errors.add(FieldError.required(paths));
      }
      int index = 0;
      for (ObjectNode path : objects(http, "paths")) {
        path(path, paths.index(index++), errors);
      }
    }

    private static void path(ObjectNode path, Path at, List<FieldError> errors) {
      String type = text(path, "pathType");
      if (type.isEmpty()) {
        errors.add(FieldError.required(at.child("pathType"), "pathType must be specified"));
      } else {
        Check.oneOf(path, "pathType", at, PATH_TYPES, errors);
      }
      String value = text(path, "path");
      boolean absolute = value.startsWith("/");
      if (!absolute
          && !(type.equals("ImplementationSpecific") && value.isEmpty())
          && !type.isEmpty()) {
        errors.add(FieldError.invalid(at.child("path"), value, "must be an absolute path"));
      }
      ObjectNode backend = object(path, "backend");
      backend(backend == null ? path.objectNode() : backend, at.child("backend"), errors);
    }

    private static void backend(ObjectNode backend, Path at, List<FieldError> errors) {
      ObjectNode service = object(backend, "service");
      if (service == null && Docs.absent(backend, "resource")) {
        errors.add(FieldError.required(at, "resource or service backend is required"));
        return;
      }
      if (service == null) {
        return;
      }
      Path path = at.child("service");
      Check.requiredName(service, "name", Names::label1035, path, errors);
      JsonNode port = service.path("port");
      boolean named = Docs.present(port, "name");
      boolean numbered = port.path("number").asInt(0) != 0;
      if (named && numbered) {
        errors.add(
            FieldError.invalid(
                path.child("port"), port, "cannot set both port name & port number"));
      } else if (named) {
        Check.name(
            text(port, "name"), PortNames::problems, path.child("port").child("name"), errors);
      } else if (numbered) {
        Check.port(port.path("number").asLong(0), path.child("port").child("number"), errors);
      } else {
        errors.add(FieldError.required(path.child("port"), "port name or number is required"));
      }
    }
  }

  private static final class IngressClassRules implements Rules {
    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      if (text(doc.path("spec"), "controller").isEmpty()) {
        errors.add(FieldError.required(Path.SPEC.child("controller")));
      }
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      Check.immutable(doc.path("spec"), old.path("spec"), "controller", Path.SPEC, errors);
    }
  }

  private static final class PolicyRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      ObjectNode spec = object(doc, "spec");
      if (spec == null) {
        return;
      }
      Docs.fillObject(spec, "podSelector");
      for (String direction : List.of("ingress", "egress")) {
        for (ObjectNode rule : objects(spec, direction)) {
          for (ObjectNode port : objects(rule, "ports")) {
            fill(port, "protocol", "TCP");
          }
        }
      }
      if (Docs.isEmptyList(spec, "policyTypes")) {
        var types = spec.putArray("policyTypes").add("Ingress");
        if (!Docs.isEmptyList(spec, "egress")) {
          types.add("Egress");
        }
      }
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      JsonNode spec = doc.path("spec");
      SelectorValidation.selector(spec.get("podSelector"), Path.SPEC.child("podSelector"), errors);
      for (String direction : List.of("ingress", "egress")) {
        int index = 0;
        for (ObjectNode rule : objects(spec, direction)) {
          Path at = Path.SPEC.child(direction).index(index++);
          rule(rule, direction.equals("ingress") ? "from" : "to", at, errors);
        }
      }
      int index = 0;
      for (JsonNode type : spec.path("policyTypes")) {
        Set<String> types = Set.of("Ingress", "Egress");
        Path at = Path.SPEC.child("policyTypes").index(index++);
        if (!types.contains(type.asString(""))) {
          errors.add(FieldError.notSupported(at, type.asString(""), types));
        }
      }
    }

    private static void rule(ObjectNode rule, String peers, Path at, List<FieldError> errors) {
      int index = 0;
      for (ObjectNode port : objects(rule, "ports")) {
        Path path = at.child("ports").index(index++);
        Check.oneOf(port, "protocol", path, PROTOCOLS, errors);
        if (Docs.present(port, "port")) {
          Check.portOrName(port.get("port"), path.child("port"), errors);
        }
      }
      index = 0;
      for (ObjectNode peer : objects(rule, peers)) {
        Path path = at.child(peers).index(index++);
        SelectorValidation.selector(peer.get("podSelector"), path.child("podSelector"), errors);
        SelectorValidation.selector(
            peer.get("namespaceSelector"), path.child("namespaceSelector"), errors);
        ObjectNode block = object(peer, "ipBlock");
        if (block != null) {
          Addresses.requireBlock(text(block, "cidr"), path.child("ipBlock").child("cidr"), errors);
          if (Docs.present(peer, "podSelector") || Docs.present(peer, "namespaceSelector")) {
            errors.add(FieldError.forbidden(path, "may not specify both ipBlock and another peer"));
          }
        } else if (Docs.absent(peer, "podSelector") && Docs.absent(peer, "namespaceSelector")) {
          errors.add(FieldError.required(path, "must specify a peer"));
        }
      }
    }
  }

  private static final class EndpointsRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      for (ObjectNode subset : objects(doc, "subsets")) {
        for (ObjectNode port : objects(subset, "ports")) {
          fill(port, "protocol", "TCP");
        }
      }
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      int index = 0;
      for (ObjectNode subset : objects(doc, "subsets")) {
        Path at = Path.ROOT.child("subsets").index(index++);
        if (Docs.isEmptyList(subset, "addresses")
            && Docs.isEmptyList(subset, "notReadyAddresses")) {
          errors.add(FieldError.required(at, "must specify `addresses` or `notReadyAddresses`"));
        }
        int number = 0;
        for (ObjectNode address : objects(subset, "addresses")) {
          Addresses.require(
              text(address, "ip"), at.child("addresses").index(number++).child("ip"), errors);
        }
      }
    }
  }

  private static final class SliceRules implements Rules {
    @Override
    public void defaults(ObjectNode doc) {
      for (ObjectNode port : objects(doc, "ports")) {
        if (Docs.absent(port, "name")) {
          port.put("name", "");
        }
        fill(port, "protocol", "TCP");
      }
    }

    @Override
    public void validate(ObjectNode doc, List<FieldError> errors) {
      Set<String> types = Set.of("FQDN", "IPv4", "IPv6");
      if (text(doc, "addressType").isEmpty()) {
        errors.add(FieldError.required(Path.ROOT.child("addressType")));
      }
      Check.oneOf(doc, "addressType", Path.ROOT, types, errors);
      int index = 0;
      for (ObjectNode endpoint : objects(doc, "endpoints")) {
        Path at = Path.ROOT.child("endpoints").index(index++).child("addresses");
        if (Docs.isEmptyList(endpoint, "addresses")) {
          errors.add(FieldError.required(at, "must contain at least 1 address"));
        }
        int number = 0;
        for (JsonNode address : endpoint.path("addresses")) {
          Path each = at.index(number++);
          if (!text(doc, "addressType").equals("FQDN")) {
            Addresses.require(address.asString(""), each, errors);
          }
        }
      }
      if (objects(doc, "endpoints").size() > 1000) {
        errors.add(
            FieldError.tooMany(
                Path.ROOT.child("endpoints"), objects(doc, "endpoints").size(), 1000));
      }
    }

    @Override
    public void validateChange(ObjectNode doc, ObjectNode old, List<FieldError> errors) {
      Check.immutable(doc, old, "addressType", Path.ROOT, errors);
    }
  }
}
