package minik8s.e2e;

/** A namespace per test, made by a manifest so that every client can. */
final class Namespaces {
  private Namespaces() {}

  /** Creates it if absent, and returns the client with it as default. */
  static Client fresh(Client client, String name) {
    client
        .feed(
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n",
            "apply",
            "-f",
            "-")
        .ok();
    return client.in(name);
  }
}
