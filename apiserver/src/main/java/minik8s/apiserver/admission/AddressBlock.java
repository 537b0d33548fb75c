package minik8s.apiserver.admission;

/** A block of IPv4 addresses, such as {@code 10.96.0.0/16}. Immutable. */
record AddressBlock(String text, long base, int bits) {

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException with one clear sentence when the text is none
   */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    if (slash > 0 && Addresses.isVersion4(text.substring(0, slash))) {
      try {
        int bits = Integer.parseInt(text.substring(slash + 1));
        if (bits >= 0 && bits <= 32) {
          return new AddressBlock(text, number(text.substring(0, slash)), bits);
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("\"" + text + "\" is no IPv4 address block", e);
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is no IPv4 address block");
  }

  private static long number(String address) {
    long value = 0;
    for (String part : address.split("\\.")) {
      value = value << 8 | Integer.parseInt(part);
    }
    return value;
  }

  boolean contains(String address) {
    int shift = 32 - bits;
    return number(address) >> shift == base >> shift;
  }

  @Override
  public String toString() {
    return text;
  }
}
