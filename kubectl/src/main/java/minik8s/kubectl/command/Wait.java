package minik8s.kubectl.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.command.Targets.Wanted;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.JsonPath;

/** {@code kubectl wait}: until a condition holds for all objects. */
final class Wait implements Verb {
  private static final Duration WEEK = Duration.ofDays(7);

  @Override
  public void flags(Flags flags) {
    Targets.flags(flags)
        .bool("--all", "Select all resources in the namespace of the specified resource types.")
        .bool("--local", "Accepted and ignored.")
        .list("--for", "[create|delete|condition=name[=value]|jsonpath='{expression}'[=value]]")
        .text("--timeout", "30s", "The length of time to wait before giving up.")
        .text("-o --output", "", "Output format.")
        .bool("--show-managed-fields", "Keep managedFields in JSON or YAML.");
  }

  @Override
  public Help help() {
    return new Help(
        "Wait for a specific condition on one or many resources.",
        "kubectl wait --for=condition=Ready pod/busybox1",
        "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)])"
            + " [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    return new Run(session, arguments).run();
  }

  /** One run over all objects and conditions. */
  private static final class Run {
    private final Session session;
    private final Arguments arguments;
    private final Targets targets;
    private final Duration limit;
    private final Instant end;

    Run(Session session, Arguments arguments) {
      this.session = session;
      this.arguments = arguments;
      this.targets = new Targets(session, arguments);
      Duration asked = arguments.duration("--timeout");
      this.limit = asked.isNegative() ? WEEK : asked;
      this.end = session.clock().instant().plus(limit);
    }

    int run() {
      List<String> conditions = arguments.list("--for");
      if (conditions.isEmpty()) {
        throw KubectlException.error("unrecognized condition: \"\"");
      }
      if (arguments.words().isEmpty() && !targets.fromFiles()) {
        throw KubectlException.error(
            "arguments in resource/name form must have a single resource and name");
      }
      List<String> rest = new ArrayList<>();
      boolean create = false;
      for (String condition : conditions) {
        if (condition.equalsIgnoreCase("create")) {
          create = true;
        } else {
          check(condition);
          rest.add(condition);
        }
      }
      List<Item> items = items(create, contains(rest, "delete"));
      for (Item item : items) {
        if (create) {
          created(item);
        }
        for (String condition : rest) {
          one(item, condition);
        }
      }
      targets.settle();
      if (items.isEmpty() && !contains(rest, "delete")) {
        throw KubectlException.error("no matching resources found");
      }
      return 0;
    }

    private static boolean contains(List<String> conditions, String word) {
      return conditions.stream().anyMatch(one -> one.equalsIgnoreCase(word));
    }

    private static void check(String condition) {
      boolean known =
          condition.equalsIgnoreCase("delete")
              || condition.startsWith("condition=")
              || condition.startsWith("jsonpath=");
      if (!known) {
        throw KubectlException.error("unrecognized condition: \"" + condition + "\"");
      }
      if (condition.startsWith("jsonpath=")) {
        JsonPathCondition.parse(condition.substring("jsonpath=".length()));
      }
    }

    private List<Item> items(boolean create, boolean delete) {
      List<Item> out = new ArrayList<>();
      for (Wanted wanted : Get.wanted(targets, arguments)) {
        switch (wanted) {
          case Wanted.One one -> {
            Item item = new Item(one.type(), one.namespace(), one.name(), Map.of(), "");
            if (create) {
              out.add(item);
            } else {
              present(item, delete, out);
            }
          }
          case Wanted.Every every -> targets.gather(() -> out.addAll(targets.list(every)));
        }
      }
      return out;
    }

    private void present(Item item, boolean delete, List<Item> out) {
      try {
        out.add(item.with(session.server().get(item.path())));
      } catch (ServerException e) {
        if (!e.notFound() || !delete) {
          targets.failures().add(e);
        }
      }
    }

    private void created(Item item) {
      await(item, (event, object) -> !event.equals("ABSENT") && !event.equals("DELETED"));
      session.print(item.label() + " condition met");
    }

    private void one(Item item, String condition) {
      if (condition.equalsIgnoreCase("delete")) {
        String uid = Tree.text(item.object(), "metadata", "uid");
        await(item, (event, object) -> gone(event, object, uid));
      } else if (condition.startsWith("condition=")) {
        String rest = condition.substring("condition=".length());
        int equals = rest.indexOf('=');
        String name = equals < 0 ? rest : rest.substring(0, equals);
        String value = equals < 0 ? "true" : rest.substring(equals + 1);
        await(item, (event, object) -> still(item, event) && holds(object, name, value));
      } else {
        JsonPathCondition path = JsonPathCondition.parse(condition.substring("jsonpath=".length()));
        await(item, (event, object) -> still(item, event) && path.holds(object));
      }
      session.print(item.label() + " condition met");
      session.streams().out().flush();
    }

    private static boolean gone(String event, Map<String, Object> object, String uid) {
      boolean other = !uid.isEmpty() && !Tree.text(object, "metadata", "uid").equals(uid);
      return event.equals("DELETED") || event.equals("ABSENT") || other;
    }

    private static boolean still(Item item, String event) {
      if (event.equals("ABSENT")) {
        throw new KubectlException(
            "Error from server (NotFound): "
                + item.type().qualified()
                + " \""
                + item.name()
                + "\" not found");
      }
      return !event.equals("DELETED");
    }

    private void await(Item item, Until.Condition condition) {
      Duration left = Duration.between(session.clock().instant(), end);
      if (limit.isZero()) {
        left = Duration.ofMillis(1);
      }
      if (left.isNegative() || left.isZero()) {
        left = Duration.ofMillis(1);
      }
      Until until = new Until(session, item.type(), item.namespace(), item.name(), left);
      if (!until.run(condition)) {
        throw KubectlException.error(
            limit.isZero()
                ? "condition not met for " + item.type().plural() + "/" + item.name()
                : "timed out waiting for the condition on "
                    + item.type().plural()
                    + "/"
                    + item.name());
      }
    }

    private static boolean holds(Map<String, Object> object, String name, String value) {
      for (Object condition : Tree.list(object, "status", "conditions")) {
        if (!Tree.text(condition, "type").equalsIgnoreCase(name)) {
          continue;
        }
        long generation = Tree.number(object, 0, "metadata", "generation");
        long status = Tree.number(object, generation, "status", "observedGeneration");
        if (Tree.number(condition, status, "observedGeneration") < generation) {
          return false;
        }
        return Tree.text(condition, "status").equalsIgnoreCase(value);
      }
      return false;
    }
  }

  /** A path that must lead to a value, or to anything at all. */
  private record JsonPathCondition(JsonPath path, String value) {
    static JsonPathCondition parse(String text) {
      String expression = text;
      String value = "";
      int close = text.lastIndexOf("}=");
      int equals = close >= 0 ? close + 1 : text.startsWith("{") ? -1 : text.lastIndexOf('=');
      if (equals >= 0) {
        expression = text.substring(0, equals);
        value = text.substring(equals + 1);
        if (value.isEmpty()) {
          throw KubectlException.error(
              "jsonpath wait has to have a value after equal sign, like"
                  + " --for=jsonpath='{.status.readyReplicas}'=3");
        }
      }
      try {
        return new JsonPathCondition(JsonPath.relaxed(expression), unquoted(value));
      } catch (IllegalArgumentException e) {
        throw KubectlException.error(String.valueOf(e.getMessage()));
      }
    }

    private static String unquoted(String value) {
      boolean quoted =
          value.length() > 1
              && (value.startsWith("'") || value.startsWith("\""))
              && value.endsWith(value.substring(0, 1));
      return quoted ? value.substring(1, value.length() - 1) : value;
    }

    boolean holds(Map<String, Object> object) {
      List<Object> found = path.find(object);
      if (found.isEmpty()) {
        return false;
      }
      if (value.isEmpty()) {
        return true;
      }
      Object first = found.get(0);
      if (first instanceof Map<?, ?> || first instanceof List<?>) {
        throw KubectlException.error(
            "jsonpath leads to a nested object or list which is not supported");
      }
      String text = Tree.scalar(first);
      return text.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
    }
  }
}
