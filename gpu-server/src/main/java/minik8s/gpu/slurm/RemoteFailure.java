package minik8s.gpu.slurm;

/** Why something on the cluster could not be done. The message is for users and holds no secret. */
public final class RemoteFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** The closed set of causes, each with what it means for whoever asked. */
  public enum Kind {
    /** The Secret is missing or lacks what is needed; wait for it to change. */
    CREDENTIALS_MISSING("CredentialsMissing"),
    /** The host refused to let us in; not to be tried again with the same credentials. */
    LOGIN_REFUSED("LoginRefused"),
    /** The certificate is not valid now; not even tried. */
    CERTIFICATE_EXPIRED("CertificateExpired"),
    /** No key of the host is pinned. */
    HOST_KEY_UNKNOWN("HostKeyNotPinned"),
    /** The host shows another key than the pinned ones. */
    HOST_KEY_CHANGED("HostKeyChanged"),
    /** No connection, or it broke: whether the operation happened is not known. */
    UNREACHABLE("Unreachable"),
    /** It took too long; whether it happened is not known. */
    TIMED_OUT("TimedOut"),
    /** The cluster's file system has no room. */
    DISK_FULL("DiskFull"),
    /** The file is not there. */
    NO_SUCH_FILE("NoSuchFile"),
    /** Slurm itself could not be asked. */
    SLURM_UNAVAILABLE("SlurmUnavailable"),
    /** Accounting (slurmdbd) could not be asked. */
    ACCOUNTING_UNAVAILABLE("AccountingUnavailable"),
    /** The operation failed for another reason, given in the message. */
    FAILED("RemoteOperationFailed");

    private final String reason;

    Kind(String reason) {
      this.reason = reason;
    }

    /** The word for conditions and events. */
    public String reason() {
      return reason;
    }
  }

  private final Kind kind;

  public RemoteFailure(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The failure's message; never null. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  public boolean is(Kind other) {
    return kind == other;
  }
}
