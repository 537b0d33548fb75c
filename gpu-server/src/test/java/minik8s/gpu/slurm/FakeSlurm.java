package minik8s.gpu.slurm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import minik8s.gpu.Allowed;
import minik8s.gpu.JobPlace;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A Slurm cluster in memory that outlives its gateways: file system, queue and accounting. Every
 * effect has moments before and after it at which {@link Faults} may cut the connection or kill the
 * caller. Thread-safe; jobs move only by {@link #turn}.
 */
public final class FakeSlurm {
  private static final String BASE = "/home/hpc/minik8s";

  /** May throw at any moment of an operation. */
  @FunctionalInterface
  public interface Faults {
    /** Nothing ever goes wrong. */
    Faults NONE = _ -> {};

    /**
     * @param moment such as {@code submit:queued}
     * @throws RemoteFailure to cut the connection; the host does not notice
     */
    void at(String moment) throws RemoteFailure;
  }

  private static final class Job {
    final String id;
    final JobPlace place;
    final Instant submitted;
    SlurmState state = SlurmState.PENDING;
    @Nullable Integer cancelledBy;
    @Nullable Instant started;
    @Nullable Instant ended;

    Job(String id, JobPlace place, Instant submitted) {
      this.id = id;
      this.place = place;
      this.submitted = submitted;
    }

    JobRow row() {
      return new JobRow(
          id,
          place.slurmName(),
          state,
          cancelledBy,
          0,
          0,
          submitted,
          started,
          ended,
          Duration.ZERO,
          "node1",
          "");
    }
  }

  private final InstantSource clock;
  private final Map<String, Job> jobs = new TreeMap<>();
  private final Map<String, String> files = new TreeMap<>();
  private final Set<String> locks = new HashSet<>();
  private final Set<String> works = new HashSet<>();
  private final Map<String, Integer> runs = new HashMap<>();
  private int next = 100;
  private int calls;

  public FakeSlurm(InstantSource clock) {
    this.clock = clock;
  }

  /** A way to this cluster. */
  public SlurmGateway gateway(Faults faults) {
    return new Gateway(faults);
  }

  /** Every job moves on: what waits runs, what runs completes and leaves its output. */
  public synchronized void turn() {
    for (Job job : jobs.values()) {
      String token = job.place.token();
      if (job.state == SlurmState.PENDING) {
        job.state = SlurmState.RUNNING;
        job.started = clock.instant();
        if (locks.add(job.place.directory() + "/run.lock")) {
          runs.merge(job.place.slurmName(), 1, Integer::sum);
          files.put(job.place.marks() + "/" + token + ".start", "");
        }
      } else if (job.state == SlurmState.RUNNING) {
        job.state = SlurmState.COMPLETED;
        job.ended = clock.instant();
        files.put(job.place.work() + "/" + job.place.name() + ".out", "result of " + token + "\n");
        files.put(job.place.marks() + "/" + token + ".end-0", "");
      }
    }
  }

  /** How many jobs were ever accepted under this prefix of a name. */
  public synchronized long submissions(String name) {
    return jobs.values().stream().filter(job -> job.place.slurmName().startsWith(name)).count();
  }

  /** The jobs that wait or run. */
  public synchronized List<String> live() {
    return jobs.values().stream()
        .filter(job -> !job.state.ended())
        .map(job -> job.place.slurmName())
        .toList();
  }

  /** How often the script of each job did its work. */
  public synchronized Map<String, Integer> runs() {
    return Map.copyOf(runs);
  }

  /** How many questions Slurm itself was asked. */
  public synchronized int calls() {
    return calls;
  }

  private final class Gateway implements SlurmGateway {
    private final Faults faults;

    Gateway(Faults faults) {
      this.faults = faults;
    }

    private void slurm(String verb) throws RemoteFailure {
      faults.at(verb);
      synchronized (FakeSlurm.this) {
        calls++;
      }
    }

    @Override
    public Probe probe() throws RemoteFailure {
      slurm("probe");
      return new Probe(
          "slurm 22.05.8",
          "/home/hpc",
          BASE,
          1001,
          List.of(new SlurmCluster.Partition("dgx2", "up", "1:00:00", 1, "gpu:4")),
          List.of());
    }

    @Override
    public void upload(JobPlace place, List<UploadFile> list, List<String> directories)
        throws RemoteFailure {
      faults.at("upload:begin");
      synchronized (FakeSlurm.this) {
        works.add(place.work());
        for (UploadFile file : list) {
          files.put(place.work() + "/" + Allowed.FILE.of(file.path()), read(file));
        }
      }
      faults.at("upload:end");
    }

    private static String read(UploadFile file) {
      try (var in = file.content().open()) {
        return new String(in.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void write(JobPlace place, String name, String text) throws RemoteFailure {
      faults.at("write:begin");
      synchronized (FakeSlurm.this) {
        files.put(place.directory() + "/" + name, text);
      }
      faults.at("write:end");
    }

    @Override
    public void compile(JobPlace place, int limitSeconds) throws RemoteFailure {
      faults.at("compile:begin");
      synchronized (FakeSlurm.this) {
        files.put(place.marks() + "/" + place.token() + ".compiled", "0");
      }
      faults.at("compile:end");
    }

    @Override
    public Optional<Integer> compiled(JobPlace place) throws RemoteFailure {
      faults.at("compiled");
      synchronized (FakeSlurm.this) {
        return Optional.ofNullable(files.get(place.marks() + "/" + place.token() + ".compiled"))
            .map(Integer::valueOf);
      }
    }

    @Override
    public SubmitAnswer submit(JobPlace place) throws RemoteFailure {
      slurm("submit:begin");
      String id;
      synchronized (FakeSlurm.this) {
        String known = files.get(place.directory() + "/jobid");
        if (known != null) {
          return new SubmitAnswer.Accepted(known);
        }
        if (!locks.add(place.directory() + "/submit.lock")) {
          return new SubmitAnswer.Doubtful("locked");
        }
      }
      // The host itself may die here: the lock stays and there is no job.
      faults.at("submit:locked");
      synchronized (FakeSlurm.this) {
        id = Integer.toString(next++);
        jobs.put(id, new Job(id, place, clock.instant()));
      }
      // Or here: there is a job, and no note of its number.
      faults.at("submit:queued");
      synchronized (FakeSlurm.this) {
        files.put(place.directory() + "/jobid", id);
      }
      faults.at("submit:end");
      return new SubmitAnswer.Accepted(id);
    }

    @Override
    public Optional<JobReport> find(JobPlace place, Instant since) throws RemoteFailure {
      slurm("find");
      synchronized (FakeSlurm.this) {
        return JobReport.of(place.slurmName(), jobs.values().stream().map(Job::row).toList());
      }
    }

    @Override
    public void unlock(JobPlace place) throws RemoteFailure {
      faults.at("unlock:begin");
      synchronized (FakeSlurm.this) {
        if (!files.containsKey(place.directory() + "/jobid")) {
          locks.remove(place.directory() + "/submit.lock");
        }
      }
      faults.at("unlock:end");
    }

    @Override
    public boolean lock(JobPlace place) throws RemoteFailure {
      faults.at("lock:begin");
      boolean free;
      synchronized (FakeSlurm.this) {
        free = locks.add(place.directory() + "/submit.lock");
      }
      faults.at("lock:end");
      return free;
    }

    @Override
    public List<JobRow> accounting(Collection<String> ids, Instant since) throws RemoteFailure {
      slurm("accounting");
      synchronized (FakeSlurm.this) {
        return new ArrayList<>(
            jobs.values().stream().filter(job -> ids.contains(job.id)).map(Job::row).toList());
      }
    }

    @Override
    public List<JobRow> queue() throws RemoteFailure {
      slurm("queue");
      synchronized (FakeSlurm.this) {
        return jobs.values().stream().filter(job -> !job.state.ended()).map(Job::row).toList();
      }
    }

    @Override
    public void cancel(String jobId) throws RemoteFailure {
      slurm("cancel:begin");
      synchronized (FakeSlurm.this) {
        Job job = jobs.get(jobId);
        if (job != null && !job.state.ended()) {
          job.state = SlurmState.CANCELLED;
          job.cancelledBy = 1001;
          job.ended = clock.instant();
        }
      }
      faults.at("cancel:end");
    }

    @Override
    public Map<String, Marks> marks() throws RemoteFailure {
      faults.at("marks");
      synchronized (FakeSlurm.this) {
        String prefix = JobPlace.marks(BASE) + "/";
        return Marks.byToken(
            files.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .toList());
      }
    }

    @Override
    public List<RemoteFile> list(JobPlace place, int limit) throws RemoteFailure {
      faults.at("list");
      synchronized (FakeSlurm.this) {
        String prefix = place.work() + "/";
        return files.entrySet().stream()
            .filter(file -> file.getKey().startsWith(prefix))
            .map(file ->
                new RemoteFile(
                    file.getKey().substring(prefix.length()), file.getValue().length(), 0))
            .limit(limit)
            .toList();
      }
    }

    @Override
    public long fetch(JobPlace place, RemoteFile file, long most, OutputStream to)
        throws RemoteFailure {
      faults.at("fetch:begin");
      byte[] bytes;
      synchronized (FakeSlurm.this) {
        String text = files.get(place.work() + "/" + file.path());
        if (text == null) {
          throw new RemoteFailure(Kind.NO_SUCH_FILE, "no such file");
        }
        bytes = text.getBytes(UTF_8);
      }
      int from = (int) Math.max(0, bytes.length - most);
      try {
        to.write(bytes, from, bytes.length - from);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      faults.at("fetch:end");
      return (long) bytes.length - from;
    }

    @Override
    public Optional<RemoteFile> stat(JobPlace place, String path) throws RemoteFailure {
      return list(place, Integer.MAX_VALUE).stream()
          .filter(file -> file.path().equals(path))
          .findFirst();
    }

    @Override
    public String compileLog(JobPlace place, int most) throws RemoteFailure {
      faults.at("log");
      return "";
    }

    @Override
    public void remove(JobPlace place) throws RemoteFailure {
      faults.at("remove:begin");
      synchronized (FakeSlurm.this) {
        files
            .keySet()
            .removeIf(path ->
                path.startsWith(place.jobDirectory() + "/")
                    || path.startsWith(place.marks() + "/" + place.uid() + "-"));
        works.removeIf(path -> path.startsWith(place.jobDirectory() + "/"));
      }
      faults.at("remove:end");
    }

    @Override
    public void close() {}
  }
}
