package minik8s.apiserver.schema;

import java.util.List;

/**
 * How a list, a map or an object merges. Immutable.
 *
 * @param merge lists: merged element by element instead of replaced
 * @param replace maps and objects: replaced instead of merged
 * @param retainKeys whether {@code $retainKeys} belongs here
 * @param key the field that identifies an element of a merged list; empty for lists of scalars
 * @param listType {@code atomic}, {@code set}, {@code map} or empty
 * @param listKeys the fields that identify an element of a {@code map} list
 * @param mapType {@code atomic}, {@code granular} or empty
 */
record MergeRule(
    boolean merge,
    boolean replace,
    boolean retainKeys,
    String key,
    String listType,
    List<String> listKeys,
    String mapType) {

  static final MergeRule NONE = new MergeRule(false, false, false, "", "", List.of(), "");

  /** Reads the table's notation: {@code patch=merge,retainKeys key=name list=map keys=name}. */
  static MergeRule parse(List<String> words) {
    String strategy = word(words, "patch=");
    String keys = word(words, "keys=");
    return new MergeRule(
        strategy.startsWith("merge"),
        strategy.equals("replace"),
        strategy.endsWith("retainKeys"),
        word(words, "key="),
        word(words, "list="),
        keys.isEmpty() ? List.of() : List.of(keys.split(",", -1)),
        word(words, "map="));
  }

  private static String word(List<String> words, String prefix) {
    for (String word : words) {
      if (word.startsWith(prefix)) {
        return word.substring(prefix.length());
      }
    }
    return "";
  }

  /** The value of {@code x-kubernetes-patch-strategy}; empty for the default. */
  String strategy() {
    if (replace) {
      return "replace";
    }
    return merge ? retainKeys ? "merge,retainKeys" : "merge" : retainKeys ? "retainKeys" : "";
  }
}
