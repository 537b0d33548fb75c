package minik8s.apiserver.admission;

import static minik8s.apiserver.admission.Docs.fill;
import static minik8s.apiserver.admission.Docs.fillObject;
import static minik8s.apiserver.admission.Docs.fillZero;
import static minik8s.apiserver.admission.Docs.object;
import static minik8s.apiserver.admission.Docs.objects;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The defaults of one container. Stateless. */
final class ContainerDefaults {
  private ContainerDefaults() {}

  static void container(ObjectNode container) {
    fill(container, "terminationMessagePath", "/dev/termination-log");
    fill(container, "terminationMessagePolicy", "File");
    fill(container, "imagePullPolicy", pullPolicy(Docs.text(container, "image")));
    fillObject(container, "resources");
    ObjectNode resources = object(container, "resources");
    if (resources != null) {
      for (String list : List.of("limits", "requests")) {
        Quantities.asText(object(resources, list));
      }
    }
    for (ObjectNode port : objects(container, "ports")) {
      fill(port, "protocol", "TCP");
    }
    for (ObjectNode variable : objects(container, "env")) {
      ObjectNode from = object(variable, "valueFrom");
      if (from != null) {
        fieldRef(from);
      }
    }
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      probe(object(container, probe));
    }
    ObjectNode lifecycle = object(container, "lifecycle");
    if (lifecycle != null) {
      http(object(lifecycle, "postStart"));
      http(object(lifecycle, "preStop"));
    }
  }

  /** {@code apiVersion} of a reference to a field of the pod, and text form of a divisor. */
  static void fieldRef(ObjectNode source) {
    ObjectNode field = object(source, "fieldRef");
    if (field != null) {
      fill(field, "apiVersion", "v1");
    }
    ObjectNode resource = object(source, "resourceFieldRef");
    if (resource != null) {
      fill(resource, "divisor", "0");
      Quantities.asText(resource, "divisor");
    }
  }

  private static void probe(@Nullable ObjectNode probe) {
    if (probe == null) {
      return;
    }
    fillZero(probe, "timeoutSeconds", 1);
    fillZero(probe, "periodSeconds", 10);
    fillZero(probe, "successThreshold", 1);
    fillZero(probe, "failureThreshold", 3);
    http(probe);
    ObjectNode grpc = object(probe, "grpc");
    if (grpc != null && Docs.absent(grpc, "service")) {
      grpc.put("service", "");
    }
  }

  private static void http(@Nullable ObjectNode handler) {
    ObjectNode http = handler == null ? null : object(handler, "httpGet");
    if (http != null) {
      fill(http, "path", "/");
      fill(http, "scheme", "HTTP");
    }
  }

  /** {@code Always} for the tag {@code latest}, named or implied. */
  static String pullPolicy(String image) {
    if (image.indexOf('@') >= 0) {
      String named = image.substring(0, image.indexOf('@'));
      return tag(named).equals("latest") ? "Always" : "IfNotPresent";
    }
    String tag = tag(image);
    return tag.isEmpty() || tag.equals("latest") ? "Always" : "IfNotPresent";
  }

  private static String tag(String image) {
    int colon = image.lastIndexOf(':');
    return colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "";
  }
}
