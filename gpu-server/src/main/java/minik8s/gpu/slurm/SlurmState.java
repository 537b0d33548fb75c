package minik8s.gpu.slurm;

/**
 * The states of {@code sacct} and {@code squeue}. Source: the STATE CODES of both manuals. An
 * unknown word counts as waiting, so that a newer Slurm never ends a job by mistake.
 */
public enum SlurmState {
  PENDING(Kind.WAITING),
  CONFIGURING(Kind.WAITING),
  REQUEUED(Kind.WAITING),
  REQUEUE_FED(Kind.WAITING),
  REQUEUE_HOLD(Kind.WAITING),
  RESV_DEL_HOLD(Kind.WAITING),
  SPECIAL_EXIT(Kind.WAITING),
  RUNNING(Kind.RUNNING),
  COMPLETING(Kind.RUNNING),
  RESIZING(Kind.RUNNING),
  SIGNALING(Kind.RUNNING),
  STAGE_OUT(Kind.RUNNING),
  STOPPED(Kind.SUSPENDED),
  SUSPENDED(Kind.SUSPENDED),
  COMPLETED(Kind.ENDED),
  FAILED(Kind.ENDED),
  CANCELLED(Kind.ENDED),
  TIMEOUT(Kind.ENDED),
  OUT_OF_MEMORY(Kind.ENDED),
  NODE_FAIL(Kind.ENDED),
  PREEMPTED(Kind.ENDED),
  BOOT_FAIL(Kind.ENDED),
  DEADLINE(Kind.ENDED),
  REVOKED(Kind.ENDED),
  UNKNOWN(Kind.WAITING);

  /** What a state means to somebody who waits for the job. */
  public enum Kind {
    WAITING,
    RUNNING,
    SUSPENDED,
    ENDED
  }

  private final Kind kind;

  SlurmState(Kind kind) {
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  public boolean ended() {
    return kind == Kind.ENDED;
  }

  /** Reads {@code CANCELLED by 1001} as well as {@code CANCELLED}. */
  public static SlurmState of(String text) {
    int blank = text.indexOf(' ');
    String word = blank < 0 ? text : text.substring(0, blank);
    for (SlurmState state : values()) {
      if (state.name().equals(word)) {
        return state;
      }
    }
    return UNKNOWN;
  }
}
