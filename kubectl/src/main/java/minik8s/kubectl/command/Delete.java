package minik8s.kubectl.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.command.Targets.Wanted;

/** {@code kubectl delete}: objects by file, name or selector, waiting until they are gone. */
final class Delete implements Verb {
  @Override
  public void flags(Flags flags) {
    Targets.flags(flags)
        .bool("--all", "Delete all resources, in the namespace of the specified resource types.")
        .optional("--cascade", "background", "background", "background, orphan, or foreground.")
        .text("--grace-period", "-1", "Seconds given to the resource to terminate gracefully.")
        .bool("--force", "Immediately remove resources and bypass graceful deletion.")
        .bool("--now", "Signal for immediate shutdown (same as --grace-period=1).")
        .bool("--wait", true, "Wait for resources to be gone before returning.")
        .text("--timeout", "0s", "How long to wait before giving up; zero waits.")
        .bool("--ignore-not-found", "Treat \"resource not found\" as a successful delete.")
        .bool("-i --interactive", "Delete only when the user confirms.")
        .text("-o --output", "", "Output mode. Use \"-o name\" for shorter output.")
        .optional("--dry-run", "none", "unchanged", "\"none\", \"server\", or \"client\".")
        .text("--raw", "", "Raw URI to DELETE to the server.");
  }

  @Override
  public Help help() {
    return new Help(
        "Delete resources by file names, stdin, resources and names, or by resources and label"
            + " selector.",
        "# Delete pods and services with label name=myLabel\nkubectl delete pods,services -l"
            + " name=myLabel",
        "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    return new Run(session, arguments).run();
  }

  private record Gone(Item item, String uid) {}

  /** One run over all objects. */
  private static final class Run {
    private final Session session;
    private final Arguments arguments;
    private final Targets targets;
    private final long grace;

    Run(Session session, Arguments arguments) {
      this.session = session;
      this.arguments = arguments;
      this.targets = new Targets(session, arguments);
      this.grace = grace(arguments);
    }

    private static long grace(Arguments arguments) {
      long given = arguments.number("--grace-period");
      if (arguments.bool("--now")) {
        if (given != -1) {
          throw KubectlException.error("--now and --grace-period cannot be specified together");
        }
        return 1;
      }
      if (given == 0 && !arguments.bool("--force")) {
        return 1;
      }
      if (arguments.bool("--force") && given < 0) {
        return 0;
      }
      if (arguments.bool("--force") && given > 0) {
        throw KubectlException.error(
            "--force and --grace-period greater than 0 cannot be specified together");
      }
      return given;
    }

    int run() {
      check();
      if (arguments.bool("--force")) {
        session.complain(
            "Warning: Immediate deletion does not wait for confirmation that the running resource"
                + " has been terminated. The resource may continue to run on the cluster"
                + " indefinitely.");
      }
      boolean forgiving =
          arguments.bool("--ignore-not-found")
              || (arguments.bool("--all") && !arguments.given("--ignore-not-found"));
      List<Gone> gone = new ArrayList<>();
      List<Item> items = items();
      for (Item item : items) {
        try {
          gone.add(new Gone(item, delete(item)));
        } catch (ServerException e) {
          if (!e.notFound() || !forgiving) {
            targets.failures().add(e);
          }
        }
      }
      if (items.isEmpty() && targets.failures().isEmpty()) {
        session.streams().out().append("No resources found\n");
      }
      await(gone);
      targets.settle();
      return 0;
    }

    private void check() {
      String output = arguments.text("--output");
      if (!output.isEmpty() && !output.equals("name")) {
        throw KubectlException.error(
            "unexpected -o output mode: " + output + ". We only support '-o name'");
      }
      boolean selecting =
          !arguments.text("--selector").isEmpty() || !arguments.text("--field-selector").isEmpty();
      if (arguments.bool("--all") && !arguments.text("--selector").isEmpty()) {
        throw KubectlException.error("cannot set --all and --selector at the same time");
      }
      if (targets.fromFiles()) {
        return;
      }
      List<String> words = arguments.words();
      if (words.isEmpty()) {
        throw KubectlException.error(
            "You must provide one or more resources by argument or filename.\nExample resource"
                + " specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n  "
                + " '<resource> <name>'\n   '<resource>'");
      }
      boolean named = words.size() > 1 || words.get(0).indexOf('/') > 0;
      if (!named && !selecting && !arguments.bool("--all")) {
        throw KubectlException.error("resource(s) were provided, but no name was specified");
      }
      if (named && arguments.bool("--all")) {
        throw KubectlException.error("name cannot be provided when a selector is specified");
      }
    }

    private List<Item> items() {
      if (targets.fromFiles()) {
        return targets.fileItems();
      }
      List<Item> out = new ArrayList<>();
      for (Wanted wanted : targets.wanted(arguments.words())) {
        switch (wanted) {
          case Wanted.One one ->
              out.add(new Item(one.type(), one.namespace(), one.name(), Map.of(), ""));
          case Wanted.Every every -> targets.gather(() -> out.addAll(targets.list(every)));
        }
      }
      return out;
    }

    private String delete(Item item) {
      String dryRun = arguments.text("--dry-run");
      String uid = "";
      if (!dryRun.equals("client")) {
        Query query = new Query().with("dryRun", dryRun.equals("server") ? "All" : "");
        Map<String, Object> options = Deletion.options(arguments.text("--cascade"), grace);
        Map<String, Object> answer =
            Changes.from(
                item, "deleting", () -> session.server().delete(item.path() + query, options));
        uid = Deletion.uid(answer);
      }
      String suffix =
          dryRun.equals("client")
              ? " (dry run)"
              : dryRun.equals("server") ? " (server dry run)" : "";
      if (arguments.text("--output").equals("name")) {
        session.print(item.label());
      } else {
        String how = grace == 0 ? "force deleted" : "deleted";
        session.print(item.quoted() + " " + how + suffix);
      }
      session.streams().out().flush();
      return uid;
    }

    private void await(List<Gone> gone) {
      if (!arguments.bool("--wait") || !arguments.text("--dry-run").equals("none")) {
        return;
      }
      Duration limit = arguments.duration("--timeout");
      Instant end = session.clock().instant().plus(limit);
      Deletion deletion = new Deletion(session, arguments);
      for (Gone one : gone) {
        try {
          Duration left = limit.isZero() ? limit : Duration.between(session.clock().instant(), end);
          deletion.awaitGone(
              one.item(), one.uid(), left.isNegative() ? Duration.ofMillis(1) : left);
        } catch (ServerException e) {
          targets.failures().add(e);
        }
      }
    }
  }
}
