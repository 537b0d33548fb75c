package minik8s.gpu.slurm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import minik8s.gpu.Allowed;
import minik8s.gpu.JobPlace;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.Remote.Entry;
import minik8s.gpu.slurm.Remote.Ran;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A Slurm cluster behind a {@link Remote}: files by SFTP, everything else by the verbs of one
 * script. Thread-safe.
 */
public final class RemoteSlurm implements SlurmGateway {
  private static final Duration QUICK = Duration.ofMinutes(1);
  private static final Duration SLOW = Duration.ofMinutes(3);

  /** So that a command line stays far below the limit of any system. */
  private static final int IDS_PER_CALL = 4000;

  private static final int DEEPEST = 16;

  private final Remote remote;
  private final SlurmCluster.Spec spec;
  private final RemoteScript script;
  private final InstantSource clock;
  private volatile @Nullable String base;

  public RemoteSlurm(Remote remote, SlurmCluster.Spec spec, InstantSource clock) {
    this.remote = remote;
    this.spec = spec;
    this.script = RemoteScript.of(spec.environment());
    this.clock = clock;
  }

  @Override
  public Probe probe() throws RemoteFailure, InterruptedException {
    String home = remote.absolute(".");
    String place =
        spec.baseDirectory().startsWith("/")
            ? spec.baseDirectory()
            : home + "/" + spec.baseDirectory();
    if (!Allowed.DIRECTORY.holds(place)) {
      throw new RemoteFailure(
          Kind.FAILED,
          "the base directory "
              + spec.baseDirectory()
              + " below the home has characters that are not allowed");
    }
    base = place;
    remote.directories(JobPlace.marks(place));
    remote.directories(place + "/.bin");
    String path = place + "/.bin/" + script.name();
    if (remote
        .stat(path)
        .filter(entry -> entry.size() == script.text().getBytes(UTF_8).length)
        .isEmpty()) {
      remote.put(path, new ByteArrayInputStream(script.text().getBytes(UTF_8)), 0700);
    }
    Ran ran = run(QUICK, "probe");
    if (ran.code() != 0) {
      throw new RemoteFailure(Kind.SLURM_UNAVAILABLE, said(ran));
    }
    return Probes.of(ran.out(), home, place, remote.fingerprints());
  }

  /** The base directory; looks at the cluster first where nobody has. */
  private String base() throws RemoteFailure, InterruptedException {
    String known = base;
    return known == null ? probe().base() : known;
  }

  private Ran run(Duration limit, String verb, String... arguments)
      throws RemoteFailure, InterruptedException {
    return remote.run(CommandLine.of(base() + "/.bin/" + script.name(), verb, arguments), limit);
  }

  private Ran done(Duration limit, String verb, String... arguments)
      throws RemoteFailure, InterruptedException {
    Ran ran = run(limit, verb, arguments);
    Kind kind =
        switch (ran.code()) {
          case 70 -> Kind.SLURM_UNAVAILABLE;
          case 71 -> Kind.ACCOUNTING_UNAVAILABLE;
          default -> kindOf(ran);
        };
    if (ran.code() != 0) {
      throw new RemoteFailure(kind, said(ran));
    }
    return ran;
  }

  private static Kind kindOf(Ran ran) {
    String text = ran.err() + ran.out();
    if (text.contains("No space left") || text.contains("quota exceeded")) {
      return Kind.DISK_FULL;
    }
    return text.contains("Unable to contact slurm controller")
        ? Kind.SLURM_UNAVAILABLE
        : Kind.FAILED;
  }

  private static String said(Ran ran) {
    String text = ran.err().isBlank() ? ran.out() : ran.err();
    String line = text.strip().replaceAll("\\s*\\n\\s*", "; ");
    return line.isEmpty()
        ? "exit code " + ran.code()
        : line.length() > 600 ? line.substring(0, 600) : line;
  }

  @Override
  public void upload(JobPlace place, List<UploadFile> files, List<String> directories)
      throws RemoteFailure, InterruptedException {
    base();
    String manifest = Checksums.manifest(files);
    String list = place.directory() + "/manifest.sha256";
    if (remote.stat(place.work()).filter(Entry::directory).isPresent()
        && text(list, 1 << 22).equals(manifest)) {
      return;
    }
    String fresh = place.directory() + "/work.new";
    remote.directories(fresh);
    for (String directory : directories) {
      remote.directories(fresh + "/" + Allowed.OUTPUT.of(directory));
    }
    Set<String> made = new HashSet<>();
    for (UploadFile file : files) {
      Allowed.FILE.of(file.path());
      int slash = file.path().lastIndexOf('/');
      if (slash > 0 && made.add(file.path().substring(0, slash))) {
        remote.directories(fresh + "/" + file.path().substring(0, slash));
      }
      try (InputStream content = file.content().open()) {
        remote.put(fresh + "/" + file.path(), content, file.mode());
      } catch (IOException e) {
        throw new RemoteFailure(Kind.FAILED, "cannot read " + file.path());
      }
    }
    remote.put(list, new ByteArrayInputStream(manifest.getBytes(UTF_8)), 0600);
    done(SLOW, "verify", place.directory());
  }

  private String text(String path, int most) throws RemoteFailure, InterruptedException {
    Optional<Entry> entry = remote.stat(path).filter(Entry::file);
    if (entry.isEmpty()) {
      return "";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      remote.get(path, Math.max(0, entry.get().size() - most), bytes);
    } catch (RemoteFailure e) {
      if (e.is(Kind.NO_SUCH_FILE)) {
        return "";
      }
      throw e;
    }
    return bytes.toString(UTF_8);
  }

  @Override
  public void write(JobPlace place, String name, String text)
      throws RemoteFailure, InterruptedException {
    base();
    remote.put(
        place.directory() + "/" + Allowed.WORD.of(name),
        new ByteArrayInputStream(text.getBytes(UTF_8)),
        0700);
  }

  @Override
  public void compile(JobPlace place, int limitSeconds) throws RemoteFailure, InterruptedException {
    done(QUICK, "compile", place.directory(), Integer.toString(limitSeconds));
  }

  @Override
  public Optional<Integer> compiled(JobPlace place) throws RemoteFailure, InterruptedException {
    base();
    String code = text(place.marks() + "/" + place.token() + ".compiled", 16).strip();
    return code.matches("\\d{1,3}") ? Optional.of(Integer.valueOf(code)) : Optional.empty();
  }

  @Override
  public SubmitAnswer submit(JobPlace place) throws RemoteFailure, InterruptedException {
    Ran ran = run(SLOW, "submit", place.directory());
    if (ran.code() != 0) {
      throw new RemoteFailure(kindOf(ran), said(ran));
    }
    return SubmitAnswers.of(ran.out());
  }

  @Override
  public Optional<JobReport> find(JobPlace place, Instant since)
      throws RemoteFailure, InterruptedException {
    Ran ran = done(QUICK, "find", place.slurmName(), days(since), JobRows.SACCT);
    String[] parts = ran.out().split("(?m)^ACCOUNTING$", 2);
    List<JobRow> rows = new ArrayList<>(JobRows.queue(parts[0]));
    if (rows.isEmpty() && parts.length > 1) {
      rows.addAll(JobRows.accounting(parts[1]));
    }
    return JobReport.of(place.slurmName(), rows);
  }

  /** Whole days back, one to spare for clocks that differ. */
  private String days(Instant since) {
    return Long.toString(Math.max(1, Duration.between(since, clock.instant()).toDays() + 2));
  }

  @Override
  public void unlock(JobPlace place) throws RemoteFailure, InterruptedException {
    done(QUICK, "unlock", place.directory());
  }

  @Override
  public boolean lock(JobPlace place) throws RemoteFailure, InterruptedException {
    return done(QUICK, "lock", place.directory()).out().startsWith("FREE");
  }

  @Override
  public List<JobRow> accounting(Collection<String> jobIds, Instant since)
      throws RemoteFailure, InterruptedException {
    List<String> ids = List.copyOf(jobIds);
    List<JobRow> rows = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += IDS_PER_CALL) {
      String chunk = String.join(",", ids.subList(from, Math.min(ids.size(), from + IDS_PER_CALL)));
      rows.addAll(
          JobRows.accounting(done(SLOW, "accounting", chunk, days(since), JobRows.SACCT).out()));
    }
    return rows;
  }

  @Override
  public List<JobRow> queue() throws RemoteFailure, InterruptedException {
    return JobRows.queue(done(SLOW, "queue").out());
  }

  @Override
  public void cancel(String jobId) throws RemoteFailure, InterruptedException {
    done(QUICK, "cancel", jobId);
  }

  @Override
  public Map<String, Marks> marks() throws RemoteFailure, InterruptedException {
    return Marks.byToken(remote.list(JobPlace.marks(base())).stream().map(Entry::name).toList());
  }

  @Override
  public List<RemoteFile> list(JobPlace place, int limit)
      throws RemoteFailure, InterruptedException {
    base();
    List<RemoteFile> files = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>(List.of(""));
    while (!open.isEmpty() && files.size() < limit) {
      String directory = open.poll();
      for (Entry entry : remote.list(place.work() + (directory.isEmpty() ? "" : "/" + directory))) {
        String path = directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
        if (entry.name().indexOf('/') >= 0
            || entry.name().equals(".")
            || entry.name().equals("..")) {
          continue;
        }
        if (entry.file() && files.size() < limit) {
          files.add(new RemoteFile(path, entry.size(), entry.modified()));
        } else if (entry.directory() && path.chars().filter(c -> c == '/').count() < DEEPEST) {
          open.add(path);
        }
      }
    }
    return files;
  }

  @Override
  public long fetch(JobPlace place, RemoteFile file, long most, OutputStream to)
      throws RemoteFailure, InterruptedException {
    base();
    return remote.get(place.work() + "/" + file.path(), Math.max(0, file.size() - most), to);
  }

  @Override
  public Optional<RemoteFile> stat(JobPlace place, String path)
      throws RemoteFailure, InterruptedException {
    base();
    return remote
        .stat(place.work() + "/" + path)
        .filter(Entry::file)
        .map(entry -> new RemoteFile(path, entry.size(), entry.modified()));
  }

  @Override
  public String compileLog(JobPlace place, int most) throws RemoteFailure, InterruptedException {
    base();
    return text(place.directory() + "/compile.log", most);
  }

  @Override
  public void remove(JobPlace place) throws RemoteFailure, InterruptedException {
    done(SLOW, "remove", place.jobDirectory(), place.marks(), place.uid());
  }

  @Override
  public void close() {
    remote.close();
  }
}
