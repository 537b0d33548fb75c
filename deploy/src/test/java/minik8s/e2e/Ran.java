package minik8s.e2e;

import java.util.List;

/** One finished run of a program: how it was called, its exit code, what it wrote. Immutable. */
record Ran(List<String> command, int exit, String out, String err) {

  /** Returns this run if it succeeded; otherwise fails with all that the program said. */
  Ran ok() {
    return exits(0);
  }

  /** Returns this run if it ended with the given code; otherwise fails with all that it said. */
  Ran exits(int expected) {
    if (exit != expected) {
      throw new AssertionError("exit code " + exit + " where " + expected + " was due\n" + this);
    }
    return this;
  }

  /** Both streams, for messages that may stand on either. */
  String all() {
    return out + err;
  }

  @Override
  public String toString() {
    return "$ " + String.join(" ", command) + "\n[exit " + exit + "]\n" + out + err;
  }
}
