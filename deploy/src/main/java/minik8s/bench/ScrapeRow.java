package minik8s.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What being scraped every 15 s costs our daemons together while 100 pods run: the processor time
 * of a minute with scrapes less that of a minute without.
 */
final class ScrapeRow implements Row {
  private static final int PODS = 100;
  private static final int PERIOD_SECONDS = 15;
  private static final int ROUNDS = 4;
  private static final double BAR = 3;
  private static final String NAME = "scraped";
  private static final Duration LIMIT = Duration.ofMinutes(6);

  /** One page of one daemon. */
  private record Page(String daemon, int port, String path) {}

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    try (PodFollower pods = new PodFollower(cluster);
        Wire wire = cluster.wire()) {
      wire.call("POST", Objects.deployments(), Objects.deployment(NAME, PODS)).ok("create");
      pods.await(PODS + " pods to run", LIMIT, all -> PodFollower.running(all, NAME) == PODS);
      Map<Page, Wire> pages = open(cluster, pages(cluster));
      // Compiles what will be measured, and lets the wake of a hundred starts pass.
      for (int i = 0; i < 2 * ROUNDS; i++) {
        scrape(cluster, pages);
        rest(PERIOD_SECONDS / 3);
      }
      double quiet = spent(cluster, () -> rest(ROUNDS * PERIOD_SECONDS));
      long[] bytes = new long[1];
      double scraped =
          spent(
              cluster,
              () -> {
                for (int i = 0; i < ROUNDS; i++) {
                  bytes[0] = scrape(cluster, pages);
                  rest(PERIOD_SECONDS);
                }
              });
      wire.call("DELETE", Objects.deployments() + "/" + NAME, null).ok("delete");
      pods.await("all pods gone", LIMIT, all -> PodFollower.present(all, NAME) == 0);
      for (Wire page : pages.values()) {
        page.close();
      }
      double share = Math.max(0, scraped - quiet) / (ROUNDS * PERIOD_SECONDS) * 100;
      return List.of(
          new Figure(
              "Scraping " + pages.size() + " pages every 15 s, 100 pods",
              String.format(Locale.ROOT, "%.1f %% of a core", share),
              String.format(Locale.ROOT, "%.2f MB a round", bytes[0] / 1e6),
              "≤ 3 % of a core in our daemons together",
              share <= BAR));
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

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** Processor seconds that our daemons use meanwhile; etcd is not ours. */
  private static double spent(Cluster cluster, Work work) throws IOException {
    double before = used(cluster);
    work.run();
    return used(cluster) - before;
  }

  private static double used(Cluster cluster) throws IOException {
    double seconds = 0;
    for (ProcessRow.Running process : ProcessRow.processes(cluster)) {
      if (!process.name().equals("etcd") && !process.name().equals("supervisor")) {
        seconds += ProcessRow.ticks(process.pid()) / ProcessRow.TICKS;
      }
    }
    return seconds;
  }

  private static void rest(int seconds) throws IOException {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
