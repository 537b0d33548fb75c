package minik8s.kubelet.metrics;

import java.util.ArrayList;
import java.util.List;

/** What went through one network interface. Immutable. */
record NetworkUse(
    String name,
    long receivedBytes,
    long receivedPackets,
    long receiveErrors,
    long receiveDropped,
    long sentBytes,
    long sentPackets,
    long sendErrors,
    long sendDropped) {
  private static final int COLUMNS = 17;

  /**
   * Reads {@code /proc/PID/net/dev}, without loopback and the host's ends of containers' cables.
   */
  static List<NetworkUse> parse(String text) {
    List<NetworkUse> found = new ArrayList<>();
    for (String line : text.split("\n")) {
      List<String> words = Texts.words(line.replace(":", ": "));
      if (words.size() < COLUMNS || !words.getFirst().endsWith(":")) {
        continue;
      }
      String name = words.getFirst().substring(0, words.getFirst().length() - 1);
      if (!ignored(name)) {
        found.add(
            new NetworkUse(
                name,
                Texts.number(words.get(1)),
                Texts.number(words.get(2)),
                Texts.number(words.get(3)),
                Texts.number(words.get(4)),
                Texts.number(words.get(9)),
                Texts.number(words.get(10)),
                Texts.number(words.get(11)),
                Texts.number(words.get(12))));
      }
    }
    return found;
  }

  /** Source: cAdvisor's {@code isIgnoredDevice}. */
  private static boolean ignored(String name) {
    return name.equals("lo") || name.startsWith("veth") || name.startsWith("docker");
  }
}
