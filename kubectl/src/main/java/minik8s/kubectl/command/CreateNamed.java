package minik8s.kubectl.command;

/** {@code kubectl create namespace} and {@code serviceaccount}: objects that are a name. */
final class CreateNamed implements Verb {
  private final String kind;
  private final String word;

  CreateNamed(String kind, String word) {
    this.kind = kind;
    this.word = word;
  }

  @Override
  public void flags(Flags flags) {
    Generated.flags(flags);
  }

  @Override
  public Help help() {
    return new Help(
        "Create a " + word + " with the specified name.",
        "kubectl create " + word + " my-" + word,
        "create " + word + " NAME [--dry-run=server|client|none]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = Generated.name(arguments, "create " + word);
    return Generated.send(session, arguments, Generated.object(session, kind, name));
  }
}
