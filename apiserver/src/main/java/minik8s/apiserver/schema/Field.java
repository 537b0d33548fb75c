package minik8s.apiserver.schema;

/**
 * One field of a built-in type. Immutable.
 *
 * @param number its protobuf field number
 * @param required whether OpenAPI calls it required
 * @param zeroAbsent whether a zero on the protobuf wire means that it is absent
 * @param emptyKept whether an empty string on the protobuf wire is a value of its own
 * @param merge how patches merge it
 */
record Field(
    String name,
    int number,
    FieldType type,
    boolean required,
    boolean zeroAbsent,
    boolean emptyKept,
    MergeRule merge) {}
