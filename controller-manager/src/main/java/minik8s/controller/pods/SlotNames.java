package minik8s.controller.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Names pods by slot: the suffix follows from the set's uid and a slot number and looks like the
 * usual five random characters. Whoever asks twice on the same knowledge gets the same names, so a
 * lagging cache or a crash between create and answer can't make a pod twice. Pure.
 */
public final class SlotNames {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int LENGTH = 5;

  private SlotNames() {}

  public static String name(String setName, String setUid, int slot) {
    long hash = mix(fnv(setUid + "/" + slot));
    StringBuilder suffix = new StringBuilder(setName).append('-');
    for (int i = 0; i < LENGTH; i++) {
      suffix.append(ALPHABET.charAt((int) Long.remainderUnsigned(hash, ALPHABET.length())));
      hash = Long.divideUnsigned(hash, ALPHABET.length());
    }
    return suffix.toString();
  }

  /** The first {@code count} names that are not taken, in slot order and without repetition. */
  public static List<String> free(
      String setName, String setUid, int count, Predicate<String> taken) {
    List<String> names = new ArrayList<>(count);
    Set<String> chosen = new HashSet<>();
    for (int slot = 0; names.size() < count; slot++) {
      String name = name(setName, setUid, slot);
      if (!taken.test(name) && chosen.add(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static long fnv(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /** Spreads the last characters over all bits (MurmurHash3's finalizer). */
  private static long mix(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
