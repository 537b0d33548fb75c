package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;

/** {@code kubectl label} and {@code annotate}: set and take away pairs in the metadata. */
final class LabelVerb implements Verb {
  private final String field;
  private final boolean labels;

  LabelVerb(String field) {
    this.field = field;
    this.labels = field.equals("labels");
  }

  private String word() {
    return labels ? "label" : "annotate";
  }

  @Override
  public void flags(Flags flags) {
    Changes.flags(Targets.flags(flags), "kubectl-" + word())
        .bool("--all", "Select all resources, in the namespace of the specified resource types.")
        .bool("--overwrite", "Allow existing values to be overwritten.")
        .bool("--list", "Display the current pairs.")
        .bool("--local", "Work on the files alone, without a server.")
        .text("--resource-version", "", "Only update if this is the object's version.");
  }

  @Override
  public Help help() {
    return new Help(
        "Update the " + field + " on a resource.",
        "kubectl " + word() + " pods foo unhealthy=true",
        word() + " [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = new ArrayList<>();
    Map<String, Object> pairs = new LinkedHashMap<>();
    read(arguments.words(), words, pairs);
    Targets targets = new Targets(session, arguments);
    check(arguments, targets, words, pairs);
    Changes changes = new Changes(session, arguments);
    List<Item> items = arguments.bool("--local") ? targets.fileItems(false) : targets.items(words);
    for (Item item : items) {
      try {
        if (arguments.bool("--list")) {
          list(session, item, items.size() > 1);
        } else {
          one(session, arguments, changes, item, pairs);
        }
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    return 0;
  }

  private void read(List<String> all, List<String> words, Map<String, Object> pairs) {
    for (String word : all) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        put(pairs, word.substring(0, equals), word.substring(equals + 1));
      } else if (word.endsWith("-") && !words.isEmpty()) {
        put(pairs, word.substring(0, word.length() - 1), Json.NULL);
      } else if (!pairs.isEmpty()) {
        throw KubectlException.error(
            "all resources must be specified before " + single() + " changes: " + word);
      } else {
        words.add(word);
      }
    }
  }

  private void put(Map<String, Object> pairs, String key, Object value) {
    if (pairs.containsKey(key) && (value == Json.NULL || pairs.get(key) == Json.NULL)) {
      throw KubectlException.error(
          "cannot modify and remove the same " + (labels ? "label" : "annotation"));
    }
    pairs.put(key, value);
  }

  private String single() {
    return labels ? "label" : "annotation";
  }

  private void check(
      Arguments arguments, Targets targets, List<String> words, Map<String, Object> pairs) {
    if (arguments.bool("--local") && !words.isEmpty()) {
      throw KubectlException.error(
          "can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set");
    }
    if (words.isEmpty() && !targets.fromFiles()) {
      throw KubectlException.error(
          "one or more resources must be specified as <resource> <name> or" + " <resource>/<name>");
    }
    if (pairs.isEmpty() && !arguments.bool("--list")) {
      throw KubectlException.error("at least one " + single() + " update is required");
    }
    boolean every = !targets.fromFiles() && words.size() == 1 && words.get(0).indexOf('/') < 0;
    boolean selecting =
        arguments.bool("--all")
            || !arguments.text("--selector").isEmpty()
            || !arguments.text("--field-selector").isEmpty();
    if (every && !selecting) {
      throw KubectlException.error("resource(s) were provided, but no name was specified");
    }
  }

  private void list(Session session, Item item, boolean several) {
    Map<String, Object> there = new TreeMap<>(Tree.map(item.object(), "metadata", field));
    if (several) {
      session.print(
          "Listing "
              + field
              + " for "
              + item.type().kind()
              + "."
              + item.type().group()
              + "/"
              + item.name()
              + ":");
    }
    there.forEach(
        (key, value) -> session.print((several ? " " : "") + key + "=" + Tree.scalar(value)));
  }

  private void one(
      Session session, Arguments arguments, Changes changes, Item item, Map<String, Object> pairs) {
    Map<String, Object> there = Tree.map(item.object(), "metadata", field);
    if (!arguments.bool("--overwrite")) {
      refuseOverwrites(there, pairs, item);
    }
    Map<String, Object> wanted = new LinkedHashMap<>(there);
    String operation = apply(session, wanted, pairs);
    Map<String, Object> local = Tree.copyMap(item.object());
    Tree.put(local, wanted, "metadata", field);
    if (wanted.equals(there) && !changes.documents() && labels) {
      changes.report(item, "not labeled");
      return;
    }
    if (changes.local() || arguments.bool("--local")) {
      changes.report(item.with(local), operation);
      return;
    }
    Map<String, Object> metadata = Tree.of(field, pairs);
    String version = arguments.text("--resource-version");
    if (!version.isEmpty()) {
      metadata.put("resourceVersion", version);
    }
    Map<String, Object> patch = Tree.of("metadata", metadata);
    changes.report(
        item.with(session.server().patch(item.path() + changes.query(), ApiServer.MERGE, patch)),
        operation);
  }

  private void refuseOverwrites(Map<String, Object> there, Map<String, Object> pairs, Item item) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, Object> pair : pairs.entrySet()) {
      Object old = there.get(pair.getKey());
      if (old != null && pair.getValue() != Json.NULL && !old.equals(pair.getValue())) {
        problems.add(
            "'"
                + pair.getKey()
                + "' already has a value ("
                + Tree.scalar(old)
                + (labels ? "), and --overwrite is false" : ")"));
      }
    }
    if (!problems.isEmpty()) {
      throw KubectlException.error(
          labels
              ? String.join("; ", problems)
              : "--overwrite is false but found the following declared annotation(s): "
                  + String.join("; ", problems));
    }
    if (item.name().isEmpty()) {
      throw KubectlException.error("resource name may not be empty");
    }
  }

  /** Changes the pairs and tells in a word what that was. */
  private String apply(Session session, Map<String, Object> wanted, Map<String, Object> pairs) {
    boolean added = false;
    boolean removed = false;
    for (Map.Entry<String, Object> pair : pairs.entrySet()) {
      if (pair.getValue() == Json.NULL) {
        if (wanted.remove(pair.getKey()) == null) {
          if (labels) {
            session.streams().out().append("label \"" + pair.getKey() + "\" not found.\n");
          }
        } else {
          removed = true;
        }
      } else {
        added |= !pair.getValue().equals(wanted.put(pair.getKey(), pair.getValue()));
      }
    }
    if (!labels) {
      return "annotated";
    }
    return added || !removed ? "labeled" : "unlabeled";
  }
}
