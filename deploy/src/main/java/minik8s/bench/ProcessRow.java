package minik8s.bench;

import static minik8s.bench.Figure.mb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What the daemons cost when nothing happens. Linux only: reads {@code /proc}. */
final class ProcessRow implements Row {
  private static final int SECONDS = 60;
  private static final double TICKS = 100.0;

  private record Running(String name, long pid) {}

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    List<Running> processes = processes(cluster);
    // The minute after `up` belongs to the compilers; it is measured, too.
    long[] first = ticks(processes);
    Rest.seconds(SECONDS);
    long[] before = ticks(processes);
    Rest.seconds(SECONDS);
    List<Figure> figures = new ArrayList<>();
    double memory = 0;
    double cpu = 0;
    double earlier = 0;
    for (int i = 0; i < before.length; i++) {
      Running process = processes.get(i);
      double share = (ticks(process.pid()) - before[i]) / TICKS / SECONDS * 100;
      double own = memory(process.pid());
      memory += own;
      cpu += share;
      earlier += (before[i] - first[i]) / TICKS / SECONDS * 100;
      figures.add(Figure.report("idle " + process.name(), mb(own) + ", " + percent(share), ""));
    }
    figures.add(Figure.report("idle memory, all daemons and etcd", mb(memory), "aim 700 MB"));
    figures.add(
        Figure.report(
            "idle CPU over " + SECONDS + " s, all",
            percent(cpu) + ", the minute before " + percent(earlier),
            "aim 3 % of a core"));
    return figures;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %% of a core", share);
  }

  /** Processor seconds that the daemons of these names have used since they began. */
  static double used(Cluster cluster, Predicate<String> names) throws IOException {
    double seconds = 0;
    for (Running process : processes(cluster)) {
      if (names.test(process.name())) {
        seconds += ticks(process.pid()) / TICKS;
      }
    }
    return seconds;
  }

  private static List<Running> processes(Cluster cluster) throws IOException {
    List<Running> found = new ArrayList<>();
    try (java.util.stream.Stream<Path> files = Files.list(cluster.home().resolve("run"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".pid") && !name.startsWith("dockerd")) {
          String daemon = name.substring(0, name.length() - 4);
          found.add(new Running(daemon, cluster.pid(daemon)));
        }
      }
    }
    return found;
  }

  private static long[] ticks(List<Running> processes) throws IOException {
    long[] ticks = new long[processes.size()];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = ticks(processes.get(i).pid());
    }
    return ticks;
  }

  /** User and system time in clock ticks. */
  private static long ticks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** Resident bytes, of pages that several processes share only this one's part: a sum is true. */
  private static double memory(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      if (line.startsWith("Pss:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024.0;
      }
    }
    return 0;
  }
}
