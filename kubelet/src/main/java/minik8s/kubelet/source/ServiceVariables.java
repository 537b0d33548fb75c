package minik8s.kubelet.source;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import minik8s.api.Service;

/** The variables that tell containers of the services around them, in Docker-link style. Pure. */
public final class ServiceVariables {
  private ServiceVariables() {}

  /**
   * Of all services with an address in the namespace, and of {@code default/kubernetes}.
   *
   * @param links false for the latter alone
   */
  public static Map<String, String> of(
      Collection<Service> services, String namespace, boolean links) {
    Map<String, String> variables = new LinkedHashMap<>();
    services.stream()
        .filter(s -> addressed(s) && visible(s, namespace, links))
        .sorted((a, b) -> a.key().compareTo(b.key()))
        .forEach(service -> add(variables, service));
    return variables;
  }

  private static boolean addressed(Service service) {
    String ip = service.spec().clusterIP();
    return !ip.isEmpty() && !ip.equals("None") && !service.spec().ports().isEmpty();
  }

  private static boolean visible(Service service, String namespace, boolean links) {
    String own = service.metadata().namespace();
    return (links && own.equals(namespace))
        || (own.equals("default") && service.metadata().name().equals("kubernetes"));
  }

  private static void add(Map<String, String> variables, Service service) {
    String prefix = upper(service.metadata().name());
    String ip = service.spec().clusterIP();
    Service.Port first = service.spec().ports().getFirst();
    variables.put(prefix + "_SERVICE_HOST", ip);
    variables.put(prefix + "_SERVICE_PORT", Integer.toString(first.port()));
    for (Service.Port port : service.spec().ports()) {
      if (!port.name().isEmpty()) {
        variables.put(
            prefix + "_SERVICE_PORT_" + upper(port.name()), Integer.toString(port.port()));
      }
    }
    variables.put(prefix + "_PORT", url(ip, first));
    for (Service.Port port : service.spec().ports()) {
      String name = prefix + "_PORT_" + port.port() + "_" + port.protocol();
      variables.put(name, url(ip, port));
      variables.put(name + "_PROTO", port.protocol().toLowerCase(Locale.ROOT));
      variables.put(name + "_PORT", Integer.toString(port.port()));
      variables.put(name + "_ADDR", ip);
    }
  }

  private static String url(String ip, Service.Port port) {
    return port.protocol().toLowerCase(Locale.ROOT) + "://" + ip + ":" + port.port();
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
