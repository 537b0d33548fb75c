package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.output.TabWriter;

/** {@code kubectl api-resources}: the kinds of the server. */
final class ApiResources implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .text("--api-group", "", "Limit to resources in the specified API group.")
        .bool("--cached", "Use the cached list of resources if available.")
        .list("--categories", "Limit to resources that belong to the specified categories.")
        .bool("--namespaced", true, "If false, non-namespaced resources will be returned.")
        .bool("--no-headers", "Don't print headers.")
        .text("-o --output", "", "Output format. One of: (wide, name).")
        .text("--sort-by", "", "Sort by 'name' or 'kind'.")
        .list("--verbs", "Limit to resources that support the specified verbs.");
  }

  @Override
  public Help help() {
    return new Help(
        "Print the supported API resources on the server.",
        "kubectl api-resources -o wide",
        "api-resources");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String output = arguments.text("--output");
    if (!List.of("", "wide", "name").contains(output)) {
      throw KubectlException.error("--output " + output + " is not available");
    }
    List<ResourceType> types = new ArrayList<>();
    for (ResourceType type : session.discovery().all(!arguments.bool("--cached"))) {
      if (wanted(type, arguments)) {
        types.add(type);
      }
    }
    types.sort(order(arguments.text("--sort-by")));
    if (output.equals("name")) {
      for (ResourceType type : types) {
        session.print(type.qualified());
      }
      return 0;
    }
    table(session, arguments, types, output.equals("wide"));
    return 0;
  }

  private static boolean wanted(ResourceType type, Arguments arguments) {
    boolean group =
        !arguments.given("--api-group") || type.group().equals(arguments.text("--api-group"));
    boolean scope =
        !arguments.given("--namespaced") || type.namespaced() == arguments.bool("--namespaced");
    return group
        && scope
        && type.preferred()
        && new HashSet<>(type.verbs()).containsAll(arguments.commas("--verbs"))
        && new HashSet<>(type.categories()).containsAll(arguments.commas("--categories"));
  }

  private static Comparator<ResourceType> order(String by) {
    return switch (by) {
      case "name" -> Comparator.comparing(ResourceType::plural);
      case "kind" -> Comparator.comparing(ResourceType::kind);
      case "" -> Comparator.comparing(ResourceType::group).thenComparing(ResourceType::plural);
      default -> throw KubectlException.error("--sort-by accepts only name or kind");
    };
  }

  private static void table(
      Session session, Arguments arguments, List<ResourceType> types, boolean wide) {
    TabWriter out = new TabWriter();
    if (!arguments.bool("--no-headers")) {
      List<String> header =
          new ArrayList<>(List.of("NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"));
      if (wide) {
        header.addAll(List.of("VERBS", "CATEGORIES"));
      }
      out.line(header);
    }
    for (ResourceType type : types) {
      List<String> line =
          new ArrayList<>(
              List.of(
                  type.plural(),
                  String.join(",", type.shortNames()),
                  type.apiVersion(),
                  Boolean.toString(type.namespaced()),
                  type.kind()));
      if (wide) {
        line.add(String.join(",", type.verbs()));
        line.add(String.join(",", type.categories()));
      }
      out.line(line);
    }
    session.streams().out().append(out.flush());
  }
}
