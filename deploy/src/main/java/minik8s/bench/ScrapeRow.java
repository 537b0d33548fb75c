package minik8s.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What being scraped every 15 s costs our daemons together while a hundred pods run: the processor
 * time of a minute with scrapes less that of a minute without.
 */
final class ScrapeRow implements Row {
  private static final int PERIOD_SECONDS = 15;
  private static final int ROUNDS = 4;
  private static final double BAR = 3;

  /** One page of one daemon. */
  private record Page(String daemon, int port, String path) {}

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    Map<Page, Wire> pages = open(cluster, pages(cluster));
    try {
      // Compiles what will be measured, and lets the wake of a hundred starts pass.
      for (int i = 0; i < 2 * ROUNDS; i++) {
        scrape(cluster, pages);
        Rest.seconds(PERIOD_SECONDS / 3);
      }
      double begin = used(cluster);
      Rest.seconds(ROUNDS * PERIOD_SECONDS);
      double quiet = used(cluster) - begin;
      long bytes = 0;
      begin = used(cluster);
      for (int i = 0; i < ROUNDS; i++) {
        bytes = scrape(cluster, pages);
        Rest.seconds(PERIOD_SECONDS);
      }
      double scraped = used(cluster) - begin;
      double share = Math.max(0, scraped - quiet) / (ROUNDS * PERIOD_SECONDS) * 100;
      return List.of(
          new Figure(
              "scraping " + pages.size() + " pages every 15 s, " + HundredRow.PODS + " pods",
              String.format(Locale.ROOT, "%.1f %% of a core", share),
              String.format(Locale.ROOT, "%.2f MB a round", bytes / 1e6),
              "≤ 3 % of a core in our daemons together",
              share <= BAR));
    } finally {
      for (Wire page : pages.values()) {
        page.close();
      }
    }
  }

  private static List<Page> pages(Cluster cluster) throws IOException {
    List<Page> pages = new ArrayList<>();
    int manager = port(cluster, "CONTROLLER_MANAGER_PORT");
    pages.add(new Page("apiserver", port(cluster, "API_PORT"), "/metrics"));
    pages.add(new Page("scheduler", port(cluster, "SCHEDULER_PORT"), "/metrics"));
    pages.add(new Page("controller-manager", manager, "/metrics"));
    pages.add(new Page("controller-manager", manager, "/metrics/state"));
    cluster
        .api()
        .list(minik8s.api.Resources.NODES, minik8s.client.ListOptions.ALL)
        .items()
        .forEach(node -> {
          var endpoints = node.status().daemonEndpoints();
          if (endpoints != null) {
            int kubelet = endpoints.kubeletEndpoint().port();
            String daemon = "kubelet-" + node.metadata().name();
            pages.add(new Page(daemon, kubelet, "/metrics"));
            pages.add(new Page(daemon, kubelet, "/metrics/cadvisor"));
          }
        });
    return pages;
  }

  private static int port(Cluster cluster, String name) throws IOException {
    String port = cluster.settings().get(name);
    if (port == null) {
      throw new IOException(name + " is not in config.env");
    }
    return Integer.parseInt(port);
  }

  /** One kept connection for each page, as Prometheus has them. */
  private static Map<Page, Wire> open(Cluster cluster, List<Page> pages) throws IOException {
    Map<Page, Wire> wires = new LinkedHashMap<>();
    for (Page page : pages) {
      wires.put(page, connect(cluster, page));
    }
    return wires;
  }

  private static Wire connect(Cluster cluster, Page page) throws IOException {
    return Wire.tls(URI.create("https://127.0.0.1:" + page.port()), cluster.tls());
  }

  /** Asks for every page once; returns their bytes. */
  private static long scrape(Cluster cluster, Map<Page, Wire> pages) throws IOException {
    long bytes = 0;
    for (Map.Entry<Page, Wire> entry : pages.entrySet()) {
      Page page = entry.getKey();
      try {
        bytes += entry.getValue().call("GET", page.path(), null).ok(page.daemon()).body().length;
      } catch (EOFException | SocketException e) {
        // A daemon may close what was idle for long; whoever scrapes connects again.
        entry.getValue().close();
        entry.setValue(connect(cluster, page));
        bytes += entry.getValue().call("GET", page.path(), null).ok(page.daemon()).body().length;
      }
    }
    return bytes;
  }

  /** Processor seconds that our daemons have used; etcd is not ours. */
  private static double used(Cluster cluster) throws IOException {
    return ProcessRow.used(cluster, name -> !name.equals("etcd") && !name.equals("supervisor"));
  }
}
