package minik8s.apiserver.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A cursor over protobuf wire format. Confined to a call. */
final class Wire {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private final byte[] data;
  private final int end;
  private int at;
  private int tag;

  Wire(byte[] data, int from, int to) {
    this.data = data;
    this.at = from;
    this.end = to;
  }

  /** Moves to the next field; false at the end. */
  boolean next() {
    if (at >= end) {
      return false;
    }
    tag = (int) varint();
    return true;
  }

  int number() {
    return tag >>> 3;
  }

  int type() {
    return tag & 7;
  }

  boolean atEnd() {
    return at >= end;
  }

  /**
   * A variable-length integer.
   *
   * @throws IllegalArgumentException when the data is cut short
   */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= end) {
        throw truncated();
      }
      byte b = data[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw truncated();
  }

  long fixed64() {
    need(8);
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (data[at + i] & 0xff);
    }
    at += 8;
    return value;
  }

  /** A cursor over the length-delimited field here. */
  Wire message() {
    int length = length();
    Wire inner = new Wire(data, at, at + length);
    at += length;
    return inner;
  }

  String string() {
    int length = length();
    String text = new String(data, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  byte[] bytes() {
    int length = length();
    byte[] copy = Arrays.copyOfRange(data, at, at + length);
    at += length;
    return copy;
  }

  void skip() {
    switch (type()) {
      case VARINT -> varint();
      case FIXED64 -> fixed64();
      case BYTES -> message();
      case FIXED32 -> {
        need(4);
        at += 4;
      }
      default -> throw new IllegalArgumentException("proto: illegal wireType " + type());
    }
  }

  private int length() {
    if (type() != BYTES) {
      throw new IllegalArgumentException(
          "proto: wrong wireType = " + type() + " for field " + number());
    }
    long length = varint();
    if (length < 0 || length > end - at) {
      throw truncated();
    }
    return (int) length;
  }

  private void need(int count) {
    if (count > end - at) {
      throw truncated();
    }
  }

  private static IllegalArgumentException truncated() {
    return new IllegalArgumentException("unexpected EOF");
  }
}
