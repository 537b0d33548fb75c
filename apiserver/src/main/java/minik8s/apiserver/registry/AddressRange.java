package minik8s.apiserver.registry;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses. Immutable.
 *
 * @param base the network address as a number
 * @param bits how many bits of an address are free
 */
public record AddressRange(long base, int bits) {
  private static final Pattern CIDR =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

  /**
   * Reads {@code 10.96.0.0/16}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static AddressRange parse(String cidr) {
    Matcher matcher = CIDR.matcher(cidr);
    if (!matcher.matches() || matcher.group(5) == null) {
      throw new IllegalArgumentException("not an IPv4 range such as 10.96.0.0/16: " + cidr);
    }
    int bits = 32 - Integer.parseInt(matcher.group(5));
    if (bits < 2 || bits > 24) {
      throw new IllegalArgumentException("range must have a prefix from /8 to /30: " + cidr);
    }
    return new AddressRange(number(matcher) >> bits << bits, bits);
  }

  private static long number(Matcher matcher) {
    long number = 0;
    for (int i = 1; i <= 4; i++) {
      number = number << 8 | Integer.parseInt(matcher.group(i));
    }
    return number;
  }

  /** Whether an address is one of the range that can be handed out. */
  public boolean contains(String address) {
    Matcher matcher = CIDR.matcher(address);
    if (!matcher.matches() || matcher.group(5) != null) {
      return false;
    }
    long offset = number(matcher) - base;
    return offset > 0 && offset < (1L << bits) - 1;
  }

  /** Any address but the first ones, which are kept for fixed services such as the API and DNS. */
  String random(RandomGenerator random) {
    long size = 1L << bits;
    long reserved = Math.min(16, size / 4);
    return address(random.nextLong(reserved + 1, size - 1));
  }

  /** The address at an offset; 1 is the API server's own service. */
  public String address(long offset) {
    long number = base + offset;
    return (number >> 24 & 255)
        + "."
        + (number >> 16 & 255)
        + "."
        + (number >> 8 & 255)
        + "."
        + (number & 255);
  }
}
