package minik8s.kubectl.command;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.output.TabWriter;

/** {@code kubectl top node} and {@code pod}: what uses how much. */
final class Top implements Verb {
  private static final String API = "/apis/metrics.k8s.io/v1beta1/";
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
          Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
          Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)));

  private final boolean nodes;

  Top(boolean nodes) {
    this.nodes = nodes;
  }

  /** Processors and bytes in use. */
  private record Use(BigDecimal cores, BigDecimal bytes) {
    static final Use NONE = new Use(BigDecimal.ZERO, BigDecimal.ZERO);

    static Use of(Object usage) {
      return new Use(amount(Tree.text(usage, "cpu")), amount(Tree.text(usage, "memory")));
    }

    Use plus(Use other) {
      return new Use(cores.add(other.cores), bytes.add(other.bytes));
    }

    String cpu() {
      return cores.movePointRight(3).setScale(0, RoundingMode.CEILING) + "m";
    }

    String memory() {
      return bytes.divide(BigDecimal.valueOf(1L << 20), 0, RoundingMode.DOWN) + "Mi";
    }
  }

  /** One line with the names in front of the figures. */
  private record Line(List<String> names, Use use) {}

  @Override
  public void flags(Flags flags) {
    flags
        .text("-l --selector", "", "Selector (label query) to filter on.")
        .text("--sort-by", "", "Sort by 'cpu' or 'memory' instead of by name.")
        .bool("--no-headers", "If present, print output without headers.")
        .bool("--use-protocol-buffers", "Accepted and ignored.");
    if (nodes) {
      flags.bool("--show-capacity", "Print resources of the capacity instead of allocatable.");
    } else {
      flags
          .bool("-A --all-namespaces", "List across all namespaces.")
          .bool("--containers", "If present, print usage of containers within a pod.")
          .bool("--sum", "Print the sum of the resource usage.")
          .text("--field-selector", "", "Selector (field query) to filter on.");
    }
  }

  @Override
  public Help help() {
    String word = nodes ? "node" : "pod";
    return new Help(
        "Display resource (CPU/memory) usage of " + word + "s.",
        "kubectl top " + word + "\nkubectl top " + word + " NAME",
        "top " + word + " [NAME | -l label]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String sort = arguments.text("--sort-by");
    if (!List.of("", "cpu", "memory").contains(sort)) {
      throw KubectlException.error(
          "--sort-by accepts only cpu or memory for " + (nodes ? "nodes" : "pods"));
    }
    TabWriter table = new TabWriter();
    if (nodes) {
      nodes(session, arguments, sort, table);
    } else if (!pods(session, arguments, sort, table)) {
      return 0;
    }
    session.streams().out().append(table.flush());
    return 0;
  }

  private static List<Object> ask(
      Session session, String path, Arguments arguments, String fields) {
    List<String> words = arguments.words();
    Query query =
        new Query()
            .with("fieldSelector", fields)
            .with("labelSelector", arguments.text("--selector"));
    try {
      return words.isEmpty()
          ? Tree.list(session.server().get(path + query), "items")
          : Tree.listOf(session.server().get(path + "/" + words.getFirst()));
    } catch (ServerException e) {
      throw e.message().startsWith("the server could not find")
          ? KubectlException.error("Metrics API not available")
          : e;
    }
  }

  private static void nodes(Session session, Arguments arguments, String sort, TabWriter table) {
    List<Line> lines = new ArrayList<>();
    for (Object metrics : ask(session, API + "nodes", arguments, "")) {
      lines.add(
          new Line(
              List.of(Tree.text(metrics, "metadata", "name")), Use.of(Tree.map(metrics, "usage"))));
    }
    Map<String, Use> whole = new HashMap<>();
    List<String> silent = new ArrayList<>();
    String field = arguments.bool("--show-capacity") ? "capacity" : "allocatable";
    String all =
        KnownTypes.of("Node").path("")
            + new Query().with("labelSelector", arguments.text("--selector"));
    for (Object node : Tree.list(session.server().get(all), "items")) {
      String name = Tree.text(node, "metadata", "name");
      whole.put(name, Use.of(Tree.map(node, "status", field)));
      boolean told = lines.stream().anyMatch(line -> line.names().getFirst().equals(name));
      if (!told && arguments.words().isEmpty()) {
        silent.add(name);
      }
    }
    header(arguments, table, "NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)");
    lines.sort(order(sort));
    for (Line line : lines) {
      String name = line.names().getFirst();
      Use of = whole.getOrDefault(name, Use.NONE);
      table.line(
          name,
          line.use().cpu(),
          percent(line.use().cores(), of.cores()),
          line.use().memory(),
          percent(line.use().bytes(), of.bytes()));
    }
    silent.sort(null);
    for (String name : silent) {
      table.line(name, "<unknown>", "<unknown>", "<unknown>", "<unknown>");
    }
  }

  private static boolean pods(Session session, Arguments arguments, String sort, TabWriter table) {
    boolean everywhere = arguments.bool("--all-namespaces");
    boolean containers = arguments.bool("--containers");
    String path = API + (everywhere ? "pods" : "namespaces/" + session.namespace() + "/pods");
    List<Line> lines = new ArrayList<>();
    for (Object pod : ask(session, path, arguments, arguments.text("--field-selector"))) {
      List<String> names = new ArrayList<>();
      if (everywhere) {
        names.add(Tree.text(pod, "metadata", "namespace"));
      }
      names.add(Tree.text(pod, "metadata", "name"));
      Use sum = Use.NONE;
      for (Object container : Tree.list(pod, "containers")) {
        Use use = Use.of(Tree.map(container, "usage"));
        sum = sum.plus(use);
        if (containers) {
          List<String> inner = new ArrayList<>(names);
          inner.add(Tree.text(container, "name"));
          lines.add(new Line(inner, use));
        }
      }
      if (!containers) {
        lines.add(new Line(names, sum));
      }
    }
    if (lines.isEmpty()) {
      return none(session, arguments, everywhere);
    }
    List<String> titles = new ArrayList<>(everywhere ? List.of("NAMESPACE") : List.of());
    titles.addAll(containers ? List.of("POD", "NAME") : List.of("NAME"));
    int width = titles.size();
    titles.addAll(List.of("CPU(cores)", "MEMORY(bytes)"));
    header(arguments, table, titles.toArray(new String[0]));
    lines.sort(order(sort));
    lines.forEach(line -> figures(table, line));
    if (arguments.bool("--sum")) {
      Use total = lines.stream().map(Line::use).reduce(Use.NONE, Use::plus);
      List<String> gap = new ArrayList<>(java.util.Collections.nCopies(width, ""));
      List<String> rule = new ArrayList<>(gap);
      rule.addAll(List.of("________", "________"));
      table.line(rule);
      figures(table, new Line(gap, total));
    }
    return true;
  }

  /** Whether there is nothing, or only nothing to tell of it yet. */
  private static boolean none(Session session, Arguments arguments, boolean everywhere) {
    String namespace = everywhere ? "" : session.namespace();
    String path =
        KnownTypes.of("Pod").path(namespace)
            + new Query().with("labelSelector", arguments.text("--selector"));
    if (!Tree.list(session.server().get(path), "items").isEmpty()) {
      throw KubectlException.error("metrics not available yet");
    }
    session.complain(
        everywhere ? "No resources found" : "No resources found in " + namespace + " namespace.");
    return false;
  }

  private static void figures(TabWriter table, Line line) {
    List<String> cells = new ArrayList<>(line.names());
    cells.add(line.use().cpu());
    cells.add(line.use().memory());
    table.line(cells);
  }

  private static void header(Arguments arguments, TabWriter table, String... titles) {
    if (!arguments.bool("--no-headers")) {
      table.line(titles);
    }
  }

  private static Comparator<Line> order(String sort) {
    Comparator<Line> byName = Comparator.comparing(line -> String.join("\0", line.names()));
    return switch (sort) {
      case "cpu" ->
          Comparator.<Line, BigDecimal>comparing(line -> line.use().cores())
              .reversed()
              .thenComparing(byName);
      case "memory" ->
          Comparator.<Line, BigDecimal>comparing(line -> line.use().bytes())
              .reversed()
              .thenComparing(byName);
      default -> byName;
    };
  }

  private static String percent(BigDecimal part, BigDecimal whole) {
    return whole.signum() == 0
        ? "<unknown>"
        : part.movePointRight(2).divide(whole, 0, RoundingMode.DOWN) + "%";
  }

  private static BigDecimal amount(String text) {
    int end = text.length();
    while (end > 0 && !Character.isDigit(text.charAt(end - 1))) {
      end--;
    }
    if (end == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal unit = UNITS.getOrDefault(text.substring(end), BigDecimal.ONE);
    return new BigDecimal(text.substring(0, end)).multiply(unit);
  }
}
