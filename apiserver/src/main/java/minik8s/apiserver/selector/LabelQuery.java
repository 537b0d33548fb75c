package minik8s.apiserver.selector;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A conjunction of requirements on labels. Immutable. */
public final class LabelQuery {
  /** Matches every object. */
  public static final LabelQuery EVERYTHING = new LabelQuery(List.of());

  enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    NOT_EXISTS,
    GREATER,
    LESS
  }

  record Requirement(String key, Operator operator, Set<String> values) {
    Requirement {
      values = Set.copyOf(values);
    }

    boolean matches(@Nullable String value) {
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case NOT_EXISTS -> value == null;
        case GREATER -> compared(value) > 0;
        case LESS -> compared(value) < 0;
      };
    }

    private int compared(@Nullable String value) {
      if (value == null) {
        return 0;
      }
      try {
        return Long.compare(Long.parseLong(value), Long.parseLong(values.iterator().next()));
      } catch (NumberFormatException e) {
        return 0;
      }
    }
  }

  private final Requirement[] requirements;

  LabelQuery(List<Requirement> requirements) {
    this.requirements = requirements.toArray(new Requirement[0]);
  }

  /** Whether nothing is required. */
  public boolean isEverything() {
    return requirements.length == 0;
  }

  /** Whether the labels in a document's metadata satisfy every requirement. */
  public boolean matches(JsonNode document) {
    return isEverything() || matchesLabels(document.path("metadata").path("labels"));
  }

  /** Whether a labels object satisfies every requirement; missing or null means no labels. */
  public boolean matchesLabels(JsonNode labels) {
    for (Requirement each : requirements) {
      JsonNode value = labels.get(each.key);
      if (!each.matches(value == null || value.isNull() ? null : value.asString(""))) {
        return false;
      }
    }
    return true;
  }

  /** Whether labels satisfy every requirement. */
  public boolean matches(Map<String, String> labels) {
    for (Requirement each : requirements) {
      if (!each.matches(labels.get(each.key))) {
        return false;
      }
    }
    return true;
  }
}
