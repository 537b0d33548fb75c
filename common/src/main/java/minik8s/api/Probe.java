package minik8s.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question to a container, and how often it is asked; also the action of a lifecycle hook, which
 * has no timing. At most one action is set. Immutable; absent numbers have Kubernetes' defaults.
 *
 * @param initialDelaySeconds seconds after the container's start before the first question
 * @param timeoutSeconds seconds for one answer
 * @param periodSeconds seconds from question to question
 * @param terminationGracePeriodSeconds seconds from TERM to KILL after a failure; null means the
 *     pod's
 * @param sleep only in a hook
 */
public record Probe(
    @Nullable Exec exec,
    @Nullable HttpGet httpGet,
    @Nullable TcpSocket tcpSocket,
    @Nullable Grpc grpc,
    @Nullable Sleep sleep,
    int initialDelaySeconds,
    int timeoutSeconds,
    int periodSeconds,
    int successThreshold,
    int failureThreshold,
    @Nullable Long terminationGracePeriodSeconds) {
  public Probe {
    timeoutSeconds = timeoutSeconds > 0 ? timeoutSeconds : 1;
    periodSeconds = periodSeconds > 0 ? periodSeconds : 10;
    successThreshold = successThreshold > 0 ? successThreshold : 1;
    failureThreshold = failureThreshold > 0 ? failureThreshold : 3;
  }

  /** A command in the container; success is exit code 0. */
  public record Exec(List<String> command) {
    public Exec {
      command = Lists.of(command);
    }
  }

  /** A GET; success is a status from 200 to 399. An empty host means the pod's address. */
  public record HttpGet(
      String path, IntOrString port, String host, String scheme, List<Header> httpHeaders) {
    public HttpGet {
      path = path == null || path.isEmpty() ? "/" : path;
      host = Lists.of(host);
      scheme = scheme == null || scheme.isEmpty() ? "HTTP" : scheme;
      httpHeaders = Lists.of(httpHeaders);
    }
  }

  /** One header of a GET. */
  public record Header(String name, String value) {
    public Header {
      name = Lists.of(name);
      value = Lists.of(value);
    }
  }

  /** A connection that opens. An empty host means the pod's address. */
  public record TcpSocket(IntOrString port, String host) {
    public TcpSocket {
      host = Lists.of(host);
    }
  }

  /** A call of gRPC's health service; an empty service means the whole server. */
  public record Grpc(int port, String service) {
    public Grpc {
      service = Lists.of(service);
    }
  }

  /** A pause. */
  public record Sleep(long seconds) {}
}
