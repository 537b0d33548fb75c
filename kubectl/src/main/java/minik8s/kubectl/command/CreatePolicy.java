package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl create quota}, {@code poddisruptionbudget} and {@code priorityclass}. */
final class CreatePolicy implements Verb {
  private final String word;

  CreatePolicy(String word) {
    this.word = word;
  }

  @Override
  public void flags(Flags flags) {
    Generated.flags(flags);
    switch (word) {
      case "quota" ->
          flags
              .list("--hard", "Limits as resource=quantity, comma-separated.")
              .list("--scopes", "Scopes, comma-separated.");
      case "poddisruptionbudget" ->
          flags
              .text("--selector", "", "A label selector of the pods.")
              .text("--min-available", "", "Number or percentage of pods that must stay.")
              .text("--max-unavailable", "", "Number or percentage of pods that may go.");
      default ->
          flags
              .text("--value", "0", "The value of this priority class.")
              .bool("--global-default", "Whether pods without a class get this one.")
              .text("--description", "", "When to use this priority class.")
              .text("--preemption-policy", "PreemptLowerPriority", "Whether to preempt pods.");
    }
  }

  @Override
  public Help help() {
    return new Help(
        switch (word) {
          case "quota" ->
              "Create a resource quota with the specified name, hard limits, and optional scopes.";
          case "poddisruptionbudget" ->
              "Create a pod disruption budget with the specified name, selector, and desired"
                  + " minimum available pods.";
          default -> "Create a priority class with the specified name, value and description.";
        },
        switch (word) {
          case "quota" -> "kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2";
          case "poddisruptionbudget" ->
              "kubectl create pdb my-pdb --selector=app=nginx --min-available=50%";
          default -> "kubectl create priorityclass high --value=1000 --description=\"high\"";
        },
        "create " + word + " NAME [--dry-run=server|client|none]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = Generated.name(arguments, "create " + word);
    Map<String, Object> object =
        switch (word) {
          case "quota" -> quota(Generated.object(session, "ResourceQuota", name), arguments);
          case "poddisruptionbudget" ->
              budget(Generated.object(session, "PodDisruptionBudget", name), arguments);
          default -> priority(Generated.object(session, "PriorityClass", name), arguments);
        };
    return Generated.send(session, arguments, object);
  }

  private static Map<String, Object> quota(Map<String, Object> object, Arguments arguments) {
    Map<String, Object> hard = Tree.of();
    for (String pair : arguments.commas("--hard")) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw KubectlException.error(
            "Invalid argument syntax " + pair + ", expected <resource>=<value>");
      }
      hard.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    Map<String, Object> spec = Tree.of("hard", hard);
    List<String> scopes = arguments.commas("--scopes");
    if (!scopes.isEmpty()) {
      spec.put("scopes", Tree.listOf(scopes.toArray()));
    }
    object.put("spec", spec);
    return object;
  }

  private static Map<String, Object> budget(Map<String, Object> object, Arguments arguments) {
    String selector = arguments.text("--selector");
    String least = arguments.text("--min-available");
    String most = arguments.text("--max-unavailable");
    if (selector.isEmpty()) {
      throw KubectlException.error("a selector must be specified");
    }
    if (least.isEmpty() == most.isEmpty()) {
      throw KubectlException.error(
          least.isEmpty()
              ? "one of min-available or max-unavailable must be specified"
              : "min-available and max-unavailable cannot be both specified");
    }
    Map<String, Object> labels = Tree.of();
    for (String pair : selector.split(",")) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw KubectlException.error("the selector \"" + selector + "\" is not a list of labels");
      }
      labels.put(pair.substring(0, equals), pair.substring(equals + 1).replaceFirst("^=", ""));
    }
    Map<String, Object> spec = Tree.of();
    spec.put(least.isEmpty() ? "maxUnavailable" : "minAvailable", bound(least + most));
    spec.put("selector", Tree.of("matchLabels", labels));
    object.put("spec", spec);
    return object;
  }

  private static Object bound(String text) {
    return text.chars().allMatch(Character::isDigit) ? (Object) Long.valueOf(text) : text;
  }

  private static Map<String, Object> priority(Map<String, Object> object, Arguments arguments) {
    object.put("value", arguments.number("--value"));
    if (arguments.bool("--global-default")) {
      object.put("globalDefault", true);
    }
    if (!arguments.text("--description").isEmpty()) {
      object.put("description", arguments.text("--description"));
    }
    object.put("preemptionPolicy", arguments.text("--preemption-policy"));
    return object;
  }
}
