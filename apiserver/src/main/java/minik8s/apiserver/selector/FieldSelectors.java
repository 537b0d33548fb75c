package minik8s.apiserver.selector;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.selector.FieldQuery.Term;

/**
 * Reads the {@code fieldSelector} query parameter. Stateless.
 *
 * <p>Source of grammar and texts: apimachinery's {@code fields.ParseSelector} and the conversions
 * of field labels.
 */
public final class FieldSelectors {
  private FieldSelectors() {}

  /**
   * The query that a text asks for; an empty text asks for everything.
   *
   * @throws ApiException BadRequest with Kubernetes' sentence when the text is malformed or names a
   *     field that objects of the kind cannot be selected by
   */
  public static FieldQuery parse(String text, Kind kind) {
    if (text.isEmpty()) {
      return FieldQuery.EVERYTHING;
    }
    List<Term> terms = new ArrayList<>();
    for (String part : split(text)) {
      if (!part.isEmpty()) {
        terms.add(term(text, part, kind));
      }
    }
    return new FieldQuery(terms);
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String text, String part, Kind kind) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '\\') {
        i++;
      } else if (part.startsWith("!=", i)) {
        return known(kind, part.substring(0, i), part.substring(i + 2), true);
      } else if (c == '=') {
        int value = part.startsWith("==", i) ? i + 2 : i + 1;
        return known(kind, part.substring(0, i), part.substring(value), false);
      }
    }
    throw bad("invalid selector: '" + text + "'; can't understand '" + part + "'");
  }

  private static Term known(Kind kind, String path, String value, boolean negated) {
    boolean ordinary = path.equals("metadata.name") || path.equals("metadata.namespace");
    if (!ordinary && !kind.fieldSelectors().contains(path)) {
      throw bad(
          kind.fieldSelectors().isEmpty() && !kind.custom()
              ? "\""
                  + path
                  + "\" is not a known field selector: only \"metadata.name\","
                  + " \"metadata.namespace\""
              : "field label not supported: " + path);
    }
    return new Term(path, unescape(value), negated, SelectableField.of(kind, path));
  }

  private static String unescape(String value) {
    if (value.indexOf('\\') < 0 && value.indexOf('=') < 0) {
      return value;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length() && "\\,=".indexOf(value.charAt(i + 1)) >= 0) {
        out.append(value.charAt(++i));
      } else if (c == '\\' || c == '=') {
        throw bad("invalid field selector value: \"" + value + "\"");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static ApiException bad(String message) {
    return Failure.badRequest(message).asException();
  }
}
