package minik8s.apiserver.selector;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A conjunction of equalities and inequalities on selectable fields. Immutable. */
public final class FieldQuery {
  /** Matches every object. */
  public static final FieldQuery EVERYTHING = new FieldQuery(List.of());

  record Term(String path, String value, boolean negated, SelectableField field) {}

  private final Term[] terms;

  FieldQuery(List<Term> terms) {
    this.terms = terms.toArray(new Term[0]);
  }

  /** Whether nothing is required. */
  public boolean isEverything() {
    return terms.length == 0;
  }

  /** Whether a document satisfies every term. */
  public boolean matches(JsonNode document) {
    for (Term term : terms) {
      if (term.field.read(document).equals(term.value) == term.negated) {
        return false;
      }
    }
    return true;
  }

  /** The value that a field must have, if the query fixes one; lets a list become a look-up. */
  public Optional<String> exact(String path) {
    for (Term term : terms) {
      if (!term.negated && term.path.equals(path)) {
        return Optional.of(term.value);
      }
    }
    return Optional.empty();
  }
}
