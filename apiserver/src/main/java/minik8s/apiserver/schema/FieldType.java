package minik8s.apiserver.schema;

/**
 * The type of a field of a built-in kind. Immutable.
 *
 * @param shape one value, a list or a map from strings
 * @param scalar what the value, the elements or the map's values are
 * @param ref for {@link Scalar#OBJECT} the name of its type, such as {@code core.v1.Container};
 *     otherwise empty
 */
record FieldType(Shape shape, Scalar scalar, String ref) {

  enum Shape {
    ONE,
    LIST,
    MAP
  }

  /** Kinds of values, each with the Go type that messages name. */
  enum Scalar {
    STRING("string"),
    BOOL("bool"),
    INT32("int32"),
    INT64("int64"),
    DOUBLE("float64"),
    BYTES("[]uint8"),
    QUANTITY("resource.Quantity"),
    INTSTR("intstr.IntOrString"),
    TIME("v1.Time"),
    MICROTIME("v1.MicroTime"),
    DURATION("v1.Duration"),
    RAW("runtime.RawExtension"),
    JSON("v1.JSON"),
    STRINGS("[]string"),
    SCHEMAORBOOL("v1.JSONSchemaPropsOrBool"),
    SCHEMAORARRAY("v1.JSONSchemaPropsOrArray"),
    SCHEMAORSTRINGS("v1.JSONSchemaPropsOrStringArray"),
    OBJECT("");

    private final String go;

    Scalar(String go) {
      this.go = go;
    }
  }

  /**
   * Reads the table's notation: {@code string}, {@code []@core.v1.Container}, {@code map:bytes}.
   */
  static FieldType parse(String text) {
    Shape shape = Shape.ONE;
    String rest = text;
    if (text.startsWith("[]")) {
      shape = Shape.LIST;
      rest = text.substring(2);
    } else if (text.startsWith("map:")) {
      shape = Shape.MAP;
      rest = text.substring(4);
    }
    if (rest.startsWith("@")) {
      return new FieldType(shape, Scalar.OBJECT, rest.substring(1));
    }
    return new FieldType(shape, Scalar.valueOf(rest.toUpperCase(java.util.Locale.ROOT)), "");
  }

  /** The Go type of one element, for messages. */
  String goElement() {
    return scalar == Scalar.OBJECT ? ref.substring(ref.indexOf('.') + 1) : scalar.go;
  }

  /** The Go type of the whole, for messages: {@code []v1.Container}. */
  String go() {
    return switch (shape) {
      case ONE -> goElement();
      case LIST -> "[]" + goElement();
      case MAP -> scalar == Scalar.QUANTITY ? "v1.ResourceList" : "map[string]" + goElement();
    };
  }
}
