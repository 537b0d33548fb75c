package minik8s.controller;

import java.util.List;
import java.util.Optional;

/**
 * Which controllers run, as {@code --controllers} says: names, {@code *} for all, {@code -name} for
 * all but this. Immutable. Names end in {@code -controller} in newer Kubernetes; both forms count.
 */
record Selection(List<String> words) {
  private static final String SUFFIX = "-controller";

  Selection {
    words = List.copyOf(words);
  }

  boolean includes(String name) {
    if (words.contains("-" + name) || words.contains("-" + name + SUFFIX)) {
      return false;
    }
    return words.contains("*") || words.contains(name) || words.contains(name + SUFFIX);
  }

  /** The first word that names none of the known controllers. */
  Optional<String> unknown(List<String> known) {
    return words.stream()
        .map(word -> word.startsWith("-") ? word.substring(1) : word)
        .filter(name -> !name.equals("*"))
        .filter(name -> !known.contains(name) && !known.contains(without(name)))
        .findFirst();
  }

  private static String without(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
