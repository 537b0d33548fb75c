package minik8s.api.quota;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import minik8s.api.Quantity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Named amounts of resources and their arithmetic. Stateless; maps are never changed in place. Sums
 * come out in canonical form, as {@code resource.Quantity} writes them.
 */
public final class Amounts {
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};

  private Amounts() {}

  /** The amounts of a JSON object; what is no quantity counts as absent. */
  public static Map<String, Quantity> read(JsonNode amounts) {
    Map<String, Quantity> read = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : amounts.properties()) {
      Quantity quantity = Quantity.of(each.getValue().asString(""));
      try {
        var _ = quantity.amount();
        read.put(each.getKey(), quantity);
      } catch (IllegalArgumentException e) {
        // Refused by validation; nothing can be counted with it.
      }
    }
    return read;
  }

  /** Writes amounts into a JSON object. */
  public static void write(Map<String, Quantity> amounts, ObjectNode target) {
    amounts.forEach((name, quantity) -> target.put(name, quantity.text()));
  }

  /** One amount and another. */
  public static Quantity plus(Quantity a, Quantity b) {
    return of(a.amount().add(b.amount()), binary(a) || binary(b));
  }

  /** One amount without another, never below zero. */
  public static Quantity minus(Quantity a, Quantity b) {
    return of(a.amount().subtract(b.amount()).max(BigDecimal.ZERO), binary(a) || binary(b));
  }

  /** The larger of two amounts. */
  public static Quantity max(Quantity a, Quantity b) {
    return a.compareAmount(b) >= 0 ? a : b;
  }

  /** The sums of two maps, of every name in either. */
  public static Map<String, Quantity> plus(Map<String, Quantity> a, Map<String, Quantity> b) {
    Map<String, Quantity> sum = new TreeMap<>(a);
    b.forEach((name, amount) -> sum.merge(name, amount, Amounts::plus));
    return sum;
  }

  /** The larger of the amounts of each name in either map. */
  public static Map<String, Quantity> max(Map<String, Quantity> a, Map<String, Quantity> b) {
    Map<String, Quantity> most = new TreeMap<>(a);
    b.forEach((name, amount) -> most.merge(name, amount, Amounts::max));
    return most;
  }

  /** By how much {@code more} is more than {@code less}; names with no difference are left out. */
  public static Map<String, Quantity> excess(
      Map<String, Quantity> more, Map<String, Quantity> less) {
    Map<String, Quantity> excess = new TreeMap<>();
    more.forEach((name, amount) -> {
      Quantity difference = minus(amount, less.getOrDefault(name, Quantity.ZERO));
      if (difference.amount().signum() > 0) {
        excess.put(name, difference);
      }
    });
    return excess;
  }

  /** {@code cpu=1,memory=1Gi}, as refusals name amounts. */
  public static String text(Map<String, Quantity> amounts) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(amounts)
        .forEach((name, amount) ->
            text.append(text.isEmpty() ? "" : ",").append(name).append('=').append(amount.text()));
    return text.toString();
  }

  private static boolean binary(Quantity quantity) {
    return quantity.text().endsWith("i");
  }

  /** The canonical text of an amount: the largest suffix that leaves a whole number. */
  static Quantity of(BigDecimal amount, boolean binary) {
    BigDecimal plain = amount.stripTrailingZeros();
    if (plain.signum() == 0) {
      return Quantity.ZERO;
    }
    boolean whole = plain.scale() <= 0;
    if (binary && whole && plain.abs().compareTo(BigDecimal.valueOf(1024)) >= 0) {
      BigInteger units = plain.toBigIntegerExact();
      int power = 0;
      while (power < BINARY.length - 1 && units.getLowestSetBit() >= 10) {
        units = units.shiftRight(10);
        power++;
      }
      return new Quantity(units + BINARY[power]);
    }
    BigDecimal fine =
        (plain.scale() > 9 ? plain.setScale(9, RoundingMode.UP) : plain).stripTrailingZeros();
    int power = Math.clamp(Math.floorDiv(-fine.scale(), 3), -3, 6);
    BigInteger units = fine.scaleByPowerOfTen(-3 * power).toBigIntegerExact();
    return new Quantity(units + DECIMAL[power + 3]);
  }
}
