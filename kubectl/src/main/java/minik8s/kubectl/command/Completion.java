package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import minik8s.kubectl.client.KubectlException;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code kubectl completion}: a script for bash or zsh that knows verbs, flags and common kinds,
 * and asks the server for names.
 */
final class Completion implements Verb {
  private static final String KINDS =
      "pods services deployments replicasets daemonsets statefulsets jobs cronjobs configmaps"
          + " secrets namespaces nodes serviceaccounts events endpoints ingresses"
          + " persistentvolumes persistentvolumeclaims horizontalpodautoscalers"
          + " customresourcedefinitions all";

  private final String shell;

  Completion(String shell) {
    this.shell = shell;
  }

  @Override
  public void flags(Flags flags) {}

  @Override
  public Help help() {
    return new Help(
        "Output shell completion code for the specified shell (bash or zsh).",
        "source <(kubectl completion bash)",
        "completion SHELL");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (shell.isEmpty()) {
      throw new KubectlException(
          arguments.words().isEmpty()
              ? "error: shell not specified\nSee 'kubectl completion -h' for help and examples"
              : "error: unsupported shell type \"" + arguments.words().get(0) + "\"");
    }
    if (shell.equals("zsh")) {
      session.print("#compdef kubectl\nautoload -U +X bashcompinit && bashcompinit");
    }
    session.streams().out().append(script());
    return 0;
  }

  private static String script() {
    StringBuilder flags = new StringBuilder();
    StringBuilder children = new StringBuilder();
    for (String verb : verbs()) {
      flags.append("    ").append(verb).append(") echo \"").append(flags(verb)).append("\" ;;\n");
      List<String> second = Verbs.children(verb);
      if (!second.isEmpty()) {
        children.append("    ").append(verb).append(") echo \"");
        children.append(String.join(" ", second)).append("\" ;;\n");
      }
    }
    return """
    __kubectl_flags() {
      case "$1" in
    %s  esac
    }
    __kubectl_children() {
      case "$1" in
    %s  esac
    }
    __kubectl_names() {
      kubectl get "$1" -o name --ignore-not-found --request-timeout=2s 2>/dev/null | sed 's|.*/||'
    }
    __kubectl_complete() {
      local cur=${COMP_WORDS[COMP_CWORD]} verb="" kind="" word i
      for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case "$word" in
          -*) ;;
          *) if [ -z "$verb" ]; then verb=$word; elif [ -z "$kind" ]; then kind=$word; fi ;;
        esac
      done
      local words
      case "$cur" in
        -*) words=$(__kubectl_flags "$verb") ;;
        *)
          if [ -z "$verb" ]; then
            words="%s"
          elif [ -z "$kind" ]; then
            case "$verb" in
              logs|exec) words=$(__kubectl_names pods) ;;
              cordon|uncordon) words=$(__kubectl_names nodes) ;;
              *) words=$(__kubectl_children "$verb")
                 [ -n "$words" ] || words="%s" ;;
            esac
          else
            words=$(__kubectl_names "$kind")
          fi ;;
      esac
      COMPREPLY=($(compgen -W "$words" -- "$cur"))
    }
    complete -o default -F __kubectl_complete kubectl
    """
        .replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(flags.toString()))
        .replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(children.toString()))
        .replaceFirst("%s", String.join(" ", verbs()))
        .replaceFirst("%s", KINDS);
  }

  private static List<String> verbs() {
    List<String> out = new ArrayList<>();
    for (String[] row : Verbs.INDEX) {
      if (row.length == 2) {
        out.add(row[0]);
      }
    }
    return out;
  }

  private static String flags(String verb) {
    Flags model = new Flags();
    List<String> children = Verbs.children(verb);
    Verb found = Verbs.find(verb, "");
    if (found == null && !children.isEmpty()) {
      found = Verbs.find(verb, children.get(0));
    }
    if (found != null) {
      found.flags(model);
    }
    Globals.declare(model);
    TreeSet<String> names = new TreeSet<>();
    for (OptionSpec option : model.spec().options()) {
      names.add(option.longestName());
    }
    return String.join(" ", names);
  }
}
