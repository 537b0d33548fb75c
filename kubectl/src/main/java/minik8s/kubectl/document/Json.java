package minik8s.kubectl.document;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON text as plain Java values: maps keep their order, numbers are {@link Long}, {@link
 * BigInteger} or {@link Double}, and null is {@link #NULL}. Stateless.
 */
public final class Json {
  /** The JSON null, so that collections never hold a Java null. */
  public static final Null NULL = Null.NULL;

  /** The type of {@link #NULL}. */
  public enum Null {
    /** JSON's null. */
    NULL;

    @Override
    public String toString() {
      return "null";
    }
  }

  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

  private Json() {}

  /** Reads one value from UTF-8 bytes; throws {@link DocumentException} when they are not JSON. */
  public static Object parse(byte[] text) {
    return parse(new ByteArrayInputStream(text));
  }

  /** Reads one value from text; throws {@link DocumentException} when it is not JSON. */
  public static Object parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads one value from a stream, which is left open. */
  public static Object parse(InputStream in) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), in)) {
      if (parser.nextToken() == null) {
        throw new DocumentException("unexpected end of JSON input", 1);
      }
      return value(parser);
    } catch (StreamReadException e) {
      throw complaint(e);
    }
  }

  private static DocumentException complaint(StreamReadException e) {
    String text = e.getOriginalMessage();
    int detail = text.indexOf(" (start marker");
    return new DocumentException(
        detail < 0 ? text : text.substring(0, detail), e.getLocation().getLineNr(), e);
  }

  /** A reader of whitespace-separated values, as in a watch; confined to one thread. */
  public static final class Stream implements AutoCloseable {
    private final InputStream in;
    private @Nullable JsonParser parser;

    /**
     * Reads from the stream, which is left open; nothing is read before the first value is asked.
     */
    public Stream(InputStream in) {
      this.in = in;
    }

    /** The next value, or Java's null at the end. */
    public @Nullable Object next() {
      try {
        JsonParser open = parser;
        if (open == null) {
          open = FACTORY.createParser(ObjectReadContext.empty(), in);
          parser = open;
        }
        return open.nextToken() == null ? null : value(open);
      } catch (StreamReadException e) {
        throw complaint(e);
      }
    }

    @Override
    public void close() {
      JsonParser open = parser;
      if (open != null) {
        open.close();
      }
    }
  }

  private static Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> integer(parser.getNumberValue());
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> NULL;
    };
  }

  private static Object integer(Number number) {
    return number instanceof BigInteger ? number : (Object) number.longValue();
  }

  private static Map<String, Object> object(JsonParser parser) {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }

  private static List<Object> array(JsonParser parser) {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  /** The value as one line with sorted keys, as Go marshals it. */
  public static String compact(Object value) {
    StringBuilder out = new StringBuilder(256);
    new JsonWriter(out, false, true).write(value);
    return out.toString();
  }

  /** The value as one line with keys in their own order. */
  public static String ordered(Object value) {
    StringBuilder out = new StringBuilder(256);
    new JsonWriter(out, false, false).write(value);
    return out.toString();
  }

  /** The value indented by four spaces with sorted keys, as {@code -o json} prints it. */
  public static String pretty(Object value) {
    StringBuilder out = new StringBuilder(1024);
    new JsonWriter(out, true, true).write(value);
    return out.toString();
  }

  /** A number as Go prints it: integers plain, floats in their shortest form. */
  public static String number(Number number) {
    if (!(number instanceof Double d)) {
      return number.toString();
    }
    double size = Math.abs(d);
    if (size != 0 && (size < 1e-6 || size >= 1e21)) {
      return exponent(d);
    }
    BigDecimal plain = BigDecimal.valueOf(d).stripTrailingZeros();
    return plain.signum() == 0 ? "0" : plain.toPlainString();
  }

  private static String exponent(double d) {
    String text = Double.toString(d);
    int e = text.indexOf('E');
    String mantissa = text.substring(0, e);
    if (mantissa.endsWith(".0")) {
      mantissa = mantissa.substring(0, mantissa.length() - 2);
    }
    String power = text.substring(e + 1);
    return power.startsWith("-")
        ? mantissa + "e-" + (power.length() == 2 ? "0" : "") + power.substring(1)
        : mantissa + "e+" + (power.length() == 1 ? "0" : "") + power;
  }
}
