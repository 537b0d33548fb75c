package minik8s.apiserver.registry;

/** Makes names out of {@code generateName}. Stateless. */
final class Names {
  /** Without vowels and look-alikes. Source: apimachinery's {@code util/rand}. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX = 5;
  private static final int LONGEST = 63;

  private Names() {}

  /** The base, cut so that the name stays within 63 characters, and five more characters. */
  static String generate(String base, Identities identities) {
    StringBuilder name =
        new StringBuilder(base.substring(0, Math.min(base.length(), LONGEST - SUFFIX)));
    for (int i = 0; i < SUFFIX; i++) {
      name.append(ALPHABET.charAt(identities.number(ALPHABET.length())));
    }
    return name.toString();
  }
}
