package minik8s.kubectl.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.client.Response;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.command.Targets.Wanted;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.ObjectPrinter;
import minik8s.kubectl.output.TabWriter;
import minik8s.kubectl.output.TableOptions;
import minik8s.kubectl.output.TablePrinter;
import minik8s.kubectl.output.Tint;
import org.jspecify.annotations.Nullable;

/** {@code kubectl get}: objects as tables or documents, once or as they change. */
final class Get implements Verb {
  @Override
  public void flags(Flags flags) {
    Targets.flags(flags)
        .text("-o --output", "", "Output format. One of: (" + ObjectPrinter.FORMATS + ").")
        .bool("-w --watch", "After listing, watch for changes.")
        .bool("--watch-only", "Watch for changes without listing first.")
        .bool("--output-watch-events", "Output watch event objects.")
        .bool("--ignore-not-found", "Suppress NotFound errors for named objects.")
        .bool("--no-headers", "Don't print headers.")
        .bool("--show-labels", "Show all labels as the last column.")
        .bool("--show-kind", "List the resource type for the objects.")
        .bool("--show-managed-fields", "Keep managedFields in JSON or YAML.")
        .bool("--server-print", true, "Have the server return the columns.")
        .list("-L --label-columns", "Labels to present as columns.")
        .text("--sort-by", "", "Sort by this JSONPath expression.")
        .text("--chunk-size", "500", "Return large lists in chunks.")
        .text("--raw", "", "Raw URI to request from the server.")
        .text("--subresource", "", "Get this subresource of the object.")
        .text("--template", "", "Template for go-template output, which is not supported.");
  }

  @Override
  public Help help() {
    return new Help(
        "Display one or many resources.",
        "# List all pods\nkubectl get pods\n\n# List pods with their nodes\nkubectl get pods -o wide",
        "get [(-o|--output=)...] (TYPE[.VERSION][.GROUP] [NAME | -l label] |"
            + " TYPE[.VERSION][.GROUP]/NAME ...) [flags]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (!arguments.text("--raw").isEmpty()) {
      return raw(session, arguments);
    }
    check(arguments);
    Targets targets = new Targets(session, arguments);
    boolean watch = arguments.bool("--watch") || arguments.bool("--watch-only");
    if (arguments.words().isEmpty() && !targets.fromFiles()) {
      throw nothing();
    }
    if (watch) {
      return new GetWatch(session, arguments).run(single(targets, arguments));
    }
    ObjectPrinter printer = printer(arguments);
    return printer == null
        ? new GetTable(session, arguments).run(targets)
        : new GetDocuments(session, arguments).run(targets, printer);
  }

  private static Wanted single(Targets targets, Arguments arguments) {
    List<Wanted> wanted = wanted(targets, arguments);
    if (wanted.size() != 1) {
      throw KubectlException.error("you may only specify a single resource type");
    }
    return wanted.get(0);
  }

  static List<Wanted> wanted(Targets targets, Arguments arguments) {
    if (!targets.fromFiles()) {
      return targets.wanted(arguments.words());
    }
    List<Wanted> out = new ArrayList<>();
    for (Item item : targets.fileItems()) {
      out.add(new Wanted.One(item.type(), item.namespace(), item.name()));
    }
    return out;
  }

  static @Nullable ObjectPrinter printer(Arguments arguments) {
    return ObjectPrinter.of(
        arguments.text("--output"),
        arguments.bool("--show-managed-fields"),
        !arguments.bool("--no-headers"));
  }

  private static KubectlException nothing() {
    return new KubectlException(
        "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete"
            + " list of supported resources.\n\nerror: Required resource not specified.\nUse"
            + " \"kubectl explain <resource>\" for a detailed description of that resource (e.g."
            + " kubectl explain pods).\nSee 'kubectl get -h' for help and examples");
  }

  private static void check(Arguments arguments) {
    String output = arguments.text("--output");
    boolean table = output.isEmpty() || output.equals("wide");
    if (arguments.bool("--show-labels") && !table) {
      throw KubectlException.error(
          "--show-labels option cannot be used with " + output + " printer");
    }
    boolean watch = arguments.bool("--watch") || arguments.bool("--watch-only");
    if (arguments.bool("--output-watch-events") && !watch) {
      throw KubectlException.error(
          "--output-watch-events option can only be used with --watch or --watch-only");
    }
  }

  private static int raw(Session session, Arguments arguments) {
    if (!arguments.words().isEmpty()) {
      throw KubectlException.error("arguments may not be passed when --raw is specified");
    }
    if (!arguments.text("--output").isEmpty()) {
      throw KubectlException.error("--raw and --output are mutually exclusive");
    }
    Response response =
        session.server().open("GET", arguments.text("--raw"), "application/json, */*", null, null);
    try (InputStream body = response.body()) {
      body.transferTo(session.streams().out());
    } catch (IOException e) {
      throw KubectlException.error(String.valueOf(e.getMessage()));
    }
    return 0;
  }

  /** The path of what is wanted with a query; {@code limit} empty asks for everything at once. */
  static String path(Wanted wanted, Arguments arguments, Query query) {
    if (wanted instanceof Wanted.One one) {
      String sub = arguments.text("--subresource");
      return one.type().path(one.namespace(), one.name())
          + (sub.isEmpty() ? "" : "/" + sub)
          + query;
    }
    return wanted.type().path(wanted.namespace()) + query;
  }

  /** Options of a table for objects of one type. */
  static TableOptions options(Arguments arguments, ResourceType type, boolean withKind) {
    return new TableOptions(
        arguments.text("--output").equals("wide"),
        !arguments.bool("--no-headers"),
        arguments.bool("--all-namespaces") && type.namespaced(),
        withKind ? type.label() : "",
        arguments.commas("--label-columns"),
        arguments.bool("--show-labels"));
  }

  static Tint tint(Session session) {
    boolean wanted = session.streams().terminal() && Colour.wanted(session.environment());
    return wanted ? Tint.STATUS : Tint.NONE;
  }

  /** Everything as tables, one per type. */
  private static final class GetTable {
    private final Session session;
    private final Arguments arguments;
    private final List<KubectlException> failures = new ArrayList<>();
    private boolean written;
    private boolean onlyNamespaced;

    GetTable(Session session, Arguments arguments) {
      this.session = session;
      this.arguments = arguments;
      this.onlyNamespaced = !arguments.bool("--all-namespaces");
    }

    int run(Targets targets) {
      List<Wanted> wanted = wanted(targets, arguments);
      boolean withKind = arguments.bool("--show-kind") || severalTypes(wanted);
      ResourceType last = null;
      TabWriter writer = new TabWriter();
      TablePrinter printer = null;
      for (Wanted one : wanted) {
        onlyNamespaced &= one.type().namespaced();
        if (printer == null || !one.type().equals(last)) {
          flush(writer);
          writer.forget();
          printer =
              new TablePrinter(options(arguments, one.type(), withKind), writer, session.clock());
          last = one.type();
        }
        pages(one, printer);
      }
      flush(writer);
      failures.addAll(0, targets.failures());
      if (!written && failures.isEmpty() && !arguments.bool("--ignore-not-found")) {
        session.complain(
            onlyNamespaced
                ? "No resources found in " + session.namespace() + " namespace."
                : "No resources found");
      }
      Targets.settle(failures);
      return 0;
    }

    private static boolean severalTypes(List<Wanted> wanted) {
      for (Wanted one : wanted) {
        if (!one.type().equals(wanted.get(0).type())) {
          return true;
        }
      }
      return false;
    }

    private void flush(TabWriter writer) {
      if (writer.isEmpty()) {
        return;
      }
      if (written && !arguments.bool("--no-headers")) {
        session.print("");
      }
      written = true;
      session.streams().out().append(writer.flush(tint(session)));
    }

    private void pages(Wanted wanted, TablePrinter printer) {
      String sort = arguments.text("--sort-by");
      String next = "";
      try {
        do {
          Query query = query(wanted, sort, next);
          Map<String, Object> page =
              session.server().get(path(wanted, arguments, query), accept(arguments));
          if (!sort.isEmpty()) {
            new Sorting(sort).apply(page);
          }
          printer.print(page, "");
          next = Tree.text(page, "metadata", "continue");
        } while (!next.isEmpty());
      } catch (ServerException e) {
        if (!e.notFound() || !arguments.bool("--ignore-not-found")) {
          failures.add(wanted instanceof Wanted.Every ? unlisted(wanted, e) : e);
        }
      }
    }

    private static KubectlException unlisted(Wanted wanted, ServerException e) {
      ResourceType type = wanted.type();
      boolean absent = e.message().equals("the server could not find the requested resource");
      return absent
          ? e.when(
              "Unable to list \""
                  + type.group()
                  + "/"
                  + type.version()
                  + ", Resource="
                  + type.plural()
                  + "\"")
          : e;
    }

    private Query query(Wanted wanted, String sort, String next) {
      boolean every = wanted instanceof Wanted.Every;
      String chunk = arguments.text("--chunk-size");
      return new Query()
          .with("continue", next)
          .with("fieldSelector", every ? arguments.text("--field-selector") : "")
          .with("includeObject", sort.isEmpty() ? "" : "Object")
          .with("labelSelector", every ? arguments.text("--selector") : "")
          .with("limit", every && sort.isEmpty() && !chunk.equals("0") ? chunk : "");
    }
  }

  static String accept(Arguments arguments) {
    return arguments.bool("--server-print") ? ApiServer.TABLE : "application/json";
  }

  /** Everything as documents: one object as it is, several as a List. */
  private static final class GetDocuments {
    private final Session session;
    private final Arguments arguments;

    GetDocuments(Session session, Arguments arguments) {
      this.session = session;
      this.arguments = arguments;
    }

    int run(Targets targets, ObjectPrinter printer) {
      List<Wanted> wanted = wanted(targets, arguments);
      boolean single = wanted.size() == 1 && wanted.get(0) instanceof Wanted.One;
      List<Object> objects = new ArrayList<>();
      List<KubectlException> failures = new ArrayList<>(targets.failures());
      for (Wanted one : wanted) {
        try {
          collect(one, objects, targets);
        } catch (ServerException e) {
          if (!e.notFound() || !arguments.bool("--ignore-not-found")) {
            failures.add(e);
          }
        }
      }
      if (single && objects.isEmpty()) {
        Targets.settle(failures);
        return 0;
      }
      String sort = arguments.text("--sort-by");
      if (!sort.isEmpty()) {
        new Sorting(sort).sort(objects);
      }
      if (!objects.isEmpty() || !arguments.bool("--ignore-not-found")) {
        print(printer, single, objects);
      }
      Targets.settle(failures);
      return 0;
    }

    private void collect(Wanted wanted, List<Object> objects, Targets targets) {
      switch (wanted) {
        case Wanted.One one -> {
          Query none = new Query();
          objects.add(
              Item.live(one.type(), session.server().get(path(one, arguments, none))).object());
        }
        case Wanted.Every every -> {
          for (Item item : targets.list(every)) {
            objects.add(item.object());
          }
        }
      }
    }

    private void print(ObjectPrinter printer, boolean single, List<Object> objects) {
      Map<String, Object> document =
          single
              ? Tree.asMap(objects.get(0))
              : Tree.of(
                  "apiVersion",
                  "v1",
                  "items",
                  objects,
                  "kind",
                  "List",
                  "metadata",
                  Tree.of("resourceVersion", ""));
      session.streams().out().append(printer.print(document));
    }
  }
}
