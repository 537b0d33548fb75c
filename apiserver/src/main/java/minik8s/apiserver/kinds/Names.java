package minik8s.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;

/**
 * The syntaxes of names, label keys and label values; each check gives the sentences that
 * Kubernetes gives, none when the text is fine. Stateless.
 *
 * <p>Source: apimachinery's {@code util/validation}. Checks are hand-written scans, not regular
 * expressions: they run on every write.
 */
public final class Names {
  public static final int LABEL_LENGTH = 63;
  public static final int SUBDOMAIN_LENGTH = 253;

  private static final String SUBDOMAIN =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
          + " regex used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
  private static final String LABEL =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
          + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
          + " regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  private static final String LABEL_1035 =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
          + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
          + " 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
  private static final String QUALIFIED =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
          + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  private static final String VALUE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is"
          + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

  private Names() {}

  /** An RFC 1123 subdomain of at most 253 bytes: the names of most objects. */
  public static List<String> subdomain(String text) {
    List<String> problems = tooLong(text, SUBDOMAIN_LENGTH);
    if (!isSubdomain(text)) {
      problems = and(problems, SUBDOMAIN);
    }
    return problems;
  }

  /** Anything that can stand between two slashes of a path: the names of roles. */
  public static List<String> pathSegment(String text) {
    if (text.equals(".") || text.equals("..")) {
      return List.of("may not be '" + text + "'");
    }
    List<String> problems = List.of();
    for (String forbidden : List.of("/", "%")) {
      if (text.contains(forbidden)) {
        problems = and(problems, "may not contain '" + forbidden + "'");
      }
    }
    return problems;
  }

  /** An RFC 1123 label of at most 63 bytes: namespaces, containers, volumes. */
  public static List<String> label(String text) {
    List<String> problems = tooLong(text, LABEL_LENGTH);
    if (!isLabel(text, 0, text.length())) {
      problems = and(problems, LABEL);
    }
    return problems;
  }

  /** A label that starts with a letter: services. */
  public static List<String> label1035(String text) {
    List<String> problems = tooLong(text, LABEL_LENGTH);
    if (!isLabel(text, 0, text.length()) || !isLower(text.charAt(0))) {
      problems = and(problems, LABEL_1035);
    }
    return problems;
  }

  /** A label key: an optional DNS prefix, a slash and a name. */
  public static List<String> qualifiedName(String text) {
    int slash = text.indexOf('/');
    String name = slash < 0 ? text : text.substring(slash + 1);
    List<String> problems = List.of();
    if (slash >= 0) {
      if (name.indexOf('/') >= 0) {
        return List.of(
            "a qualified name "
                + QUALIFIED
                + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
      }
      String prefix = text.substring(0, slash);
      if (prefix.isEmpty()) {
        problems = and(problems, "prefix part must be non-empty");
      } else {
        for (String problem : subdomain(prefix)) {
          problems = and(problems, "prefix part " + problem);
        }
      }
    }
    if (name.isEmpty()) {
      problems = and(problems, "name part must be non-empty");
    } else if (name.length() > LABEL_LENGTH) {
      problems = and(problems, "name part must be no more than 63 bytes");
    }
    if (!isQualifiedPart(name)) {
      problems = and(problems, "name part " + QUALIFIED);
    }
    return problems;
  }

  /** A label value, possibly empty. */
  public static List<String> labelValue(String text) {
    List<String> problems = tooLong(text, LABEL_LENGTH);
    if (!text.isEmpty() && !isQualifiedPart(text)) {
      problems = and(problems, VALUE);
    }
    return problems;
  }

  private static List<String> tooLong(String text, int limit) {
    return text.length() > limit ? List.of("must be no more than " + limit + " bytes") : List.of();
  }

  private static List<String> and(List<String> problems, String another) {
    List<String> all = new ArrayList<>(problems);
    all.add(another);
    return all;
  }

  /** Whether a text is an RFC 1123 subdomain, whatever its length. */
  public static boolean isSubdomain(String text) {
    int start = 0;
    while (true) {
      int dot = text.indexOf('.', start);
      if (!isLabel(text, start, dot < 0 ? text.length() : dot)) {
        return false;
      }
      if (dot < 0) {
        return true;
      }
      start = dot + 1;
    }
  }

  private static boolean isLabel(String text, int from, int to) {
    if (from >= to || !isLowerOrDigit(text.charAt(from)) || !isLowerOrDigit(text.charAt(to - 1))) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!isLowerOrDigit(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isQualifiedPart(String text) {
    int n = text.length();
    if (n == 0 || !isAlphanumeric(text.charAt(0)) || !isAlphanumeric(text.charAt(n - 1))) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isLowerOrDigit(char c) {
    return isLower(c) || (c >= '0' && c <= '9');
  }

  private static boolean isAlphanumeric(char c) {
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
  }
}
