package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.ObjectPrinter;
import minik8s.kubectl.output.TabWriter;

/** {@code kubectl auth whoami}: who the server takes one for. */
final class WhoAmI implements Verb {
  @Override
  public void flags(Flags flags) {
    flags.text("-o --output", "", "Output format.");
  }

  @Override
  public Help help() {
    return new Help(
        "Check who you are and your attributes (groups, extra).",
        "kubectl auth whoami",
        "auth whoami");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    Map<String, Object> answer =
        session
            .server()
            .post(
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                Tree.of("apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview"));
    ObjectPrinter printer = ObjectPrinter.of(arguments.text("--output"), false, true);
    if (printer != null) {
      session.streams().out().append(printer.print(answer));
      return 0;
    }
    Map<String, Object> user = Tree.map(answer, "status", "userInfo");
    TabWriter out = new TabWriter();
    out.line("ATTRIBUTE", "VALUE");
    add(out, "Username", Tree.text(user, "username"));
    add(out, "UID", Tree.text(user, "uid"));
    List<Object> groups = Tree.list(user, "groups");
    add(out, "Groups", groups.isEmpty() ? "" : bracketed(groups));
    new TreeMap<>(Tree.map(user, "extra"))
        .forEach((key, value) -> add(out, "Extra: " + key, bracketed(Tree.asList(value))));
    session.streams().out().append(out.flush());
    return 0;
  }

  private static void add(TabWriter out, String name, String value) {
    if (!value.isEmpty()) {
      out.line(name, value);
    }
  }

  private static String bracketed(List<Object> values) {
    List<String> out = new ArrayList<>();
    values.forEach(value -> out.add(Tree.scalar(value)));
    return "[" + String.join(" ", out) + "]";
  }
}
