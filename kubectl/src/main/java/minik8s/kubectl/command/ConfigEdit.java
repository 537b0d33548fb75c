package minik8s.kubectl.command;

import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl config use-context}, {@code delete-…}, {@code rename-context}, set and unset. */
final class ConfigEdit implements Verb {
  private final String word;

  ConfigEdit(String word) {
    this.word = word;
  }

  @Override
  public void flags(Flags flags) {
    if (word.equals("set")) {
      flags.bool("--set-raw-bytes", "Accepted and ignored.");
    }
  }

  @Override
  public Help help() {
    return new Help(
        "Change a kubeconfig file: " + word + ".",
        "kubectl config " + word + " …",
        "config " + word + " NAME");
  }

  private String one(Arguments arguments, int count) {
    if (arguments.words().size() != count) {
      throw new KubectlException(
          "error: unexpected args: ["
              + String.join(" ", arguments.words())
              + "]\nSee 'kubectl config "
              + word
              + " -h' for help and examples");
    }
    return arguments.words().get(0);
  }

  @Override
  public int run(Session session, Arguments arguments) {
    switch (word) {
      case "use-context" -> use(session, one(arguments, 1));
      case "rename-context" -> rename(session, one(arguments, 2), arguments.words().get(1));
      case "set" -> set(session, one(arguments, 2), arguments.words().get(1));
      case "unset" -> unset(session, one(arguments, 1));
      default -> delete(session, word.substring("delete-".length()), one(arguments, 1));
    }
    return 0;
  }

  private static void use(Session session, String name) {
    if (session.config().entry("contexts", name) == null) {
      throw KubectlException.error("no context exists with the name: \"" + name + "\"");
    }
    ConfigFile file = ConfigFile.current(session);
    file.document().put("current-context", name);
    file.write();
    session.print("Switched to context \"" + name + "\".");
  }

  private static void rename(Session session, String from, String to) {
    ConfigFile file = ConfigFile.holding(session, "contexts", from);
    Map<String, Object> entry = file.entry("contexts", from);
    if (entry == null) {
      throw KubectlException.error(
          "cannot rename the context \"" + from + "\", it's not in " + file.path());
    }
    if (session.config().entry("contexts", to) != null) {
      throw KubectlException.error(
          "cannot rename the context \""
              + from
              + "\", the context \""
              + to
              + "\" already exists in "
              + file.path());
    }
    entry.put("name", to);
    if (Tree.text(file.document(), "current-context").equals(from)) {
      file.document().put("current-context", to);
    }
    file.write();
    session.print("Context \"" + from + "\" renamed to \"" + to + "\".");
  }

  private static void delete(Session session, String what, String name) {
    ConfigFile file = ConfigFile.holding(session, what + "s", name);
    if (!file.remove(what + "s", name)) {
      throw KubectlException.error(
          "cannot delete " + what + " " + name + ", not in " + file.path());
    }
    boolean active = what.equals("context") && session.config().currentContext().equals(name);
    file.write();
    if (active) {
      session.complain(
          "warning: this removed your active context, use \"kubectl config use-context\" to select a"
              + " different one");
    }
    session.print("deleted " + what + " " + name + " from " + file.path());
  }

  /** A property's place: {@code users.NAME.token} or {@code current-context}. */
  private static void set(Session session, String property, String value) {
    List<String> steps = List.of(property.split("\\.", -1));
    if (steps.size() < 3) {
      ConfigFile file = ConfigFile.current(session);
      file.document().put(property, value);
      file.write();
    } else {
      ConfigFile file = ConfigFile.holding(session, steps.get(0), steps.get(1));
      Tree.put(
          file.body(steps.get(0), steps.get(1)),
          value,
          steps.subList(2, steps.size()).toArray(new String[0]));
      file.write();
    }
    session.print("Property \"" + property + "\" set.");
  }

  private static void unset(Session session, String property) {
    List<String> steps = List.of(property.split("\\.", -1));
    ConfigFile file =
        steps.size() == 1
            ? ConfigFile.current(session)
            : ConfigFile.holding(session, steps.get(0), steps.get(1));
    switch (steps.size()) {
      case 1 -> file.document().remove(property);
      case 2 -> file.remove(steps.get(0), steps.get(1));
      default ->
          Tree.remove(
              file.body(steps.get(0), steps.get(1)),
              steps.subList(2, steps.size()).toArray(new String[0]));
    }
    file.write();
    session.print("Property \"" + property + "\" unset.");
  }
}
