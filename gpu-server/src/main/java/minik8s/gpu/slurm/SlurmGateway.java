package minik8s.gpu.slurm;

import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import minik8s.gpu.JobPlace;

/**
 * One Slurm cluster. Thread-safe; every method may block for as long as its own limit and throws
 * {@link RemoteFailure}. Every method may be called again after any failure, and after the death of
 * this process at any moment, and then does the rest (idempotent), submissions included.
 */
public interface SlurmGateway extends AutoCloseable {
  /** Connects if need be, and looks at version, home and partitions. */
  Probe probe() throws RemoteFailure, InterruptedException;

  /**
   * Brings files into the working directory: all of them, verified, or none.
   *
   * @param directories further directories that the job wants to find there
   */
  void upload(JobPlace place, List<UploadFile> files, List<String> directories)
      throws RemoteFailure, InterruptedException;

  /** Writes a script beside the working directory: whole, or not at all. */
  void write(JobPlace place, String name, String text) throws RemoteFailure, InterruptedException;

  /** Begins {@code compile.sh} of the place, unless it was begun before; its end is a mark. */
  void compile(JobPlace place, int limitSeconds) throws RemoteFailure, InterruptedException;

  /** The exit code in the mark {@code compiled}; empty before the end. */
  Optional<Integer> compiled(JobPlace place) throws RemoteFailure, InterruptedException;

  /** Submits {@code job.sh} of the place, unless that was done before: one job, however often. */
  SubmitAnswer submit(JobPlace place) throws RemoteFailure, InterruptedException;

  /**
   * Looks for the job of a place in the queue and in the accounting.
   *
   * @param since a moment before the submission
   */
  Optional<JobReport> find(JobPlace place, Instant since)
      throws RemoteFailure, InterruptedException;

  /** Lets {@link #submit} try again after a submission that for sure made no job. */
  void unlock(JobPlace place) throws RemoteFailure, InterruptedException;

  /** Makes sure that nobody submits this place any more; false when somebody has or is about to. */
  boolean lock(JobPlace place) throws RemoteFailure, InterruptedException;

  /**
   * What the accounting says of these jobs, in one call for each few thousand.
   *
   * @param since a moment before the oldest submission
   */
  List<JobRow> accounting(Collection<String> jobIds, Instant since)
      throws RemoteFailure, InterruptedException;

  /** Our own jobs in the queue, with their reasons for waiting; one call. */
  List<JobRow> queue() throws RemoteFailure, InterruptedException;

  /** Cancels a job; done when it is not there any more either. */
  void cancel(String jobId) throws RemoteFailure, InterruptedException;

  /** All marks, by token. Costs Slurm nothing. */
  Map<String, Marks> marks() throws RemoteFailure, InterruptedException;

  /** The plain files in a working directory, links left out, at most {@code limit}. */
  List<RemoteFile> list(JobPlace place, int limit) throws RemoteFailure, InterruptedException;

  /** Copies a file, or its end: the last {@code most} bytes. Returns the bytes copied. */
  long fetch(JobPlace place, RemoteFile file, long most, OutputStream to)
      throws RemoteFailure, InterruptedException;

  /** One file of the working directory; empty when it is not there. */
  Optional<RemoteFile> stat(JobPlace place, String path) throws RemoteFailure, InterruptedException;

  /** The log of the compilation, its last {@code most} bytes; empty when there is none. */
  String compileLog(JobPlace place, int most) throws RemoteFailure, InterruptedException;

  /** Removes all attempts of the job and its marks. */
  void remove(JobPlace place) throws RemoteFailure, InterruptedException;

  @Override
  void close();
}
