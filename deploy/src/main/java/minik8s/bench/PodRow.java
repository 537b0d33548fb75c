package minik8s.bench;

import static minik8s.bench.Figure.ms;
import static minik8s.bench.Figure.s;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import minik8s.api.ContainerState;
import minik8s.api.Pod;
import minik8s.api.PodStatus;

/** Single pods: create to Running, delete to gone, a killed container running again. */
final class PodRow implements Row {
  private static final int COUNT = 15;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public List<Figure> measure(Cluster cluster) throws IOException {
    Samples raw = DockerBaseline.oneByOne(COUNT);
    double[] start = new double[COUNT];
    double[] gone = new double[COUNT];
    try (PodFollower pods = new PodFollower(cluster);
        Wire wire = cluster.wire()) {
      for (int i = 0; i < COUNT; i++) {
        String name = "single-" + i;
        start[i] = create(wire, pods, name);
        gone[i] = delete(wire, pods, name);
      }
      double overhead = Samples.of(start).median() - raw.median();
      return List.of(
          new Figure(
              "pod create to Running by watch, median of " + COUNT,
              ms(Samples.of(start).median()),
              "Docker alone " + ms(raw.median()),
              "overhead ≤ 120 ms (is " + ms(overhead) + ")",
              overhead <= 0.120),
          new Figure(
              "pod delete to gone, container ends at once",
              s(Samples.of(gone).median()),
              "",
              "≤ 1 s",
              Samples.of(gone).median() <= 1.0),
          restart(wire, pods));
    }
  }

  private static double create(Wire wire, PodFollower pods, String name) throws IOException {
    long begin = System.nanoTime();
    wire.call("POST", Objects.pods(), Objects.pod(name)).ok("create pod");
    long end = pods.await(name + " to run", LIMIT, all -> runs(all.get(name)));
    return (end - begin) / 1e9;
  }

  private static double delete(Wire wire, PodFollower pods, String name) throws IOException {
    long begin = System.nanoTime();
    wire.call("DELETE", Objects.pods() + "/" + name, null).ok("delete pod");
    long end = pods.await(name + " to go", LIMIT, all -> !all.containsKey(name));
    return (end - begin) / 1e9;
  }

  private static Figure restart(Wire wire, PodFollower pods) throws IOException {
    double raw = DockerBaseline.restart();
    double[] took = new double[5];
    for (int i = 0; i < took.length; i++) {
      String name = "killed-" + i;
      create(wire, pods, name);
      String[] id = new String[1];
      pods.await(
          name + "'s container id",
          LIMIT,
          all -> {
            Pod pod = all.get(name);
            id[0] = pod == null ? "" : status(pod).containerID().replace("docker://", "");
            return !id[0].isEmpty();
          });
      long begin = System.nanoTime();
      DockerBaseline.kill(id[0]);
      long end = pods.await(name + " to run again", LIMIT, all -> ranAgain(all.get(name)));
      took[i] = (end - begin) / 1e9;
      delete(wire, pods, name);
    }
    double median = Samples.of(took).median();
    return new Figure(
        "killed container running again, median of " + took.length,
        s(median),
        "Docker's start alone " + ms(raw),
        "≤ 0.7 s",
        median <= 0.7);
  }

  private static boolean runs(@org.jspecify.annotations.Nullable Pod pod) {
    return pod != null
        && pod.status().phase().equals("Running")
        && !pod.status().containerStatuses().isEmpty()
        && status(pod).state() instanceof ContainerState.Running;
  }

  private static boolean ranAgain(@org.jspecify.annotations.Nullable Pod pod) {
    return pod != null && runs(pod) && status(pod).restartCount() == 1;
  }

  private static PodStatus.ContainerStatus status(Pod pod) {
    return pod.status().containerStatuses().getFirst();
  }
}
