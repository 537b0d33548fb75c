package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.document.Tree;

/** {@code kubectl taint}: what keeps pods off nodes. */
final class Taint implements Verb {
  private static final Set<String> EFFECTS = Set.of("NoExecute", "NoSchedule", "PreferNoSchedule");

  /**
   * A change of one taint.
   *
   * @param effect empty for every effect of a key to be removed
   */
  private record Edit(String key, String value, String effect, boolean remove) {
    static Edit parse(String text) {
      boolean remove = text.endsWith("-");
      String body = remove ? text.substring(0, text.length() - 1) : text;
      int colon = body.indexOf(':');
      String effect = colon < 0 ? "" : body.substring(colon + 1);
      String pair = colon < 0 ? body : body.substring(0, colon);
      int equals = pair.indexOf('=');
      boolean known = EFFECTS.contains(effect) || (remove && effect.isEmpty());
      if (!known) {
        throw KubectlException.error(
            effect.isEmpty()
                ? "invalid taint spec: " + text
                : "invalid taint effect: %s, unsupported taint effect".formatted(effect));
      }
      return new Edit(
          equals < 0 ? pair : pair.substring(0, equals),
          equals < 0 ? "" : pair.substring(equals + 1),
          effect,
          remove);
    }

    boolean concerns(Object taint) {
      return Tree.text(taint, "key").equals(key)
          && (effect.isEmpty() || Tree.text(taint, "effect").equals(effect));
    }
  }

  @Override
  public void flags(Flags flags) {
    Changes.flags(flags, "kubectl-taint")
        .bool("--all", "Select all nodes in the cluster.")
        .bool("--overwrite", "Allow taints to be overwritten.")
        .text("-l --selector", "", "Selector (label query) to filter on.");
  }

  @Override
  public Help help() {
    return new Help(
        "Update the taints on one or more nodes.",
        "kubectl taint nodes foo dedicated=special-user:NoSchedule\n"
            + "kubectl taint nodes foo dedicated:NoSchedule-",
        "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> names = new ArrayList<>();
    List<Edit> edits = new ArrayList<>();
    read(arguments, names, edits);
    if (edits.isEmpty()) {
      throw KubectlException.error("at least one taint update is required");
    }
    boolean chosen = arguments.bool("--all") || !arguments.text("--selector").isEmpty();
    if (names.isEmpty() && !chosen) {
      throw KubectlException.error(
          "at least one resource name must be specified since 'all' parameter is not set");
    }
    Changes changes = new Changes(session, arguments);
    for (Item node : nodes(session, arguments, names)) {
      one(session, arguments, changes, node, edits);
    }
    return 0;
  }

  private static void read(Arguments arguments, List<String> names, List<Edit> edits) {
    List<String> words = new ArrayList<>(arguments.words());
    if (!words.isEmpty() && words.getFirst().startsWith("no") && !words.getFirst().contains("/")) {
      words.removeFirst();
    }
    for (String word : words) {
      boolean edit = word.contains("=") || word.contains(":") || word.endsWith("-");
      if (edit) {
        edits.add(Edit.parse(word));
      } else {
        names.add(word.substring(word.indexOf('/') + 1));
      }
    }
  }

  private static List<Item> nodes(Session session, Arguments arguments, List<String> names) {
    var type = KnownTypes.of("Node");
    List<Item> items = new ArrayList<>();
    if (names.isEmpty()) {
      Query query = new Query().with("labelSelector", arguments.text("--selector"));
      for (Object node : Tree.list(session.server().get(type.path("") + query), "items")) {
        items.add(new Item(type, "", Tree.text(node, "metadata", "name"), Tree.asMap(node), ""));
      }
    }
    for (String name : names) {
      items.add(new Item(type, "", name, session.server().get(type.path("", name)), ""));
    }
    return items;
  }

  private static void one(
      Session session, Arguments arguments, Changes changes, Item node, List<Edit> edits) {
    List<Object> taints = new ArrayList<>(Tree.list(node.object(), "spec", "taints"));
    List<String> clashes = new ArrayList<>();
    boolean added = false;
    boolean removed = false;
    for (Edit edit : edits) {
      boolean known = taints.stream().anyMatch(edit::concerns);
      if (edit.remove()) {
        if (!known) {
          String what = edit.key() + (edit.effect().isEmpty() ? "" : ":" + edit.effect());
          throw KubectlException.error("taint \"" + what + "\" not found");
        }
        removed |= taints.removeIf(edit::concerns);
        continue;
      }
      if (known && !arguments.bool("--overwrite")) {
        clashes.add(edit.key());
      }
      taints.removeIf(edit::concerns);
      Map<String, Object> taint = Tree.of("effect", edit.effect(), "key", edit.key());
      if (!edit.value().isEmpty()) {
        taint.put("value", edit.value());
      }
      taints.add(taint);
      added = true;
    }
    if (!clashes.isEmpty()) {
      throw KubectlException.error(
          "node %s already has %s taint(s) with same effect(s) and --overwrite is false"
              .formatted(node.name(), String.join(",", clashes)));
    }
    Map<String, Object> patch =
        Tree.of(
            "metadata",
            Tree.of("resourceVersion", Tree.text(node.object(), "metadata", "resourceVersion")),
            "spec",
            Tree.of("taints", taints));
    Map<String, Object> answer = node.object();
    if (!changes.local()) {
      answer =
          session
              .server()
              .patch(node.path() + changes.query(), "application/merge-patch+json", patch);
    }
    changes.report(
        node.with(answer), added && removed ? "modified" : added ? "tainted" : "untainted");
  }
}
