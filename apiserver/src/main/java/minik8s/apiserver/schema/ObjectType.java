package minik8s.apiserver.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One built-in object type: its fields by name and by protobuf number. Immutable.
 *
 * <p>Fields that Go embeds are inlined by name; on the wire they are a message of their own.
 */
final class ObjectType {
  private final String name;
  private final String mapType;
  private final boolean typeMeta;
  private final List<Field> fields;
  private final Map<String, Field> byName;
  private final Map<Integer, Field> byNumber;
  private final Map<Integer, ObjectType> embedded;

  /**
   * @param fields the own fields and those of embedded types, in order
   * @param own the fields that have a number in this message
   */
  ObjectType(
      String name,
      String mapType,
      boolean typeMeta,
      List<Field> fields,
      List<Field> own,
      Map<Integer, ObjectType> embedded) {
    this.name = name;
    this.mapType = mapType;
    this.typeMeta = typeMeta;
    this.fields = List.copyOf(fields);
    Map<String, Field> names = HashMap.newHashMap(fields.size());
    fields.forEach(field -> names.put(field.name(), field));
    this.byName = names;
    Map<Integer, Field> numbers = HashMap.newHashMap(own.size());
    own.forEach(field -> numbers.put(field.number(), field));
    this.byNumber = numbers;
    this.embedded = Map.copyOf(embedded);
  }

  /** Such as {@code core.v1.PodSpec}. */
  String name() {
    return name;
  }

  /** The name as Go's messages have it: {@code PodSpec}. */
  String goName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** {@code atomic} where the whole object is one value for server-side apply; else empty. */
  String mapType() {
    return mapType;
  }

  /** Whether documents of it carry apiVersion and kind. */
  boolean typeMeta() {
    return typeMeta;
  }

  List<Field> fields() {
    return fields;
  }

  @Nullable Field field(String jsonName) {
    return byName.get(jsonName);
  }

  @Nullable Field field(int number) {
    return byNumber.get(number);
  }

  @Nullable ObjectType embedded(int number) {
    return embedded.get(number);
  }
}
