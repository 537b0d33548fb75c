package minik8s.gpu;

/**
 * Where one attempt of one job lives on the cluster, and what it is called there. Immutable. Every
 * part is checked, so that a path built here can be put between single quotes.
 *
 * @param base absolute directory of all jobs
 * @param name of the job; {@code uid} makes it unlike every other, for all time
 * @param attempt from 1
 */
public record JobPlace(String base, String namespace, String name, String uid, int attempt) {
  /**
   * @throws IllegalArgumentException when a part has characters that are not allowed
   */
  public JobPlace {
    Allowed.DIRECTORY.of(base);
    Allowed.NAME.of(namespace);
    Allowed.NAME.of(name);
    Allowed.NAME.of(uid);
  }

  /** The place of a job's attempt below {@code base}. */
  public static JobPlace of(String base, GpuJob job, int attempt) {
    String uid = job.uid().isEmpty() ? "not-created-yet" : job.uid();
    String namespace = job.metadata().namespace();
    return new JobPlace(
        base, namespace.isEmpty() ? "default" : namespace, job.metadata().name(), uid, attempt);
  }

  /** Marks this attempt among all attempts of all jobs. */
  public String token() {
    return uid + "-" + attempt;
  }

  /** The job's name in Slurm: readable at the front, unique by the token at the end. */
  public String slurmName() {
    return name + "-" + token();
  }

  /** The comment that an administrator sees in {@code squeue -o %k}. */
  public String comment() {
    return "minik8s:" + namespace + "/" + name + ":" + uid + ":" + attempt;
  }

  /** All attempts of the job. */
  public String jobDirectory() {
    return base + "/" + namespace + "/" + name + "." + uid;
  }

  /** This attempt: scripts, locks, the working directory. */
  public String directory() {
    return jobDirectory() + "/" + attempt;
  }

  /** The working directory with the user's files. */
  public String work() {
    return directory() + "/work";
  }

  /** Where scripts leave marks, one directory for all jobs, so that one listing shows them all. */
  public String marks() {
    return marks(base);
  }

  /** The directory of marks below a base directory. */
  public static String marks(String base) {
    return base + "/.marks";
  }
}
