package minik8s.api;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A label query over objects. Immutable. An empty selector matches everything. */
public record LabelSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {
  public LabelSelector {
    matchLabels = Lists.of(matchLabels);
    matchExpressions = Lists.of(matchExpressions);
  }

  /** The selector of exactly these labels. */
  public static LabelSelector of(Map<String, String> labels) {
    return new LabelSelector(labels, List.of());
  }

  /** Whether labels satisfy every requirement. */
  public boolean matches(Map<String, String> labels) {
    for (Map.Entry<String, String> wanted : matchLabels.entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (Requirement requirement : matchExpressions) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** Whether nothing is required. */
  public boolean selectsAll() {
    return matchLabels.isEmpty() && matchExpressions.isEmpty();
  }

  /** The query-string form, such as {@code app=web,tier in (a,b),!old}. */
  public String query() {
    return Stream.concat(
            matchLabels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()),
            matchExpressions.stream().map(Requirement::query))
        .collect(Collectors.joining(","));
  }

  /**
   * One expression over a label key.
   *
   * @param operator {@code In}, {@code NotIn}, {@code Exists}, {@code DoesNotExist}; node selectors
   *     also {@code Gt} and {@code Lt}
   */
  public record Requirement(String key, String operator, List<String> values) {
    public Requirement {
      key = Lists.of(key);
      operator = Lists.of(operator);
      values = Lists.of(values);
    }

    /** Whether labels satisfy this requirement; an unknown operator satisfies nothing. */
    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        case "Gt" -> compare(value) > 0;
        case "Lt" -> compare(value) < 0;
        default -> false;
      };
    }

    /** 0 when either side is no integer, so neither Gt nor Lt holds. */
    private int compare(@Nullable String value) {
      if (value == null || values.size() != 1) {
        return 0;
      }
      try {
        return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
      } catch (NumberFormatException e) {
        return 0;
      }
    }

    String query() {
      return switch (operator) {
        case "In" -> key + " in (" + String.join(",", values) + ")";
        case "NotIn" -> key + " notin (" + String.join(",", values) + ")";
        case "DoesNotExist" -> "!" + key;
        default -> key;
      };
    }
  }
}
