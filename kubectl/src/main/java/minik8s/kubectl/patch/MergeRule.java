package minik8s.kubectl.patch;

import java.util.Map;

/**
 * How Kubernetes' own types merge one field. Immutable.
 *
 * @param merge whether the list is merged rather than replaced
 * @param key the field that tells elements apart; empty for lists of scalars
 * @param retainKeys whether the patch must name the keys to keep
 * @param replace whether a map is replaced as a whole
 */
record MergeRule(boolean merge, String key, boolean retainKeys, boolean replace) {
  private static final MergeRule NONE = new MergeRule(false, "", false, false);

  /**
   * By field name. Source: {@code x-kubernetes-patch-strategy} and {@code -merge-key} of the 1.36
   * API; names whose rule depends on the parent are in {@link #of}.
   */
  private static final Map<String, MergeRule> BY_NAME =
      Map.ofEntries(
          list("allocatedResourcesStatus", "name"),
          list("conditions", "type"),
          list("containers", "name"),
          list("drivers", "name"),
          list("env", "name"),
          list("ephemeralContainers", "name"),
          list("finalizers", ""),
          list("hostAliases", "ip"),
          list("hostIPs", "ip"),
          list("initContainers", "name"),
          list("matchConditions", "name"),
          list("ownerReferences", "uid"),
          list("podCIDRs", ""),
          list("podIPs", "ip"),
          list("reservedFor", "uid"),
          retained("resourceClaimStatuses"),
          retained("resourceClaims"),
          list("schedulingGates", "name"),
          list("secrets", "name"),
          list("topologySpreadConstraints", "topologyKey"),
          list("volumeDevices", "devicePath"),
          list("volumeMounts", "mountPath"),
          retained("volumes"),
          list("webhooks", "name"));

  private static Map.Entry<String, MergeRule> list(String field, String key) {
    return Map.entry(field, new MergeRule(true, key, false, false));
  }

  private static Map.Entry<String, MergeRule> retained(String field) {
    return Map.entry(field, new MergeRule(true, "name", true, false));
  }

  /** The rule of a field, by the object's kind and the path of field names that leads to it. */
  static MergeRule of(String kind, String parents, String field) {
    return switch (field) {
      case "ports" -> ports(kind, parents);
      case "addresses" -> kind.equals("Node") ? new MergeRule(true, "type", false, false) : NONE;
      case "strategy" -> kind.equals("Deployment") ? new MergeRule(false, "", true, false) : NONE;
      case "imagePullSecrets" ->
          kind.equals("ServiceAccount") ? NONE : new MergeRule(true, "name", false, false);
      case "selector" ->
          kind.equals("PodDisruptionBudget") ? new MergeRule(false, "", false, true) : NONE;
      case "finalizers" -> parents.endsWith("metadata.") ? BY_NAME.getOrDefault(field, NONE) : NONE;
      case "variables" ->
          kind.equals("ValidatingAdmissionPolicy")
              ? new MergeRule(true, "name", false, false)
              : NONE;
      default -> inFreeMap(parents) ? NONE : BY_NAME.getOrDefault(field, NONE);
    };
  }

  /** Keys below these are the user's own words, not fields. */
  private static boolean inFreeMap(String parents) {
    return parents.endsWith("labels.")
        || parents.endsWith("annotations.")
        || parents.endsWith("matchLabels.")
        || parents.endsWith("nodeSelector.")
        || parents.equals("data.")
        || parents.equals("stringData.");
  }

  private static MergeRule ports(String kind, String parents) {
    if (parents.endsWith("ontainers.")) {
      return new MergeRule(true, "containerPort", false, false);
    }
    return kind.equals("Service") && parents.equals("spec.")
        ? new MergeRule(true, "port", false, false)
        : NONE;
  }
}
