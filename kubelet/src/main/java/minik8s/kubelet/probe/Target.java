package minik8s.kubelet.probe;

import minik8s.api.Container;
import minik8s.api.IntOrString;

/**
 * The running container that a probe or hook is about. Immutable.
 *
 * @param id the runtime's
 * @param ip the pod's address
 */
public record Target(String id, Container container, String ip) {

  /**
   * The number of a port given by number or by the name that the container gives it.
   *
   * @throws IllegalArgumentException when there is no such port
   */
  int port(IntOrString port) {
    int number =
        switch (port) {
          case IntOrString.Int plain -> plain.value();
          case IntOrString.Text text -> named(text.value());
        };
    if (number <= 0 || number > 65535) {
      throw new IllegalArgumentException("invalid port number: " + number);
    }
    return number;
  }

  private int named(String name) {
    for (Container.Port port : container.ports()) {
      if (port.name().equals(name)) {
        return port.containerPort();
      }
    }
    if (!name.isEmpty() && name.chars().allMatch(Character::isDigit) && name.length() <= 5) {
      return Integer.parseInt(name);
    }
    throw new IllegalArgumentException("couldn't find port: \"" + name + "\"");
  }

  /** {@code HOST:PORT} as Go writes it. */
  static String address(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
