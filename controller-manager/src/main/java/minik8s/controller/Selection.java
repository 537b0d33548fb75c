package minik8s.controller;

import java.util.List;

/**
 * Which controllers run, as {@code --controllers} says: names, {@code *} for all, {@code -name} for
 * all but this. Immutable. Names end in {@code -controller} in newer Kubernetes; both forms count.
 */
record Selection(List<String> words) {
  Selection {
    words = List.copyOf(words);
  }

  boolean includes(String name) {
    if (words.contains("-" + name) || words.contains("-" + name + "-controller")) {
      return false;
    }
    return words.contains("*") || words.contains(name) || words.contains(name + "-controller");
  }
}
