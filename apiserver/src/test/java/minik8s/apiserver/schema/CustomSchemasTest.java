package minik8s.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class CustomSchemasTest {
  private static final Gvk CRONTAB = new Gvk("stable.example.com", "v1", "CronTab");
  private static final String SCHEMA =
      """
      type: object
      properties:
        spec:
          type: object
          required: [cronSpec]
          properties:
            cronSpec: {type: string, pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$'}
            image: {type: string, minLength: 2, maxLength: 8, default: busybox}
            replicas: {type: integer, minimum: 1, maximum: 10, default: 1}
            ratio: {type: number, exclusiveMinimum: true, minimum: 0, multipleOf: 0.5}
            mode: {type: string, enum: [Fast, Slow]}
            port: {x-kubernetes-int-or-string: true}
            since: {type: string, format: date-time, nullable: true}
            tags: {type: array, maxItems: 2, minItems: 1, x-kubernetes-list-type: set, items: {type: string}}
            ports:
              type: array
              x-kubernetes-list-type: map
              x-kubernetes-list-map-keys: [name]
              items:
                type: object
                required: [name]
                properties:
                  name: {type: string}
                  protocol: {type: string, default: TCP}
            labels: {type: object, additionalProperties: {type: string}}
            free: {type: object, x-kubernetes-preserve-unknown-fields: true}
            template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
            choice:
              type: object
              properties: {a: {type: string}, b: {type: string}}
              oneOf: [{required: [a]}, {required: [b]}]
            some:
              type: integer
              anyOf: [{minimum: 10}, {maximum: 2}]
              not: {enum: [11]}
      """;
  private static final Schemas SCHEMAS = schemas();
  private static final Decoder DECODER = new Decoder(SCHEMAS);

  private static Schemas schemas() {
    Schemas schemas = new Schemas();
    schemas.putCustom(CRONTAB, (ObjectNode) Yaml.documents(SCHEMA).getFirst(), false);
    return schemas;
  }

  private static Decoded decode(String spec) {
    return DECODER.decode(
        ("{\"metadata\":{\"name\":\"x\"},\"spec\":" + spec + "}")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        "application/json",
        CRONTAB,
        FieldValidation.WARN);
  }

  private static List<String> problems(String fields) {
    ObjectNode document = decode("{\"cronSpec\":\"* * * * *\"," + fields + "}").document();
    return CustomSchemas.validate(SCHEMAS.find(CRONTAB).orElseThrow(), document).stream()
        .map(cause -> cause.field() + ": " + cause.message())
        .toList();
  }

  @Test
  void acceptsWhatTheSchemaAllows() {
    assertThat(
            problems(
                "\"replicas\":3,\"ratio\":1.5,\"mode\":\"Fast\",\"port\":\"http\",\"since\":null,"
                    + "\"tags\":[\"a\",\"b\"],\"ports\":[{\"name\":\"a\"}],\"labels\":{\"x\":\"y\"},"
                    + "\"free\":{\"any\":{\"thing\":1}},\"choice\":{\"a\":\"1\"},\"some\":12"))
        .isEmpty();
  }

  @Test
  void wordsProblemsAsKubernetesDoes() {
    assertThat(problems("\"replicas\":\"string\""))
        .containsExactly(
            "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type"
                + " integer: \"string\"");
    assertThat(problems("\"replicas\":0,\"image\":\"x\",\"mode\":\"Odd\""))
        .containsExactlyInAnyOrder(
            "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or"
                + " equal to 1",
            "spec.image: Invalid value: \"x\": spec.image in body should be at least 2 chars long",
            "spec.mode: Unsupported value: \"Odd\": supported values: \"Fast\", \"Slow\"");
    assertThat(problems("\"ratio\":0"))
        .containsExactly(
            "spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0");
    assertThat(problems("\"ratio\":0.7"))
        .containsExactly(
            "spec.ratio: Invalid value: 0.7: spec.ratio in body should be a multiple of 0.5");
    assertThat(problems("\"image\":\"much too long\""))
        .containsExactly("spec.image: Too long: may not be more than 8 bytes");
    assertThat(problems("\"cronSpec\":\"nope\""))
        .containsExactly(
            "spec.cronSpec: Invalid value: \"nope\": spec.cronSpec in body should match"
                + " '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$'");
    assertThat(problems("\"port\":true"))
        .containsExactly(
            "spec.port: Invalid value: \"boolean\": spec.port in body must be of type"
                + " integer,string: \"boolean\"");
    assertThat(problems("\"since\":\"yesterday\""))
        .containsExactly(
            "spec.since: Invalid value: \"yesterday\": spec.since in body must be of type"
                + " date-time: \"yesterday\"");
    assertThat(problems("\"tags\":[\"a\",\"b\",\"a\"]"))
        .containsExactly(
            "spec.tags: Too many: 3: must have at most 2 items",
            "spec.tags[2]: Duplicate value: \"a\"");
    assertThat(problems("\"tags\":[]"))
        .containsExactly(
            "spec.tags: Invalid value: []: spec.tags in body should have at least 1 items");
    assertThat(problems("\"ports\":[{\"name\":\"a\"},{\"name\":\"a\"},{}]"))
        .containsExactly(
            "spec.ports[2].name: Required value",
            "spec.ports[1]: Duplicate value: {\"name\":\"a\"}");
    assertThat(problems("\"choice\":{\"a\":\"1\",\"b\":\"2\"}"))
        .containsExactly(
            "spec.choice: Invalid value: \"\": \"spec.choice\" must validate one and only one"
                + " schema (oneOf). Found 2 valid alternatives");
    assertThat(problems("\"some\":5"))
        .contains(
            "spec.some: Invalid value: \"\": \"spec.some\" must validate at least one schema"
                + " (anyOf)");
    assertThat(problems("\"some\":11"))
        .containsExactly(
            "spec.some: Invalid value: \"\": \"spec.some\" must not validate the schema (not)");
    assertThat(problems("\"labels\":{\"x\":1}"))
        .containsExactly(
            "spec.labels.x: Invalid value: \"integer\": spec.labels.x in body must be of type"
                + " string: \"integer\"");
  }

  @Test
  void missingRequiredFieldIsNamed() {
    ObjectNode document = decode("{}").document();
    assertThat(CustomSchemas.validate(SCHEMAS.find(CRONTAB).orElseThrow(), document))
        .extracting(cause -> cause.field() + ": " + cause.message())
        .containsExactly("spec.cronSpec: Required value");
  }

  @Test
  void prunesDefaultsAndWarns() {
    Decoded decoded =
        decode(
            "{\"cronSpec\":\"* * * * *\",\"foo\":1,\"ports\":[{\"name\":\"a\",\"bar\":2}],"
                + "\"mode\":null,\"since\":null,\"free\":{\"x\":1},"
                + "\"template\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{},\"z\":1}}");
    assertThat(decoded.warnings())
        .containsExactly("unknown field \"spec.foo\"", "unknown field \"spec.ports[0].bar\"");
    assertThat(decoded.document().get("spec"))
        .isEqualTo(
            Json.parse(
                "{\"cronSpec\":\"* * * * *\",\"ports\":[{\"name\":\"a\",\"protocol\":\"TCP\"}],"
                    + "\"since\":null,\"free\":{\"x\":1},"
                    + "\"template\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{},\"z\":1},"
                    + "\"image\":\"busybox\",\"replicas\":1}"));
  }

  @Test
  void additionalPropertiesMayBeAnything() {
    Schemas schemas = new Schemas();
    Gvk gvk = new Gvk("e.com", "v1", "Foo");
    schemas.putCustom(
        gvk,
        (ObjectNode)
            Json.parse(
                "{\"type\":\"object\",\"properties\":{\"m\":{\"type\":\"object\","
                    + "\"additionalProperties\":true}}}"),
        false);
    String body = "{\"m\":{\"a\":{\"b\":1},\"c\":[{\"d\":2}]}}";
    assertThat(
            new Decoder(schemas)
                .decode(
                    body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    null,
                    gvk,
                    FieldValidation.STRICT)
                .document()
                .get("m")
                .toString())
        .isEqualTo("{\"a\":{\"b\":1},\"c\":[{\"d\":2}]}");
  }

  @Test
  void readsPatternsWrittenForGo() {
    assertThat(JsonSchema.compile("^(?P<x>[[:alpha:]_]+)[[:digit:]]$"))
        .isNotNull()
        .matches(pattern -> pattern.matcher("ab_1").find())
        .matches(pattern -> !pattern.matcher("a1b").find());
    assertThat(JsonSchema.compile("(")).isNull();
  }

  @Test
  void definitionMustBeStructural() {
    ObjectNode definition =
        (ObjectNode)
            Yaml.documents(
                    """
                    spec:
                      preserveUnknownFields: true
                      versions:
                      - name: v1
                        schema:
                          openAPIV3Schema:
                            properties:
                              spec: {properties: {a: {type: strin}, b: {type: array}}}
                              c: {type: integer, default: x, pattern: '('}
                              d:
                                type: object
                                properties: {x: {type: string}}
                                additionalProperties: {type: string}
                              e: {type: string, anyOf: [{type: string}]}
                      - name: v2
                    """)
                .getFirst();
    String path = "spec.versions[0].schema.openAPIV3Schema";
    assertThat(CustomSchemas.checkDefinition(definition))
        .extracting(cause -> cause.field() + ": " + cause.message())
        .containsExactlyInAnyOrder(
            "spec.preserveUnknownFields: Invalid value: true: must be false in order to use"
                + " defaults in the schema",
            path + ".type: Required value: must not be empty at the root",
            path
                + ".properties[spec].type: Required value: must not be empty for specified object"
                + " fields",
            path
                + ".properties[spec].properties[a].type: Unsupported value: \"strin\": supported"
                + " values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"",
            path + ".properties[spec].properties[b].items: Required value: must be specified",
            path
                + ".properties[c].default: Invalid value: \"string\": default in body must be of"
                + " type integer: \"string\"",
            path
                + ".properties[c].pattern: Invalid value: \"(\": must be a valid regular"
                + " expression, but isn't",
            path
                + ".properties[d].additionalProperties: Forbidden: additionalProperties and"
                + " properties are mutual exclusive",
            path + ".properties[e].anyOf[0].type: Forbidden: must be empty to be structural",
            "spec.versions[1].schema.openAPIV3Schema: Required value: schemas are required");
  }

  @Test
  void celRulesAreAnsweredWithWarning() {
    ObjectNode definition =
        (ObjectNode)
            Yaml.documents(
                    """
                    spec:
                      versions:
                      - schema:
                          openAPIV3Schema:
                            type: object
                            properties:
                              spec: {type: object, x-kubernetes-validations: [{rule: self.a < 3}]}
                    """)
                .getFirst();
    assertThat(CustomSchemas.checkDefinition(definition)).isEmpty();
    assertThat(CustomSchemas.warnings(definition))
        .containsExactly(
            "spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations:"
                + " CEL rules are stored but not enforced by this API server");
  }
}
