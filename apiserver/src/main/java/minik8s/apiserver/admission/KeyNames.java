package minik8s.apiserver.admission;

import java.util.ArrayList;
import java.util.List;

/** The syntaxes of environment variables and of keys in config maps. Stateless. */
final class KeyNames {
  private static final String ENV =
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-',"
          + " or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or"
          + " 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
  private static final String KEY =
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
          + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
          + " '[-._a-zA-Z0-9]+')";
  private static final int KEY_LENGTH = 253;

  private KeyNames() {}

  static List<String> environment(String name) {
    List<String> problems = new ArrayList<>(0);
    if (!isKey(name) || (name.charAt(0) >= '0' && name.charAt(0) <= '9')) {
      problems.add(ENV);
    }
    problems.addAll(dots(name));
    return problems;
  }

  static List<String> config(String name) {
    List<String> problems = new ArrayList<>(0);
    if (name.length() > KEY_LENGTH) {
      problems.add("must be no more than " + KEY_LENGTH + " bytes");
    }
    if (!isKey(name)) {
      problems.add(KEY);
    }
    problems.addAll(dots(name));
    return problems;
  }

  private static List<String> dots(String name) {
    if (name.equals(".")) {
      return List.of("must not be '.'");
    }
    if (name.equals("..")) {
      return List.of("must not be '..'");
    }
    return name.startsWith("..") ? List.of("must not start with '..'") : List.of();
  }

  private static boolean isKey(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean ok =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.';
      if (!ok) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
