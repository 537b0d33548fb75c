package minik8s.simulation;

/** Bugs that are put in on purpose, to see that the simulator finds them. */
enum Bug {
  NONE(""),
  /** A controller that counts what its cache shows and names pods at random. */
  TRUSTS_A_STALE_CACHE("14:"),
  /** A watch that overlooks deletions. */
  LOSES_DELETIONS("never comes to rest"),
  /** A kubelet that does not look at what runs when it starts, with names that tell nothing. */
  ACTS_TWICE_AFTER_A_CRASH("2:"),
  /** Controllers that take a failure for a success and forget what they wanted to do later. */
  FORGETS_TO_REQUEUE("never comes to rest"),
  /** A status that claims the newest generation, whichever was acted on. */
  CLAIMS_AN_UNSEEN_GENERATION("status of");

  private final String rule;

  Bug(String rule) {
    this.rule = rule;
  }

  /** How the report of this bug begins: the rule that it breaks. */
  String rule() {
    return rule;
  }
}
