package minik8s.kubelet.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import minik8s.daemon.Exposition;
import minik8s.kubelet.metrics.Cgroup.DiskUse;

/**
 * The page {@code /metrics/cadvisor}: cAdvisor's own series under the labels by which Kubernetes
 * knows a container. Stateless; values carry no time stamps, so that a series ends with its
 * container.
 *
 * <p>Source: cAdvisor's {@code metrics/prometheus.go} and the kubelet's {@code
 * containerPrometheusLabelsFunc}.
 */
final class CadvisorPage {
  private static final double NANO = 1e-9;

  private final Exposition page = new Exposition();
  private final NodeSample sample;
  private final MachineFacts machine;
  private final List<Row> rows = new ArrayList<>();

  /** A container, or the machine when {@code of} is absent, with its labels written once. */
  private record Row(
      String labels,
      Cgroup.CpuUse cpu,
      Cgroup.MemoryUse memory,
      List<NetworkUse> networks,
      List<DiskUse> disks) {}

  private CadvisorPage(NodeSample sample, MachineFacts machine) {
    this.sample = sample;
    this.machine = machine;
    rows.add(
        new Row(
            labels("", "/", "", "", "", ""),
            sample.cpu(),
            sample.memory(),
            sample.networks(),
            sample.disks()));
    for (ContainerSample c : sample.containers()) {
      if (c.more() != null) {
        rows.add(new Row(labels(c), c.cpu(), c.memory(), c.networks(), c.more().disks()));
      }
    }
  }

  static String render(NodeSample sample, MachineFacts machine) {
    CadvisorPage page = new CadvisorPage(sample, machine);
    page.processors();
    page.memory();
    page.networks();
    page.disks();
    page.fileSystems();
    page.limits();
    page.machine();
    return page.page.toString();
  }

  private static String labels(ContainerSample c) {
    ContainerSample.More more = java.util.Objects.requireNonNull(c.more());
    return labels(
        c.container().name(),
        more.cgroup(),
        more.image(),
        more.engineName(),
        c.namespace(),
        c.pod());
  }

  private static String labels(
      String container, String id, String image, String name, String namespace, String pod) {
    return Exposition.labels(
        "container",
        container,
        "id",
        id,
        "image",
        image,
        "name",
        name,
        "namespace",
        namespace,
        "pod",
        pod);
  }

  private void rows(String name, String type, String help, ToDoubleFunction<Row> value) {
    page.each(name, type, help, rows, row -> page.series(row.labels, value.applyAsDouble(row)));
  }

  private void counter(String name, String help, ToDoubleFunction<Row> value) {
    rows(name, "counter", help, value);
  }

  private void gauge(String name, String help, ToDoubleFunction<Row> value) {
    rows(name, "gauge", help, value);
  }

  private void processors() {
    page.each(
        "container_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed in seconds.",
        rows,
        row -> page.series(row.labels + ",cpu=\"total\"", row.cpu.totalNanos() * NANO));
    counter(
        "container_cpu_user_seconds_total",
        "Cumulative user cpu time consumed in seconds.",
        row -> row.cpu.userNanos() * NANO);
    counter(
        "container_cpu_system_seconds_total",
        "Cumulative system cpu time consumed in seconds.",
        row -> row.cpu.systemNanos() * NANO);
    List<Row> limited = rows.stream().filter(row -> row.cpu.periods() > 0).toList();
    page.each(
        "container_cpu_cfs_periods_total",
        "counter",
        "Number of elapsed enforcement period intervals.",
        limited,
        row -> page.series(row.labels, row.cpu.periods()));
    page.each(
        "container_cpu_cfs_throttled_periods_total",
        "counter",
        "Number of throttled period intervals.",
        limited,
        row -> page.series(row.labels, row.cpu.throttledPeriods()));
    page.each(
        "container_cpu_cfs_throttled_seconds_total",
        "counter",
        "Total time duration the container has been throttled.",
        limited,
        row -> page.series(row.labels, row.cpu.throttledNanos() * NANO));
  }

  private void memory() {
    gauge(
        "container_memory_usage_bytes",
        "Current memory usage in bytes, including all memory regardless of when it was accessed",
        row -> row.memory.usage());
    gauge(
        "container_memory_working_set_bytes",
        "Current working set in bytes.",
        row -> row.memory.workingSet());
    gauge("container_memory_rss", "Size of RSS in bytes.", row -> row.memory.rss());
    gauge(
        "container_memory_cache",
        "Number of bytes of page cache memory.",
        row -> row.memory.cache());
    gauge("container_memory_swap", "Container swap usage in bytes.", row -> row.memory.swap());
    gauge(
        "container_memory_mapped_file",
        "Size of memory mapped files in bytes.",
        row -> row.memory.mappedFile());
    gauge(
        "container_memory_max_usage_bytes",
        "Maximum memory usage recorded in bytes",
        row -> row.memory.maxUsage());
    counter(
        "container_memory_failcnt",
        "Number of memory usage hits limits",
        row -> row.memory.failures());
    page.metric(
        "container_memory_failures_total",
        "counter",
        "Cumulative count of memory allocation failures.");
    for (Row row : rows) {
      for (String scope : List.of("container", "hierarchy")) {
        failures(row, "pgfault", scope, row.memory.pageFaults());
        failures(row, "pgmajfault", scope, row.memory.majorPageFaults());
      }
    }
  }

  private void failures(Row row, String type, String scope, long count) {
    page.series(row.labels + ",failure_type=\"" + type + "\",scope=\"" + scope + "\"", count);
  }

  private void networks() {
    network("receive_bytes", "Cumulative count of bytes received", NetworkUse::receivedBytes);
    network("receive_packets", "Cumulative count of packets received", NetworkUse::receivedPackets);
    network(
        "receive_packets_dropped",
        "Cumulative count of packets dropped while receiving",
        NetworkUse::receiveDropped);
    network(
        "receive_errors",
        "Cumulative count of errors encountered while receiving",
        NetworkUse::receiveErrors);
    network("transmit_bytes", "Cumulative count of bytes transmitted", NetworkUse::sentBytes);
    network("transmit_packets", "Cumulative count of packets transmitted", NetworkUse::sentPackets);
    network(
        "transmit_packets_dropped",
        "Cumulative count of packets dropped while transmitting",
        NetworkUse::sendDropped);
    network(
        "transmit_errors",
        "Cumulative count of errors encountered while transmitting",
        NetworkUse::sendErrors);
  }

  private void network(String what, String help, ToDoubleFunction<NetworkUse> value) {
    page.metric("container_network_" + what + "_total", "counter", help);
    for (Row row : rows) {
      for (NetworkUse network : row.networks) {
        page.series(
            row.labels + "," + Exposition.labels("interface", network.name()),
            value.applyAsDouble(network));
      }
    }
  }

  private void disks() {
    disk("reads_bytes", "Cumulative count of bytes read", DiskUse::readBytes);
    disk("reads", "Cumulative count of reads completed", DiskUse::reads);
    disk("writes_bytes", "Cumulative count of bytes written", DiskUse::writtenBytes);
    disk("writes", "Cumulative count of writes completed", DiskUse::writes);
  }

  private void disk(String what, String help, ToDoubleFunction<DiskUse> value) {
    page.metric("container_fs_" + what + "_total", "counter", help);
    for (Row row : rows) {
      for (DiskUse disk : row.disks) {
        page.series(
            row.labels + "," + Exposition.labels("device", machine.device(disk.device())),
            value.applyAsDouble(disk));
      }
    }
  }

  private void fileSystems() {
    page.metric(
        "container_fs_limit_bytes",
        "gauge",
        "Number of bytes that can be consumed by the container on this filesystem.");
    String device = "," + Exposition.labels("device", machine.fileSystem().device());
    for (Row row : rows) {
      page.series(row.labels + device, machine.fileSystem().totalBytes());
    }
    page.metric(
        "container_fs_usage_bytes",
        "gauge",
        "Number of bytes that are consumed by the container on this filesystem.");
    page.series(rows.getFirst().labels + device, machine.fileSystem().usedBytes());
    for (ContainerSample c : sample.containers()) {
      ContainerSample.More more = c.more();
      if (more != null && more.layerBytes() >= 0) {
        page.series(labels(c) + device, more.layerBytes() + Math.max(0, more.logBytes()));
      }
    }
  }

  private void limits() {
    gauge(
        "container_last_seen",
        "Last time a container was seen by the exporter",
        _ -> sample.at().getEpochSecond());
    own(
        "container_start_time_seconds",
        "Start time of the container since unix epoch in seconds.",
        c -> c.startedAt().getEpochSecond());
    spec("container_spec_cpu_period", "CPU period of the container.", Cgroup.Spec::cpuPeriod);
    spec("container_spec_cpu_shares", "CPU share of the container.", Cgroup.Spec::cpuShares);
    page.metric("container_spec_cpu_quota", "gauge", "CPU quota of the container.");
    for (ContainerSample c : sample.containers()) {
      ContainerSample.More more = c.more();
      if (more != null && more.spec().cpuQuota() > 0) {
        page.series(labels(c), more.spec().cpuQuota());
      }
    }
    spec(
        "container_spec_memory_limit_bytes",
        "Memory limit for the container.",
        Cgroup.Spec::memoryLimit);
    spec(
        "container_spec_memory_swap_limit_bytes",
        "Memory swap limit for the container.",
        Cgroup.Spec::swapLimit);
    spec(
        "container_spec_memory_reservation_limit_bytes",
        "Memory reservation limit for the container.",
        Cgroup.Spec::memoryReservation);
    own(
        "container_threads",
        "Number of threads running inside the container",
        c -> c.more() == null ? 0 : c.more().tasks());
    page.metric(
            "container_scrape_error",
            "gauge",
            "1 if there was an error while getting container metrics, 0 otherwise")
        .series("", 0);
  }

  private void spec(String name, String help, ToDoubleFunction<Cgroup.Spec> value) {
    own(name, help, c -> c.more() == null ? 0 : value.applyAsDouble(c.more().spec()));
  }

  /** A gauge of containers that the machine does not have. */
  private void own(String name, String help, ToDoubleFunction<ContainerSample> value) {
    page.metric(name, "gauge", help);
    for (ContainerSample c : sample.containers()) {
      if (c.more() != null) {
        page.series(labels(c), value.applyAsDouble(c));
      }
    }
  }

  private void machine() {
    machineGauge("machine_cpu_cores", "Number of logical CPU cores.", machine.cores());
    machineGauge(
        "machine_cpu_physical_cores", "Number of physical CPU cores.", machine.physicalCores());
    machineGauge("machine_cpu_sockets", "Number of CPU sockets.", machine.sockets());
    machineGauge(
        "machine_memory_bytes",
        "Amount of memory installed on the machine.",
        (double) machine.memory());
    machineGauge(
        "machine_swap_bytes",
        "Amount of swap memory available on the machine.",
        (double) machine.swap());
    page.metric(
            "machine_scrape_error",
            "gauge",
            "1 if there was an error while getting machine metrics, 0 otherwise.")
        .series("", 0);
  }

  private void machineGauge(String name, String help, double value) {
    page.metric(name, "gauge", help).series(machine.labels(), value);
  }
}
