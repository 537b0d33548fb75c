package minik8s.apiserver.authz;

/**
 * The answer of an authorizer. Immutable.
 *
 * @param reason why, for people; may be empty
 */
public record Decision(boolean allowed, String reason) {
  public static Decision allow(String reason) {
    return new Decision(true, reason);
  }

  /** Nothing speaks for it. */
  public static Decision noOpinion() {
    return new Decision(false, "");
  }
}
