package minik8s.kubectl.command;

import java.util.LinkedHashMap;
import java.util.Map;
import minik8s.kubectl.document.DocumentException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.manifest.GpuJobFiles;

/** The annotation in which {@code apply} keeps what it applied. Stateless. */
final class LastApplied {
  static final String KEY = "kubectl.kubernetes.io/last-applied-configuration";

  private LastApplied() {}

  /** What was applied to a live object last; empty when nothing was. */
  static Map<String, Object> of(Map<String, Object> live) {
    String text = Tree.text(live, "metadata", "annotations", KEY);
    try {
      return text.isEmpty() ? Map.of() : Tree.asMap(Json.parse(text));
    } catch (DocumentException e) {
      return Map.of();
    }
  }

  /** A copy of an object with the annotation that holds the object itself. */
  static Map<String, Object> annotate(Map<String, Object> object) {
    Map<String, Object> copy = Tree.copyMap(object);
    Map<String, Object> metadata = Tree.child(copy, "metadata");
    Map<String, Object> annotations = new LinkedHashMap<>(Tree.map(metadata, "annotations"));
    annotations.remove(KEY);
    metadata.put("annotations", annotations);
    Map<String, Object> kept = GpuJobFiles.packed(copy) ? GpuJobFiles.withoutContents(copy) : copy;
    annotations.put(KEY, Json.compact(kept) + "\n");
    return copy;
  }
}
