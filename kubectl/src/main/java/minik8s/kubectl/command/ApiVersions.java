package minik8s.kubectl.command;

/** {@code kubectl api-versions}: groups and versions of the server. */
final class ApiVersions implements Verb {
  @Override
  public void flags(Flags flags) {}

  @Override
  public Help help() {
    return new Help(
        "Print the supported API versions on the server, in the form of \"group/version\".",
        "kubectl api-versions",
        "api-versions");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    for (String version : session.discovery().versions()) {
      session.print(version);
    }
    return 0;
  }
}
