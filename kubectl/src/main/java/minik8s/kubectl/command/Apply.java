package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Json;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.patch.ThreeWay;
import org.jspecify.annotations.Nullable;

/** {@code kubectl apply}: make live objects what the files say. */
final class Apply implements Verb {
  private static final int RETRIES = 5;
  private static final String CONFLICT_ADVICE =
      """

      Please review the fields above--they currently have other managers. Here
      are the ways you can resolve this warning:
      * If you intend to manage all of these fields, please re-run the apply
        command with the `--force-conflicts` flag.
      * If you do not intend to manage all of the fields, please edit your
        manifest to remove references to the fields that should keep their
        current managers.
      * You may co-own fields by updating your manifest to match the existing
        value; in this case, you'll become the manager if the other manager(s)
        stop managing the field (remove it from their configuration).
      See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts\
      """;

  @Override
  public void flags(Flags flags) {
    Changes.validated(Changes.flags(Targets.files(flags), "kubectl-client-side-apply"))
        .bool("--server-side", "Apply runs in the server instead of the client.")
        .bool("--force-conflicts", "Server-side apply forces changes against conflicts.")
        .bool("--force", "Delete and create again what cannot be patched.")
        .bool("--overwrite", true, "Resolve conflicts by using values from the file.")
        .bool("--openapi-patch", true, "Accepted and ignored.")
        .text("-l --selector", "", "Selector (label query) on the objects of the files.")
        .text("--grace-period", "-1", "Seconds given to objects that --force deletes.")
        .text("--timeout", "0s", "How long to wait before giving up on a delete.")
        .bool("--wait", "Wait for objects that --force deletes.")
        .optional("--cascade", "background", "background", "How --force deletes dependents.");
  }

  @Override
  public Help help() {
    return new Help(
        "Apply a configuration to a resource by file name or stdin. The resource will be created if"
            + " it doesn't exist yet.",
        "# Apply the configuration in pod.json to a pod\nkubectl apply -f ./pod.json",
        "apply (-f FILENAME | -k DIRECTORY)");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    return new Run(session, arguments).run();
  }

  /** Whether the server knows strategic merges for the type. */
  static boolean builtIn(Item item) {
    String group = item.type().group();
    return group.isEmpty() || group.indexOf('.') < 0 || group.endsWith(".k8s.io");
  }

  /** One run over all objects; a failure of one does not keep the others back. */
  private static final class Run {
    private final Session session;
    private final Arguments arguments;
    private final Changes changes;
    private final List<Object> printed = new ArrayList<>();

    Run(Session session, Arguments arguments) {
      this.session = session;
      this.arguments = arguments;
      this.changes = new Changes(session, arguments);
    }

    int run() {
      Targets targets = new Targets(session, arguments);
      if (!arguments.words().isEmpty()) {
        throw new KubectlException(
            "error: Unexpected args: ["
                + String.join(" ", arguments.words())
                + "]\nSee 'kubectl apply -h' for help and examples");
      }
      if (!targets.fromFiles()) {
        throw KubectlException.error("must specify one of -f and -k");
      }
      check();
      List<Item> items = selected(targets.packedItems());
      List<KubectlException> failures = targets.failures();
      if (items.isEmpty() && failures.isEmpty()) {
        throw KubectlException.error("no objects passed to apply");
      }
      for (Item item : items) {
        try {
          one(item);
        } catch (KubectlException e) {
          failures.add(e);
        }
      }
      printAll();
      Targets.settle(failures);
      return 0;
    }

    private void check() {
      boolean serverSide = arguments.bool("--server-side");
      if (arguments.bool("--force-conflicts") && !serverSide) {
        throw KubectlException.error("--force-conflicts only works with --server-side");
      }
      if (changes.local() && serverSide) {
        throw KubectlException.error(
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server"
                + " instead?)");
      }
      if (arguments.bool("--force") && serverSide) {
        throw KubectlException.error("--force cannot be used with --server-side");
      }
      if (arguments.bool("--force") && changes.pretended()) {
        throw KubectlException.error("--dry-run=server cannot be used with --force");
      }
    }

    private List<Item> selected(List<Item> items) {
      LabelQuery query = LabelQuery.parse(arguments.text("--selector"));
      List<Item> out = new ArrayList<>();
      for (Item item : items) {
        if (query.matches(Tree.map(item.object(), "metadata", "labels"))) {
          out.add(item);
        }
      }
      return out;
    }

    private void printAll() {
      if (printed.size() == 1) {
        changes.print(Tree.asMap(printed.get(0)));
      } else if (!printed.isEmpty()) {
        changes.print(
            Tree.of("apiVersion", "v1", "items", printed, "kind", "List", "metadata", Tree.of()));
      }
    }

    private void report(Item item, String operation) {
      if (changes.documents()) {
        printed.add(item.object());
      } else {
        changes.report(item, operation);
      }
    }

    private void one(Item item) {
      if (item.name().isEmpty()) {
        String generated = Tree.text(item.object(), "metadata", "generateName");
        throw KubectlException.error(
            generated.isEmpty()
                ? "error when applying \"" + item.source() + "\": resource name may not be empty"
                : "from " + generated + ": cannot use generate name with apply");
      }
      if (arguments.bool("--server-side")) {
        serverSide(item);
        return;
      }
      Map<String, Object> modified = LastApplied.annotate(item.object());
      Map<String, Object> current =
          Changes.from(
              item,
              "retrieving current configuration of:\n" + describe(item) + "\nfrom server for:",
              () -> find(item));
      if (current == null) {
        create(item, modified);
      } else {
        patch(item, modified, current);
      }
    }

    private static String describe(Item item) {
      String group = item.type().group().isEmpty() ? "/" : item.type().group() + "/";
      return "Resource: \""
          + group
          + item.type().version()
          + ", Resource="
          + item.type().plural()
          + "\", GroupVersionKind: \""
          + group
          + item.type().version()
          + ", Kind="
          + item.type().kind()
          + "\"\nName: \""
          + item.name()
          + "\", Namespace: \""
          + item.namespace()
          + "\"";
    }

    private @Nullable Map<String, Object> find(Item item) {
      return session.server().find(item.path());
    }

    private void serverSide(Item item) {
      String manager = arguments.text("--field-manager");
      Query query =
          new Query()
              .with("dryRun", changes.pretended() ? "All" : "")
              .with(
                  "fieldManager", manager.equals("kubectl-client-side-apply") ? "kubectl" : manager)
              .with("fieldValidation", "Strict")
              .with("force", Boolean.toString(arguments.bool("--force-conflicts")));
      try {
        Map<String, Object> object =
            session.server().patch(item.path() + query, ApiServer.APPLY, item.object());
        report(item.with(object), "serverside-applied");
      } catch (ServerException e) {
        if (e.conflict()) {
          throw KubectlException.error(e.message() + CONFLICT_ADVICE);
        }
        if (e.code() == 415 || e.code() == 406) {
          throw new KubectlException(
              "error: Server-side apply not available on the server: (" + e.message() + ")");
        }
        throw e;
      }
    }

    private void create(Item item, Map<String, Object> modified) {
      Map<String, Object> object = Nulls.without(modified);
      if (!changes.local()) {
        String path = item.type().path(item.namespace()) + changes.validatedQuery();
        object =
            Changes.from(
                item, "creating", () -> session.server().post(path, Nulls.without(modified)));
      }
      report(item.with(object), "created");
    }

    private void patch(Item item, Map<String, Object> modified, Map<String, Object> live) {
      if (LastApplied.of(live).isEmpty()) {
        session.complain(
            "Warning: resource "
                + item.type().plural()
                + "/"
                + item.name()
                + " is missing the "
                + LastApplied.KEY
                + " annotation which is required by kubectl apply. kubectl apply"
                + " should only be used on resources created declaratively by either kubectl create"
                + " --save-config or kubectl apply. The missing annotation will be patched"
                + " automatically.");
      }
      Map<String, Object> current = live;
      for (int attempt = 0; ; attempt++) {
        Map<String, Object> patch = difference(item, modified, current);
        if (patch.isEmpty()) {
          report(item.with(current), "unchanged");
          return;
        }
        if (changes.local()) {
          report(item.with(modified), "configured");
          return;
        }
        try {
          report(item.with(send(item, patch)), "configured");
          return;
        } catch (ServerException e) {
          current = afterRefusal(item, modified, patch, e, attempt);
          if (current.isEmpty()) {
            return;
          }
        }
      }
    }

    /** What to try against after a refusal; empty when replacing the object has settled it. */
    private Map<String, Object> afterRefusal(
        Item item,
        Map<String, Object> modified,
        Map<String, Object> patch,
        ServerException refusal,
        int attempt) {
      if (refusal.conflict() && attempt < RETRIES) {
        return session.server().get(item.path());
      }
      if (arguments.bool("--force") && (refusal.conflict() || refusal.invalid())) {
        new Deletion(session, arguments).deleteAndWait(item);
        String path = item.type().path(item.namespace()) + changes.validatedQuery();
        report(item.with(session.server().post(path, Nulls.without(modified))), "configured");
        return Map.of();
      }
      String doing =
          "applying patch:\n" + Json.compact(patch) + "\nto:\n" + describe(item) + "\nfor:";
      throw refusal.when("error when " + doing + " \"" + item.source() + "\"");
    }

    private static Map<String, Object> difference(
        Item item, Map<String, Object> modified, Map<String, Object> current) {
      Map<String, Object> original = LastApplied.of(current);
      return builtIn(item)
          ? ThreeWay.strategic(item.type().kind(), original, modified, current)
          : ThreeWay.merge(original, modified, current);
    }

    private Map<String, Object> send(Item item, Map<String, Object> patch) {
      return session
          .server()
          .patch(
              item.path() + changes.validatedQuery(),
              builtIn(item) ? ApiServer.STRATEGIC : ApiServer.MERGE,
              patch);
    }
  }
}
