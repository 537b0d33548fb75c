package minik8s.scheduler.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A place in the configuration, with its path for errors. Immutable. What is read from it throws
 * {@link IllegalArgumentException} with a sentence for the user when it is not of the right shape.
 */
record Place(String path, JsonNode node) {
  /** A field of this object; an absent one reads as nothing. */
  Place at(String field) {
    return new Place(path.isEmpty() ? field : path + "." + field, node.path(field));
  }

  boolean present() {
    return !node.isMissingNode() && !node.isNull();
  }

  IllegalArgumentException fault(String sentence) {
    return new IllegalArgumentException(path.isEmpty() ? sentence : path + ": " + sentence);
  }

  /** Refuses fields beside these. */
  Place only(String... fields) {
    if (!present()) {
      return this;
    }
    if (!node.isObject()) {
      throw fault("must be an object");
    }
    Set<String> known = Set.of(fields);
    for (String field : node.propertyNames()) {
      if (!known.contains(field)) {
        throw at(field)
            .fault("unknown or unsupported field; known here are " + new TreeSet<>(known));
      }
    }
    return this;
  }

  /** The elements of a list; none when it is absent. */
  List<Place> elements() {
    if (!present()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw fault("must be a list");
    }
    List<Place> elements = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      elements.add(new Place(path + "[" + i + "]", node.get(i)));
    }
    return elements;
  }

  /** A text that must be there. */
  String text() {
    String text = textOr(null);
    if (text == null || text.isEmpty()) {
      throw fault("Required value");
    }
    return text;
  }

  @Nullable String textOr(@Nullable String absent) {
    if (!present()) {
      return absent;
    }
    if (!node.isString()) {
      throw fault("must be a string");
    }
    return node.asString();
  }

  /** One of some texts. */
  String oneOf(String absent, Collection<String> values) {
    String text = textOr(absent);
    if (text == null || !values.contains(text)) {
      throw fault("Unsupported value: \"" + text + "\": supported values: " + quoted(values));
    }
    return text;
  }

  static String quoted(Collection<String> values) {
    return String.join(", ", values.stream().map(value -> "\"" + value + "\"").toList());
  }

  /** A whole number within bounds. */
  int number(int absent, int least, int most) {
    if (!present()) {
      return absent;
    }
    if (!node.isInt() || node.asInt() < least || node.asInt() > most) {
      throw fault("Invalid value: " + node + ": must be a number from " + least + " to " + most);
    }
    return node.asInt();
  }

  boolean flag() {
    if (present() && !node.isBoolean()) {
      throw fault("must be true or false");
    }
    return present() && node.asBoolean();
  }
}
