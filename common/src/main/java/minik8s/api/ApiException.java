package minik8s.api;

import minik8s.api.Failure.Reason;

/** A request that failed, with the reason that the API gives. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Failure failure;

  /** No stack trace is taken: a failure is an answer, not a fault of the code. */
  public ApiException(Failure failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  public boolean is(Reason reason) {
    return failure.reason() == reason;
  }

  public boolean notFound() {
    return is(Reason.NotFound);
  }

  public boolean alreadyExists() {
    return is(Reason.AlreadyExists);
  }

  public boolean conflict() {
    return is(Reason.Conflict);
  }

  /** Whether the revision asked for is no longer held, so that the caller must list again. */
  public boolean gone() {
    return is(Reason.Gone) || is(Reason.Expired);
  }
}
