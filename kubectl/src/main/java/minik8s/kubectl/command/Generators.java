package minik8s.kubectl.command;

import org.jspecify.annotations.Nullable;

/** The second words of {@code create}. Stateless. */
final class Generators {
  private Generators() {}

  static @Nullable Verb find(String child) {
    return switch (child) {
      case "deployment", "deploy" -> new CreateDeployment();
      case "configmap", "cm" -> new CreateFromData(false);
      case "secret" -> new CreateFromData(true);
      case "namespace", "ns" -> new CreateNamed("Namespace", "namespace");
      case "serviceaccount", "sa" -> new CreateNamed("ServiceAccount", "serviceaccount");
      case "job" -> new CreateJob();
      case "token" -> new CreateToken();
      case "quota", "resourcequota" -> new CreatePolicy("quota");
      case "poddisruptionbudget", "pdb" -> new CreatePolicy("poddisruptionbudget");
      case "priorityclass", "pc" -> new CreatePolicy("priorityclass");
      default -> null;
    };
  }
}
