package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;

/** {@code kubectl create -f}: new objects from files. */
final class Create implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.validated(Changes.flags(Targets.files(flags), "kubectl-create"))
        .bool("--save-config", "Save the configuration in the object's annotation for apply.")
        .text("-l --selector", "", "Selector (label query) on the objects of the files.")
        .text("--raw", "", "Raw URI to POST to the server.");
  }

  @Override
  public Help help() {
    return new Help(
        "Create a resource from a file or from stdin.",
        "# Create a pod using the data in pod.json\nkubectl create -f ./pod.json",
        "create -f FILENAME");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Changes changes = new Changes(session, arguments);
    Targets targets = new Targets(session, arguments);
    if (!arguments.words().isEmpty()) {
      throw new KubectlException(
          "error: Unexpected args: ["
              + String.join(" ", arguments.words())
              + "]\nSee 'kubectl create -h' for help and examples");
    }
    if (!targets.fromFiles()) {
      throw KubectlException.error("must specify one of -f and -k");
    }
    List<Item> items = targets.packedItems();
    LabelQuery query = LabelQuery.parse(arguments.text("--selector"));
    int created = 0;
    for (Item item : items) {
      if (!query.matches(minik8s.kubectl.document.Tree.map(item.object(), "metadata", "labels"))) {
        continue;
      }
      created++;
      try {
        one(session, arguments, changes, item);
      } catch (KubectlException e) {
        targets.failures().add(e);
      }
    }
    targets.settle();
    if (created == 0) {
      throw KubectlException.error("no objects passed to create");
    }
    return 0;
  }

  private static void one(Session session, Arguments arguments, Changes changes, Item item) {
    Map<String, Object> object =
        arguments.bool("--save-config") ? LastApplied.annotate(item.object()) : item.object();
    if (!changes.local()) {
      String path = item.type().path(item.namespace()) + changes.validatedQuery();
      Map<String, Object> body = object;
      object = Changes.from(item, "creating", () -> session.server().post(path, body));
    }
    String name = minik8s.kubectl.document.Tree.text(object, "metadata", "name");
    changes.report(new Item(item.type(), item.namespace(), name, object, item.source()), "created");
  }
}
