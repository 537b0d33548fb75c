package minik8s.apiserver.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** {@code /livez}, {@code /readyz} and {@code /healthz}, open to everybody. Thread-safe. */
final class HealthRoutes {
  private final Map<String, BooleanSupplier> checks;

  /** Takes the checks of readiness by name, in the order in which they are told. */
  HealthRoutes(Map<String, BooleanSupplier> checks) {
    this.checks = new LinkedHashMap<>(checks);
  }

  boolean serves(String path) {
    return name(path) != null;
  }

  private static @org.jspecify.annotations.Nullable String name(String path) {
    for (String root : List.of("/livez", "/readyz", "/healthz")) {
      if (path.equals(root) || path.startsWith(root + "/")) {
        return root;
      }
    }
    return null;
  }

  void serve(HttpServletResponse response, String path, Query query) throws IOException {
    String root = String.valueOf(name(path));
    String one = path.length() > root.length() ? path.substring(root.length() + 1) : "";
    StringBuilder text = new StringBuilder("[+]ping ok\n");
    boolean healthy = true;
    for (Map.Entry<String, BooleanSupplier> check : checks.entrySet()) {
      boolean wanted = one.isEmpty() ? !root.equals("/livez") : one.equals(check.getKey());
      if (wanted && !query.all("exclude").contains(check.getKey())) {
        boolean passed = check.getValue().getAsBoolean();
        healthy &= passed;
        text.append(passed ? "[+]" : "[-]")
            .append(check.getKey())
            .append(passed ? " ok\n" : " failed: not ready\n");
      }
    }
    String name = root.substring(1);
    if (healthy && !query.flag("verbose")) {
      Answer.text(response, 200, "ok");
    } else {
      text.append(name).append(healthy ? " check passed\n" : " check failed\n");
      Answer.text(response, healthy ? 200 : 503, text.toString());
    }
  }
}
