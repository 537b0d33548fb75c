package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.TabWriter;

/** {@code kubectl auth can-i}: whether an action is allowed. */
final class CanI implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("-A --all-namespaces", "If true, check the action in all namespaces.")
        .bool("--list", "If true, prints all allowed actions.")
        .bool("--no-headers", "If true, prints allowed actions without headers.")
        .bool("-q --quiet", "If true, suppress output and just return the exit code.")
        .text("--subresource", "", "SubResource such as pod/log or deployment/scale.");
  }

  @Override
  public Help help() {
    return new Help(
        "Check whether an action is allowed.",
        "kubectl auth can-i create pods --all-namespaces\nkubectl auth can-i --list",
        "auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (arguments.bool("--list")) {
      return list(session, arguments);
    }
    List<String> words = arguments.words();
    if (words.size() < 2 || words.size() > 3) {
      throw KubectlException.error(
          "you must specify two arguments: verb resource or verb resource/resourceName.\nSee"
              + " 'kubectl auth can-i -h' for help and examples.");
    }
    Map<String, Object> answer =
        session
            .server()
            .post(
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                Tree.of(
                    "apiVersion", "authorization.k8s.io/v1",
                    "kind", "SelfSubjectAccessReview",
                    "spec", spec(session, arguments, words)));
    boolean allowed = Tree.flag(answer, "status", "allowed");
    if (!arguments.bool("--quiet")) {
      String reason = Tree.text(answer, "status", "reason");
      String error = Tree.text(answer, "status", "evaluationError");
      session.print(
          allowed
              ? "yes"
              : "no"
                  + (reason.isEmpty() ? "" : " - " + reason)
                  + (error.isEmpty() ? "" : " - " + error));
    }
    return allowed ? 0 : 1;
  }

  private static Map<String, Object> spec(
      Session session, Arguments arguments, List<String> words) {
    String verb = words.get(0);
    String what = words.get(1);
    if (what.startsWith("/")) {
      return Tree.of("nonResourceAttributes", Tree.of("path", what, "verb", verb));
    }
    int slash = what.indexOf('/');
    String name = words.size() == 3 ? words.get(2) : slash > 0 ? what.substring(slash + 1) : "";
    String word = slash > 0 ? what.substring(0, slash) : what;
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("verb", verb);
    String resource = word;
    String group = "";
    if (!word.equals("*")) {
      try {
        ResourceType type = session.discovery().byWord(word);
        resource = type.plural();
        group = type.group();
        if (!type.namespaced() && !arguments.bool("--all-namespaces")) {
          session.complain(
              "Warning: resource '"
                  + resource
                  + "' is not namespace scoped"
                  + (group.isEmpty() ? "" : " in group '" + group + "'")
                  + "\n");
        }
      } catch (KubectlException e) {
        session.complain("Warning: the server doesn't have a resource type '" + word + "'\n");
      }
    }
    attributes.put("resource", resource);
    attributes.put("group", group);
    if (!name.isEmpty()) {
      attributes.put("name", name);
    }
    if (!arguments.text("--subresource").isEmpty()) {
      attributes.put("subresource", arguments.text("--subresource"));
    }
    if (!arguments.bool("--all-namespaces")) {
      attributes.put("namespace", session.namespace());
    }
    return Tree.of("resourceAttributes", attributes);
  }

  private static int list(Session session, Arguments arguments) {
    Map<String, Object> answer =
        session
            .server()
            .post(
                "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                Tree.of(
                    "apiVersion", "authorization.k8s.io/v1",
                    "kind", "SelfSubjectRulesReview",
                    "spec", Tree.of("namespace", session.namespace())));
    TabWriter out = new TabWriter();
    if (!arguments.bool("--no-headers")) {
      out.line("Resources", "Non-Resource URLs", "Resource Names", "Verbs");
    }
    for (String[] row : rows(answer)) {
      out.line(row);
    }
    session.streams().out().append(out.flush());
    return 0;
  }

  /** One row for each resource and each URL, by verbs first, equal rows of resources once. */
  private static List<String[]> rows(Map<String, Object> answer) {
    TreeMap<String, String[]> resources = new TreeMap<>();
    int count = 0;
    for (Object rule : Tree.list(answer, "status", "resourceRules")) {
      String verbs = bracketed(Tree.list(rule, "verbs"));
      String names = bracketed(Tree.list(rule, "resourceNames"));
      for (Object resource : Tree.list(rule, "resources")) {
        for (Object group : Tree.list(rule, "apiGroups")) {
          String suffix = Tree.scalar(group).isEmpty() ? "" : "." + Tree.scalar(group);
          String key =
              verbs + "[" + Tree.scalar(group) + "][" + Tree.scalar(resource) + "]" + names;
          resources.put(key, new String[] {Tree.scalar(resource) + suffix, "[]", names, verbs});
        }
      }
    }
    for (Object rule : Tree.list(answer, "status", "nonResourceRules")) {
      String verbs = bracketed(Tree.list(rule, "verbs"));
      for (Object address : Tree.list(rule, "nonResourceURLs")) {
        String shown = "[" + Tree.scalar(address) + "]";
        resources.put(verbs + "[][][]" + shown + count++, new String[] {"", shown, "[]", verbs});
      }
    }
    return new ArrayList<>(resources.values());
  }

  private static String bracketed(List<Object> values) {
    List<String> out = new ArrayList<>();
    values.forEach(value -> out.add(Tree.scalar(value)));
    return "[" + String.join(" ", out) + "]";
  }
}
