package minik8s.kubelet.server;

import minik8s.daemon.Delegation;
import minik8s.daemon.Delegation.Verdict;
import minik8s.daemon.Delegation.Wanted;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Who may use the kubelet's routes, in the words of RBAC: {@code nodes/metrics}, {@code
 * nodes/stats}, and {@code nodes/proxy} for all that lets one into containers. Immutable,
 * thread-safe.
 *
 * <p>Source: Kubernetes' {@code pkg/kubelet/server/auth.go}.
 */
public record Access(Delegation delegation, String node) {
  Verdict judge(Request request) {
    return delegation.judge(
        KubeletServer.certificate(request),
        request.getHeaders().get(HttpHeader.AUTHORIZATION),
        wanted(request.getMethod(), Request.getPathInContext(request), node));
  }

  static Wanted wanted(String method, String path, String node) {
    String verb =
        switch (method) {
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> "delete";
          default -> "get";
        };
    return new Wanted.Node(verb, part(path), node);
  }

  private static String part(String path) {
    if (below(path, "/metrics")) {
      return "metrics";
    }
    if (below(path, "/stats")) {
      return "stats";
    }
    return below(path, "/logs") ? "log" : "proxy";
  }

  private static boolean below(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }
}
