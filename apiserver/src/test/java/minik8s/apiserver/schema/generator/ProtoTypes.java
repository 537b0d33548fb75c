package minik8s.apiserver.schema.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The message descriptors of Kubernetes' API, read from generated classes. Immutable. */
final class ProtoTypes {
  private static final String PACKAGE = "io.kubernetes.client.proto.";
  private static final List<String> FILES =
      List.of(
          "V1",
          "V1Apps",
          "V1Batch",
          "V1Networking",
          "V1Policy",
          "V1Rbac",
          "V1Autoscaling",
          "V2Autoscaling",
          "V1Authorization",
          "V1Authentication",
          "V1Scheduling",
          "V1Storage",
          "V1Coordination",
          "V1Discovery",
          "V1Events",
          "V1Apiextensions",
          "Meta",
          "Runtime",
          "IntStr",
          "Resource");

  /** Message fields that are embedded structs in Go: their fields belong to the parent object. */
  private static final Set<String> EMBEDDED =
      Set.of(
          "volumeSource",
          "persistentVolumeSource",
          "localObjectReference",
          "handler",
          "ingressRuleValue",
          "ephemeralContainerCommon");

  private final Map<String, Descriptor> byName = new HashMap<>();

  ProtoTypes() throws ReflectiveOperationException {
    for (String file : FILES) {
      FileDescriptor descriptor =
          (FileDescriptor) Class.forName(PACKAGE + file).getMethod("getDescriptor").invoke(null);
      for (Descriptor message : descriptor.getMessageTypes()) {
        byName.put(shortName(message), message);
      }
    }
  }

  /** The message of a short name such as {@code core.v1.Pod}. */
  Descriptor message(String shortName) {
    Descriptor found = byName.get(shortName);
    if (found == null) {
      throw new IllegalStateException("no message " + shortName);
    }
    return found;
  }

  /** Drops the package prefix: {@code core.v1.Pod}, {@code meta.v1.ObjectMeta}. */
  static String shortName(Descriptor message) {
    return message
        .getFullName()
        .replace("k8s.io.apiextensions_apiserver.pkg.apis.", "")
        .replace("k8s.io.apimachinery.pkg.apis.", "")
        .replace("k8s.io.apimachinery.pkg.", "")
        .replace("k8s.io.api.", "");
  }

  static boolean embedded(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && EMBEDDED.contains(field.getName());
  }

  /** The JSON name: the field's own, but for the few whose Go tag differs. */
  static String jsonName(FieldDescriptor field) {
    String name = field.getName();
    String message = field.getContainingType().getName();
    if (message.equals("JSONSchemaProps")) {
      return switch (name) {
        case "ref" -> "$ref";
        case "schema" -> "$schema";
        default ->
            name.startsWith("xKubernetes")
                ? "x-kubernetes"
                    + name.substring(11)
                        .replaceAll("([A-Z])", "-$1")
                        .toLowerCase(java.util.Locale.ROOT)
                : name;
      };
    }
    return switch (name) {
      case "aPIGroup" -> "apiGroup";
      case "uID" -> "uid";
      default -> name;
    };
  }

  /** The type in the table's notation, such as {@code []@core.v1.Container}. */
  static String type(FieldDescriptor field) {
    if (field.isMapField()) {
      return "map:" + single(field.getMessageType().findFieldByNumber(2));
    }
    return field.isRepeated() ? "[]" + single(field) : single(field);
  }

  private static String single(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING -> "string";
      case BOOL -> "bool";
      case INT32 -> "int32";
      case INT64 -> "int64";
      case DOUBLE -> "double";
      case BYTES -> "bytes";
      case MESSAGE -> special(shortName(field.getMessageType()));
      default -> throw new IllegalStateException(field.getFullName() + " " + field.getType());
    };
  }

  private static String special(String shortName) {
    return switch (shortName) {
      case "api.resource.Quantity" -> "quantity";
      case "util.intstr.IntOrString" -> "intstr";
      case "meta.v1.Time" -> "time";
      case "meta.v1.MicroTime" -> "microtime";
      case "meta.v1.Duration" -> "duration";
      case "meta.v1.FieldsV1", "runtime.RawExtension" -> "raw";
      case "apiextensions.v1.JSON" -> "json";
      case "apiextensions.v1.JSONSchemaPropsOrBool" -> "schemaOrBool";
      case "apiextensions.v1.JSONSchemaPropsOrArray" -> "schemaOrArray";
      case "apiextensions.v1.JSONSchemaPropsOrStringArray" -> "schemaOrStrings";
      case "authorization.v1.ExtraValue", "authentication.v1.ExtraValue", "meta.v1.Verbs" ->
          "strings";
      default -> "@" + shortName;
    };
  }
}
