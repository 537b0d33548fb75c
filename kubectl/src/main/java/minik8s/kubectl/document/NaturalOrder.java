package minik8s.kubectl.document;

import java.util.Comparator;

/** The order of map keys in kubectl's YAML: runs of digits count as numbers. Stateless. */
enum NaturalOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    boolean digits = false;
    for (int i = 0; i < a.length() && i < b.length(); i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return differ(a, b, i, digits);
      }
      digits = Character.isDigit(x);
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int differ(String a, String b, int at, boolean digits) {
    char x = a.charAt(at);
    char y = b.charAt(at);
    boolean letterX = Character.isLetter(x);
    boolean letterY = Character.isLetter(y);
    if (letterX && letterY) {
      return Character.compare(x, y);
    }
    if (letterX || letterY) {
      boolean less = digits ? letterX : letterY;
      return less ? -1 : 1;
    }
    int endX = run(a, at);
    int endY = run(b, at);
    if (endX > at && endY > at) {
      int byLength = Integer.compare(endX, endY);
      return byLength != 0 ? byLength : Character.compare(x, y);
    }
    return Character.compare(x, y);
  }

  private static int run(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }
}
