package minik8s.apiserver.admission;

import java.util.List;
import java.util.Set;
import minik8s.api.Quantity;
import minik8s.apiserver.admission.Rules.NameRule;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks that many rules share; each adds what it finds wrong. Stateless. */
final class Check {
  private Check() {}

  static final String NOT_NEGATIVE = "must be greater than or equal to 0";
  static final String PORT_RANGE = "must be between 1 and 65535, inclusive";

  /** A text that must be one of a few; an absent one is left to whoever requires it. */
  static void oneOf(
      JsonNode parent, String field, Path path, Set<String> allowed, List<FieldError> errors) {
    String value = Docs.text(parent, field);
    if (!value.isEmpty() && !allowed.contains(value)) {
      errors.add(FieldError.notSupported(path.child(field), value, allowed));
    }
  }

  static void required(JsonNode parent, String field, Path path, List<FieldError> errors) {
    if (Docs.blank(parent, field)) {
      errors.add(FieldError.required(path.child(field)));
    }
  }

  static void notNegative(JsonNode parent, String field, Path path, List<FieldError> errors) {
    JsonNode value = parent.get(field);
    if (value != null && value.isNumber() && value.longValue() < 0) {
      errors.add(FieldError.invalid(path.child(field), value.longValue(), NOT_NEGATIVE));
    }
  }

  static void atLeast(
      JsonNode parent, String field, long least, Path path, List<FieldError> errors) {
    JsonNode value = parent.get(field);
    if (value != null && value.isNumber() && value.longValue() < least) {
      errors.add(
          FieldError.invalid(
              path.child(field), value.longValue(), "must be greater than or equal to " + least));
    }
  }

  static void name(String name, NameRule rule, Path path, List<FieldError> errors) {
    for (String problem : rule.problems(name)) {
      errors.add(FieldError.invalid(path, name, problem));
    }
  }

  /** Required, and of the right syntax. */
  static void requiredName(
      JsonNode parent, String field, NameRule rule, Path path, List<FieldError> errors) {
    String name = Docs.text(parent, field);
    if (name.isEmpty()) {
      errors.add(FieldError.required(path.child(field)));
    } else {
      name(name, rule, path.child(field), errors);
    }
  }

  static void port(long port, Path path, List<FieldError> errors) {
    if (port < 1 || port > 65535) {
      errors.add(FieldError.invalid(path, port, PORT_RANGE));
    }
  }

  /** A number or the name of a port. */
  static void portOrName(@Nullable JsonNode value, Path path, List<FieldError> errors) {
    if (value == null || value.isNull()) {
      errors.add(FieldError.invalid(path, 0, PORT_RANGE));
    } else if (value.isNumber()) {
      port(value.longValue(), path, errors);
    } else {
      name(value.asString(""), PortNames::problems, path, errors);
    }
  }

  /** The amount, or null (with an error) when it is none; the decoder has seen to the grammar. */
  static @Nullable Quantity quantity(JsonNode value, Path path, List<FieldError> errors) {
    try {
      Quantity quantity = Quantity.of(value.asString(""));
      if (quantity.amount().signum() < 0) {
        errors.add(FieldError.invalid(path, value.asString(""), NOT_NEGATIVE));
        return null;
      }
      return quantity;
    } catch (IllegalArgumentException e) {
      errors.add(
          FieldError.invalid(
              path,
              value.asString(""),
              "quantities must match the regular expression"
                  + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
      return null;
    }
  }

  /** A field that may not change once the object exists. */
  static void immutable(
      JsonNode doc, JsonNode old, String field, Path path, List<FieldError> errors) {
    if (!Docs.same(doc, old, field)) {
      errors.add(FieldError.immutable(path.child(field), doc.path(field)));
    }
  }

  /** A number, or a percentage of at most 100. */
  static void intOrPercent(
      JsonNode parent, String field, boolean capped, Path path, List<FieldError> errors) {
    JsonNode value = parent.get(field);
    if (value == null || value.isNull()) {
      return;
    }
    Path at = path.child(field);
    if (value.isNumber()) {
      if (value.longValue() < 0) {
        errors.add(FieldError.invalid(at, value.longValue(), NOT_NEGATIVE));
      }
      return;
    }
    String text = value.asString("");
    if (!isPercent(text)) {
      errors.add(
          FieldError.invalid(
              at,
              text,
              "a valid percent string must be a numeric followed by an ending '%' (e.g. '1%',"
                  + "  or '93%', regex used for validation is '[0-9]+%')"));
    } else if (capped && percent(text) > 100) {
      errors.add(FieldError.invalid(at, text, "must not be greater than 100%"));
    }
  }

  static boolean isPercent(String text) {
    if (text.length() < 2 || text.length() > 9 || !text.endsWith("%")) {
      return false;
    }
    return text.chars().limit(text.length() - 1).allMatch(c -> c >= '0' && c <= '9');
  }

  private static int percent(String text) {
    return Integer.parseInt(text.substring(0, text.length() - 1));
  }

  /** Whether a number or percentage is nothing. */
  static boolean isZero(JsonNode value) {
    return value.isNumber() ? value.longValue() == 0 : value.asString("").matches("0+%");
  }
}
