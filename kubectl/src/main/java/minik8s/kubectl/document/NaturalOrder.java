package minik8s.kubectl.document;

import java.util.Comparator;

/**
 * The order of map keys in kubectl's YAML: runs of digits count as numbers, other signs come before
 * letters. Stateless.
 */
enum NaturalOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    for (int i = 0; i < a.length() && i < b.length(); i++) {
      if (a.charAt(i) != b.charAt(i)) {
        return differ(a, b, i);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int differ(String a, String b, int at) {
    char x = a.charAt(at);
    char y = b.charAt(at);
    boolean letterX = Character.isLetter(x);
    boolean letterY = Character.isLetter(y);
    if (letterX != letterY) {
      return letterY ? -1 : 1;
    }
    if (letterX) {
      return Character.compare(x, y);
    }
    long lead = (x == '0' || y == '0') && insideNumber(a, at) ? 1 : 0;
    int byNumber = Long.compare(number(a, at, lead), number(b, at, lead));
    if (byNumber != 0) {
      return byNumber;
    }
    int byLength = Integer.compare(run(a, at), run(b, at));
    return byLength != 0 ? byLength : Character.compare(x, y);
  }

  /** Whether a digit other than zero stands before in the same run. */
  private static boolean insideNumber(String text, int at) {
    for (int i = at - 1; i >= 0 && Character.isDigit(text.charAt(i)); i--) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  private static long number(String text, int from, long lead) {
    long value = lead;
    for (int i = from; i < run(text, from); i++) {
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }

  private static int run(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }
}
