package minik8s.gpu.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.Resources;
import minik8s.client.Api;
import minik8s.client.DeleteOptions;
import minik8s.client.ListOptions;
import minik8s.client.informer.Informer;
import minik8s.control.EventRecorder;
import minik8s.control.LoopMetrics;
import minik8s.gpu.GpuJob;
import minik8s.gpu.GpuResources;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.results.ResultsFolder;
import minik8s.gpu.slurm.FakeSlurm;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.testbed.TestBed;
import minik8s.testing.FakeApi;
import minik8s.testing.Feed;
import minik8s.testing.ManualTimers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand submissions in worlds of ten, each interrupted again and again at moments that its
 * seed chooses: the process dies before or after any request to the API server or to the cluster,
 * the connection breaks, the login host dies between its lock and the job. Afterwards every job has
 * run once, every result is there, and nobody's job is left in the queue.
 */
class CrashSimulationTest {
  private static final int WORLDS = 100;
  private static final int JOBS = 10;

  @TempDir Path folder;

  /** The end of a process at any moment; no handler of exceptions may stop it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  @Test
  void runsEveryJobOnceHoweverOftenItIsInterrupted() throws IOException {
    int kills = 0;
    int cuts = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed, folder.resolve("world" + seed));
      world.live();
      world.check();
      kills += world.kills;
      cuts += world.cuts;
    }
    // The chaos did take place.
    assertThat(kills).isGreaterThan(WORLDS * 5);
    assertThat(cuts).isGreaterThan(WORLDS * 5);
  }

  private static final class World {
    private final int seed;
    private final Random random;
    private final Path results;
    private final FakeApi api = new FakeApi();
    private final ManualTimers timers = new ManualTimers();
    private final FakeSlurm slurm = new FakeSlurm(timers.clock());
    private final Set<String> deleted = new HashSet<>();
    private boolean chaos = true;
    private int kills;
    private int cuts;

    World(int seed, Path results) {
      this.seed = seed;
      this.random = new Random(seed);
      this.results = results;
      api.create(
          Resources.SECRETS, TestBed.NAMESPACE, TestBed.secret("hpc", Map.of("username", "hpc")));
      SlurmCluster.Spec spec =
          new SlurmCluster.Spec(
              "login",
              null,
              "",
              null,
              List.of(),
              new SlurmCluster.CredentialsRef("hpc", TestBed.NAMESPACE),
              "Auto",
              "minik8s",
              List.of(),
              List.of(),
              "dgx2",
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              "5m",
              "5s",
              "5s",
              "10m");
      api.create(
          GpuResources.SLURM_CLUSTERS,
          "",
          new SlurmCluster(ObjectMeta.of("", "lab", Map.of()), spec, SlurmCluster.Status.NONE));
      for (int i = 0; i < JOBS; i++) {
        String compile = i % 2 == 0 ? "" : "\"compileScripts\":[\"make\"],";
        GpuWorld.create(
            api, "job" + i, "{\"clusterName\":\"lab\"," + compile + "\"runScripts\":[\"./a\"]}");
      }
    }

    private void maybeDie(double chance) {
      if (chaos && random.nextDouble() < chance) {
        kills++;
        throw new Killed();
      }
    }

    private void fault(String moment) throws RemoteFailure {
      maybeDie(0.02);
      if (chaos && random.nextDouble() < 0.03) {
        cuts++;
        throw new RemoteFailure(RemoteFailure.Kind.UNREACHABLE, "cut at " + moment);
      }
    }

    /** The API server as a process sees it that may die on either side of a request. */
    private Api mortal() {
      return (Api)
          Proxy.newProxyInstance(
              Api.class.getClassLoader(),
              new Class<?>[] {Api.class},
              (_, method, args) -> {
                boolean writes =
                    method.getName().equals("patch") || method.getName().equals("delete");
                if (writes) {
                  maybeDie(0.02);
                }
                try {
                  Object answer = method.invoke(api, args);
                  if (writes) {
                    maybeDie(0.02);
                  }
                  return answer;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    void live() {
      for (int life = 0; life < 400; life++) {
        chaos = life < 20;
        if (process()) {
          return;
        }
      }
      throw new AssertionError("seed " + seed + ": not done: " + list());
    }

    private List<GpuJob> list() {
      return api.list(GpuResources.GPU_JOBS, ListOptions.ALL).items();
    }

    private boolean done() {
      return !chaos
          && list().stream()
              .allMatch(job -> job.status().current().terminal() && !job.metadata().deleting());
    }

    /** One life of the gpu-server; true when all is done. */
    private boolean process() {
      Informer<GpuJob> jobs = new Informer<>(GpuResources.GPU_JOBS, ListOptions.ALL, List.of());
      Informer<SlurmCluster> clusters =
          new Informer<>(GpuResources.SLURM_CLUSTERS, ListOptions.ALL, List.of());
      try (EventRecorder events = new EventRecorder(new FakeApi(), "gpu-server", "", timers);
          GpuLoops loops =
              new GpuLoops(
                  new GpuLoops.Parts(
                      mortal(),
                      jobs,
                      clusters,
                      key -> api.find(Resources.SECRETS, key),
                      (_, _, _) -> slurm.gateway(this::fault),
                      new ResultsFolder(results, "http://r"),
                      null,
                      1 << 20,
                      events,
                      JobMetrics.NONE,
                      LoopMetrics.NONE,
                      timers))) {
        Feed<SlurmCluster> clusterFeed = new Feed<>(api, clusters);
        Feed<GpuJob> jobFeed = new Feed<>(api, jobs);
        for (int turn = 0; turn < 60; turn++) {
          int steps = random.nextInt(40);
          while (steps-- > 0 && loops.step()) {}
          happen();
          // A cache may lag by several changes.
          if (!chaos || random.nextInt(3) == 0) {
            clusterFeed.catchUp();
            jobFeed.catchUp();
          }
          if (done()) {
            return true;
          }
        }
        return false;
      } catch (Killed e) {
        return false;
      }
    }

    /** The world goes on without us. */
    private void happen() {
      timers.advance(Duration.ofMillis(random.nextInt(20_000)));
      if (random.nextInt(3) == 0) {
        slurm.turn();
      }
      if (chaos && random.nextInt(40) == 0) {
        String name = "job" + random.nextInt(JOBS);
        if (deleted.add(name)) {
          api.delete(
              GpuResources.GPU_JOBS, new ObjectKey("default", name), DeleteOptions.BACKGROUND);
        }
      }
    }

    void check() throws IOException {
      for (int i = 0; i < JOBS; i++) {
        String name = "job" + i;
        Optional<GpuJob> job = api.find(GpuResources.GPU_JOBS, new ObjectKey("default", name));
        long submissions = slurm.submissions(name + "-");
        if (deleted.contains(name)) {
          assertThat(job).as("seed %d %s", seed, name).isEmpty();
          assertThat(submissions).as("seed %d %s", seed, name).isLessThanOrEqualTo(1);
        } else {
          GpuJob found = job.orElseThrow();
          assertThat(found.status().current())
              .as("seed %d %s: %s", seed, name, found.status())
              .isEqualTo(GpuJob.Phase.Succeeded);
          assertThat(submissions).as("seed %d %s", seed, name).isEqualTo(1);
          assertThat(
                  Files.readString(results.resolve("default").resolve(name).resolve(name + ".out")))
              .isEqualTo("result of " + found.uid() + "-1\n");
        }
      }
      assertThat(slurm.live()).as("seed %d", seed).isEmpty();
      assertThat(slurm.runs().values()).as("seed %d", seed).allMatch(runs -> runs == 1);
    }
  }
}
