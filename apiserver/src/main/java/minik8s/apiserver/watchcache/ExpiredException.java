package minik8s.apiserver.watchcache;

/** The asked revision is older than what the history still holds. Immutable. */
public final class ExpiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kubernetes' own text; the reader must list again. */
  public ExpiredException(long revision, long oldest) {
    super("too old resource version: " + revision + " (" + oldest + ")", null, false, false);
  }
}
