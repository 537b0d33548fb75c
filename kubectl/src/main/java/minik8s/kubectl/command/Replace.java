package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl replace}: whole objects by whole objects. */
final class Replace implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.validated(Changes.flags(Targets.files(flags), "kubectl-replace"))
        .optional("--cascade", "background", "background", "How --force deletes dependents.")
        .bool("--force", "Delete and create again.")
        .text("--grace-period", "-1", "Seconds given to objects that --force deletes.")
        .text("--timeout", "0s", "Accepted and ignored.")
        .bool("--wait", "Accepted and ignored.")
        .bool("--save-config", "Save the configuration in the object's annotation for apply.")
        .text("--subresource", "", "Replace this subresource instead of the object.");
  }

  @Override
  public Help help() {
    return new Help(
        "Replace a resource by file name or stdin.",
        "kubectl replace -f ./pod.json",
        "replace -f FILENAME");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Targets targets = new Targets(session, arguments);
    if (!targets.fromFiles()) {
      throw KubectlException.error("must specify one of -f and -k");
    }
    Changes changes = new Changes(session, arguments);
    List<Item> items = targets.packedItems();
    for (Item item : items) {
      try {
        one(session, arguments, changes, item);
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    if (items.isEmpty()) {
      throw KubectlException.error("no objects passed to replace");
    }
    return 0;
  }

  private static void one(Session session, Arguments arguments, Changes changes, Item item) {
    Map<String, Object> object =
        arguments.bool("--save-config") ? LastApplied.annotate(item.object()) : item.object();
    if (changes.local()) {
      changes.report(item, "replaced");
      return;
    }
    if (arguments.bool("--force")) {
      new Deletion(session, arguments).deleteAndWait(item);
      String path = item.type().path(item.namespace()) + changes.validatedQuery();
      changes.report(item.with(session.server().post(path, object)), "replaced");
      return;
    }
    String sub = arguments.text("--subresource");
    String path = item.path() + (sub.isEmpty() ? "" : "/" + sub);
    Map<String, Object> after =
        Changes.from(
            item,
            "replacing",
            () -> {
              if (Tree.text(object, "metadata", "resourceVersion").isEmpty()) {
                String version =
                    Tree.text(session.server().get(item.path()), "metadata", "resourceVersion");
                Tree.put(object, version, "metadata", "resourceVersion");
              }
              return session.server().put(path + changes.validatedQuery(), object);
            });
    changes.report(item.with(after), "replaced");
  }
}
