package minik8s.scheduler.framework;

/**
 * A port of the node's own address that a pod occupies. Immutable.
 *
 * @param ip {@code 0.0.0.0} means every address of the node
 */
public record HostPort(String ip, String protocol, int port) {
  private static final String ANY = "0.0.0.0";

  public HostPort {
    ip = ip.isEmpty() ? ANY : ip;
  }

  /** Whether both cannot be open on one node. */
  public boolean conflictsWith(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (ip.equals(other.ip) || ip.equals(ANY) || other.ip.equals(ANY));
  }
}
