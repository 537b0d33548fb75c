package minik8s.kubelet.sandbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.api.Pod;
import minik8s.api.PodSpec;

/**
 * How names are resolved: what a {@code resolv.conf} says. Immutable; a function of its arguments.
 *
 * <p>Source: Kubernetes' {@code GetPodDNS} with its limits.
 *
 * @param options each with its value, such as {@code ndots:5}
 */
public record Resolver(List<String> servers, List<String> searches, List<String> options) {
  private static final int MAX_SERVERS = 3;
  private static final int MAX_SEARCHES = 32;
  private static final int MAX_SEARCH_LENGTH = 2048;
  private static final Resolver NONE = new Resolver(List.of(), List.of(), List.of());

  /**
   * The cluster's names.
   *
   * @param servers empty when the cluster has none
   * @param domain such as {@code cluster.local}; empty for none
   */
  public record Cluster(List<String> servers, String domain) {}

  public Resolver {
    servers = List.copyOf(servers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }

  /** Reads a {@code resolv.conf}; the last {@code search} line counts. */
  public static Resolver parse(String text) {
    List<String> servers = new ArrayList<>();
    List<String> searches = List.of();
    List<String> options = List.of();
    for (String line : text.split("\n")) {
      List<String> words = Arrays.asList(line.strip().split("\\s+"));
      List<String> rest = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "nameserver" -> rest.stream().limit(1).forEach(servers::add);
        case "search" -> searches = rest.stream().filter(s -> !s.equals(".")).toList();
        case "options" -> options = rest;
        default -> {
          // A comment, or something that resolvers of our day do not know.
        }
      }
    }
    return new Resolver(servers, searches, options);
  }

  /** What the pod's policy and configuration make of the node's resolver and the cluster's. */
  public static Resolver of(Pod pod, Resolver node, Cluster cluster) {
    PodSpec spec = pod.spec();
    boolean clusterFirst =
        spec.dnsPolicy().equals("ClusterFirstWithHostNet")
            || (spec.dnsPolicy().equals("ClusterFirst") && !spec.hostNetwork());
    Resolver base =
        spec.dnsPolicy().equals("None")
            ? NONE
            : clusterFirst
                ? node.behind(cluster, pod.metadata().namespace())
                : node.reachable(spec);
    PodSpec.DnsConfig extra = spec.dnsConfig();
    return extra == null ? base : base.with(extra);
  }

  /** Without servers on the node's loopback, which a pod's own network does not have. */
  private Resolver reachable(PodSpec spec) {
    return spec.hostNetwork() ? this : withoutLoopback();
  }

  private Resolver withoutLoopback() {
    return new Resolver(
        servers.stream().filter(s -> !s.startsWith("127.") && !s.equals("::1")).toList(),
        searches,
        options);
  }

  /** The cluster's names first; without a server of the cluster's, the node's has to do. */
  private Resolver behind(Cluster cluster, String namespace) {
    String domain = cluster.domain();
    Set<String> all = new LinkedHashSet<>();
    if (!domain.isEmpty()) {
      all.addAll(List.of(namespace + ".svc." + domain, "svc." + domain, domain));
    }
    all.addAll(searches);
    return cluster.servers().isEmpty()
        ? new Resolver(withoutLoopback().servers(), List.copyOf(all), options)
        : new Resolver(cluster.servers(), List.copyOf(all), List.of("ndots:5"));
  }

  private Resolver with(PodSpec.DnsConfig extra) {
    Map<String, String> merged = new LinkedHashMap<>();
    options.forEach(option -> merged.put(option.split(":", 2)[0], option));
    for (PodSpec.DnsOption option : extra.options()) {
      String value = option.value();
      merged.put(
          option.name(),
          value == null || value.isEmpty() ? option.name() : option.name() + ":" + value);
    }
    return new Resolver(
        joined(servers, extra.nameservers()),
        joined(searches, extra.searches()),
        List.copyOf(merged.values()));
  }

  private static List<String> joined(List<String> a, List<String> b) {
    Set<String> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return List.copyOf(all);
  }

  /** As a file. What is beyond the limits of resolvers is left out. */
  public String text() {
    StringBuilder text = new StringBuilder();
    servers.stream().limit(MAX_SERVERS).forEach(s -> text.append("nameserver " + s + "\n"));
    List<String> fitting = new ArrayList<>();
    int length = 0;
    for (String search : searches) {
      length += search.length() + 1;
      if (fitting.size() < MAX_SEARCHES && length <= MAX_SEARCH_LENGTH) {
        fitting.add(search);
      }
    }
    if (!fitting.isEmpty()) {
      text.append("search " + String.join(" ", fitting) + "\n");
    }
    if (!options.isEmpty()) {
      text.append("options " + String.join(" ", options) + "\n");
    }
    return text.toString();
  }
}
