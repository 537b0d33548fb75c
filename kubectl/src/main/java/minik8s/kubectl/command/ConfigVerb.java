package minik8s.kubectl.command;

import org.jspecify.annotations.Nullable;

/** The second words of {@code config}. Stateless. */
final class ConfigVerb {
  private ConfigVerb() {}

  static @Nullable Verb find(String child) {
    return switch (child) {
      case "view" -> new ConfigView();
      case "current-context", "get-contexts", "get-clusters", "get-users" -> new ConfigRead(child);
      case "use-context",
          "delete-context",
          "delete-cluster",
          "delete-user",
          "rename-context",
          "unset",
          "set" ->
          new ConfigEdit(child);
      case "set-context", "set-cluster", "set-credentials" -> new ConfigSet(child);
      default -> null;
    };
  }
}
