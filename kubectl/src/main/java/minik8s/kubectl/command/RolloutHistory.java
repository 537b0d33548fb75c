package minik8s.kubectl.command;

import java.util.Map;
import java.util.NavigableMap;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.describe.ElasticTabs;
import minik8s.kubectl.output.ObjectPrinter;

/** {@code kubectl rollout history}: earlier revisions. */
final class RolloutHistory implements Verb {
  @Override
  public void flags(Flags flags) {
    Targets.flags(flags)
        .text("--revision", "0", "See the details, including podTemplate of the revision.")
        .text("-o --output", "", "Output format. One of: (" + ObjectPrinter.FORMATS + ").")
        .bool("--show-managed-fields", "Keep managedFields in JSON or YAML.");
  }

  @Override
  public Help help() {
    return new Help(
        "View previous rollout revisions and configurations.",
        "kubectl rollout history deployment/abc",
        "rollout history (TYPE NAME | TYPE/NAME) [flags]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Targets targets = new Targets(session, arguments);
    if (arguments.words().isEmpty() && !targets.fromFiles()) {
      throw KubectlException.error("required resource not specified");
    }
    long revision = arguments.number("--revision");
    if (revision < 0) {
      throw KubectlException.error("revision must be a positive integer: " + revision);
    }
    ObjectPrinter printer =
        ObjectPrinter.of(arguments.text("--output"), arguments.bool("--show-managed-fields"), true);
    for (Item item : targets.items(arguments.words())) {
      NavigableMap<Long, Map<String, Object>> all = new Revisions(session).of(item);
      if (revision > 0 && !all.containsKey(revision)) {
        throw KubectlException.error("unable to find the specified revision");
      }
      if (printer != null) {
        for (Map.Entry<Long, Map<String, Object>> one : all.entrySet()) {
          if (revision == 0 || one.getKey() == revision) {
            session.streams().out().append(printer.print(one.getValue()));
          }
        }
      } else if (revision > 0) {
        Map<String, Object> chosen = all.getOrDefault(revision, Map.of());
        session.print(item.label() + " with revision #" + revision);
        session
            .streams()
            .out()
            .append(
                minik8s.kubectl.describe.PodText.template(
                    Revisions.template(chosen), session.clock()))
            .append('\n')
            .append('\n');
      } else {
        session.print(item.label() + " ");
        session.streams().out().append(table(all)).append('\n');
      }
    }
    targets.settle();
    return 0;
  }

  private static String table(NavigableMap<Long, Map<String, Object>> all) {
    if (all.isEmpty()) {
      return "No rollout history found.";
    }
    StringBuilder out = new StringBuilder("REVISION\tCHANGE-CAUSE\n");
    all.forEach((number, revision) ->
        out.append(number).append('\t').append(Revisions.cause(revision)).append('\n'));
    return ElasticTabs.format(out.toString());
  }
}
